import { METRIC_NAME } from '../../config/model/labels.ts';
import type { Matcher, SeriesSlice, SeriesSource } from '../../config/model/series.ts';

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

/** More answers than the rules of a room ask for at one instant are forgotten, before they fill the memory. */
const MAX_KEPT = 5_000;

export function createSharedSource(source: SeriesSource): SharedSource {
  /** By the metric that was asked for (`undefined` where it may be any), then by all that was asked. */
  const kept = new Map<string | undefined, Map<string, readonly SeriesSlice[]>>();
  let count = 0;
  /** Selectors are written once and asked again and again. */
  const asked = new WeakMap<
    readonly Matcher[],
    { readonly metric: string | undefined; readonly text: string }
  >();
  const askedBy = (matchers: readonly Matcher[]) => {
    const known = asked.get(matchers);
    if (known !== undefined) return known;
    const metric = matchers.find(({ name, op }) => name === METRIC_NAME && op === '=')?.value;
    const text = JSON.stringify(matchers.map(({ name, op, value }) => [name, op, value]));
    asked.set(matchers, { metric, text });
    return { metric, text };
  };
  const forget = (): void => {
    kept.clear();
    count = 0;
  };
  return {
    select(matchers, fromMs, toMs, detail) {
      const { metric, text } = askedBy(matchers);
      const key = `${fromMs} ${toMs} ${detail?.tier} ${detail?.aspect} ${detail?.isNewest} ${text}`;
      const known = kept.get(metric)?.get(key);
      if (known !== undefined) return known;
      if (count >= MAX_KEPT) forget();
      const slices = [...source.select(matchers, fromMs, toMs, detail)];
      const answers = kept.get(metric) ?? new Map<string, readonly SeriesSlice[]>();
      kept.set(metric, answers.set(key, slices));
      count += 1;
      return slices;
    },
    forget,
    wrote(metric) {
      kept.delete(metric);
      kept.delete(undefined);
    },
  };
}
