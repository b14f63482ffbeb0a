import { METRIC_NAME } from '../../../config/model/labels.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import type { Log } from '../../../config/runtime/log.ts';
import { extremesOf, type Extremes as Span } from '../../series/history/extremes.ts';
import type { JoinedSeries } from '../../series/history/joined.ts';
import { placeOf, WATCHED, type Extreme } from './extremes.ts';

/** The time of a sheet. */
export interface SheetTime {
  readonly fromMs: number;
  readonly atMs: number;
}

export interface SpansDeps {
  readonly series: Pick<JoinedSeries, 'lines'>;
  readonly clock: Clock;
  readonly log: Log;
  /** The running figures of the watch. */
  readonly running: () => readonly Extreme[];
}

/** Before the first watch there is no sheet to begin at. */
const LONGEST_MS = 7 * 86_400_000;
/** A sheet does not wait longer for history: two people stand there and want to sign. */
const LIMIT_MS = 3_000;

/** UPS and climate over the time of a sheet: from history, or the running figures where it does not tell in time. */
export function spansOfSheet({
  series,
  clock,
  log,
  running,
}: SpansDeps): (time: SheetTime) => Promise<readonly Extreme[]> {
  return async ({ fromMs, atMs }) => {
    const range = { fromMs: Math.max(fromMs, atMs - LONGEST_MS), toMs: atMs };
    const matchers = [{ name: METRIC_NAME, op: '=~', value: WATCHED.join('|') } as const];
    let cancel = (): void => undefined;
    const limit = new Promise<never>((_resolve, reject) => {
      cancel = clock.after(LIMIT_MS, () => reject(new Error('history took too long')));
    });
    try {
      return withSpans(running(), await Promise.race([extremesOf(series, matchers, range), limit]));
    } catch (err) {
      log.warn({ err }, 'the history of a watch could not be read: its sheet has the running figures');
      return running();
    } finally {
      cancel();
    }
  };
}

/**
 * The running figures with the spans that history has. What only history knows does not answer any more: it has no
 * `now`.
 */
export function withSpans(running: readonly Extreme[], found: readonly Span[]): readonly Extreme[] {
  const keyOf = ({ metric, device, part }: Pick<Extreme, 'metric' | 'device' | 'part'>): string =>
    `${metric}\n${device}\n${part}`;
  const spans = new Map<string, Extreme>();
  for (const { labels, min: lowest, max: highest } of found) {
    const place = placeOf(labels);
    if (place === undefined) continue;
    const known = spans.get(keyOf(place));
    spans.set(keyOf(place), {
      ...place,
      lowest: Math.min(lowest, known?.lowest ?? lowest),
      highest: Math.max(highest, known?.highest ?? highest),
    });
  }
  const goesOn = running.map((one) => {
    const span = spans.get(keyOf(one));
    spans.delete(keyOf(one));
    return span === undefined ? one : { ...one, lowest: span.lowest, highest: span.highest };
  });
  return [...goesOn, ...spans.values()];
}
