import { METRIC_NAME } from '../../config/model/labels.ts';
import { remembered } from '../../config/model/remembered.ts';
import type { Matcher, NewestSamples, SeriesSlice, SeriesSource } from '../../config/model/series.ts';

/**
 * A source whose answers are kept for the next who asks the same, so that rules which select the same series share the
 * work. What is kept is true only while nobody else writes.
 */
export interface SharedSource extends SeriesSource {
  /** Forgets all answers: others may have written. */
  forget(): void;
  /** Forgets the answers that a sample of this metric may have changed. */
  wrote(metric: string): void;
}

export function createSharedSource(source: SeriesSource): SharedSource {
  const slices = createAnswers<readonly SeriesSlice[]>();
  const newest = createAnswers<NewestSamples>();
  const shared: SharedSource = {
    select(matchers, fromMs, toMs, detail) {
      const of = `${fromMs} ${toMs} ${detail?.tier} ${detail?.aspect} ${detail?.isNewest}`;
      return slices.answer(matchers, of, () => [...source.select(matchers, fromMs, toMs, detail)]);
    },
    forget() {
      slices.forget();
      newest.forget();
    },
    wrote(metric) {
      slices.wrote(metric);
      newest.wrote(metric);
    },
  };
  const read = source.newest?.bind(source);
  if (read === undefined) return shared;
  return {
    ...shared,
    newest: (matchers, afterMs, toMs) =>
      newest.answer(matchers, `${afterMs} ${toMs}`, () => read(matchers, afterMs, toMs)),
  };
}

/** More answers than the rules of a room ask for at one instant are forgotten, before they fill the memory. */
const MAX_KEPT = 5_000;

function createAnswers<Answer>() {
  /** By the metric that was asked for (`undefined` where it may be any), then by all that was asked. */
  const kept = new Map<string | undefined, Map<string, Answer>>();
  let count = 0;
  const forget = (): void => {
    kept.clear();
    count = 0;
  };
  return {
    /** What was answered to the same before; else what is read now. */
    answer(matchers: readonly Matcher[], of: string, read: () => Answer): Answer {
      const { metric, text } = askedBy(matchers);
      const key = `${of} ${text}`;
      const known = kept.get(metric)?.get(key);
      if (known !== undefined) return known;
      if (count >= MAX_KEPT) forget();
      const fresh = read();
      const answers = kept.get(metric) ?? new Map<string, Answer>();
      kept.set(metric, answers.set(key, fresh));
      count += 1;
      return fresh;
    },
    forget,
    wrote(metric: string): void {
      kept.delete(metric);
      kept.delete(undefined);
    },
  };
}

/** Selectors are written once and asked again and again. */
const askedBy = remembered((matchers: readonly Matcher[]) => ({
  metric: matchers.find(({ name, op }) => name === METRIC_NAME && op === '=')?.value,
  text: JSON.stringify(matchers.map(({ name, op, value }) => [name, op, value])),
}));
