import type { Window } from './types.ts';

type Samples = Pick<Window, 'timesMs' | 'start' | 'end'>;

/** Of the series with this number, the index after its last sample up to and including the instant. */
export type Places = (number: number, samples: Samples, toMs: number) => number;

/** Runs go on in time, so each search begins where the one before has ended. */
export function createPlaces(series: readonly Samples[]): Places {
  const places = Uint32Array.from(series, ({ start }) => start);
  return (number, { timesMs, start, end }, toMs) => {
    let from = places[number] ?? start;
    if (from > start && (timesMs[from - 1] ?? 0) > toMs) from = start;
    // A query of one instant looks at the newest samples, mostly.
    const isAll = from === start && (timesMs[end - 1] ?? 0) <= toMs;
    const place = isAll ? end : indexAfter({ timesMs, start: from, end }, toMs);
    places[number] = place;
    return place;
  };
}

/** For a run of one instant, which remembers nothing. Mostly, what was read ends where it is looked at. */
export const placeOnce: Places = (_number, { timesMs, start, end }, toMs) =>
  (timesMs[end - 1] ?? 0) <= toMs ? end : indexAfter({ timesMs, start, end }, toMs);

/** In steps that grow, then by halves. */
function indexAfter({ timesMs, start, end }: Samples, toMs: number): number {
  let low = start;
  let width = 1;
  while (low + width <= end && (timesMs[low + width - 1] ?? 0) <= toMs) {
    low += width;
    width *= 2;
  }
  let high = Math.min(low + width - 1, end);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? 0) <= toMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
