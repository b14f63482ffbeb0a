import { useSignal, type Signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { RosterPeopleBody } from '../../../config/model/roster-api.ts';
import { useApp, useText } from '../../app.ts';

/** A line for the account of somebody who can be planned; what is written there is searched for. */
export function PersonField({
  label,
  value,
  onEnter,
}: {
  readonly label: string;
  readonly value: Signal<string>;
  readonly onEnter?: () => void;
}) {
  const { api } = useApp();
  const { t } = useText();
  const id = useId();
  const found = useSignal<RosterPeopleBody['people']>([]);
  const search = async (text: string): Promise<void> => {
    const answer = await api.rosterPeople(text);
    // What was typed since is another question.
    if (answer.ok && value.peek() === text) found.value = answer.body.people;
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        list={`${id}-list`}
        value={value}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        onFocus={(event) => void search(event.currentTarget.value)}
        onInput={(event) => {
          value.value = event.currentTarget.value;
          void search(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || onEnter === undefined) return;
          event.preventDefault();
          onEnter();
        }}
      />
      <datalist id={`${id}-list`}>
        {found.value.map(({ name, displayName, department, verdict }) => (
          <option key={name} value={name}>
            {[displayName, department, verdict === 'qualified' ? '' : t(`roster.verdict.${verdict}`)]
              .filter((word) => word !== '')
              .join(' · ')}
          </option>
        ))}
      </datalist>
    </div>
  );
}
