import type { ColleagueView } from '../../config/model/api.ts';
import { choicesOf } from '../data/colleagues.ts';

/** The colleagues in a list to choose one from; `but` is whoever asks. */
export function ColleagueOptions({
  people = [],
  but,
}: {
  readonly people: readonly ColleagueView[] | undefined;
  readonly but?: string;
}) {
  return (
    <>
      {choicesOf(people)
        .filter(({ value }) => value !== but)
        .map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
    </>
  );
}
