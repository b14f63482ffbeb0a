import { FLOOD_BEGINS_ABOVE, FLOOD_ENDS_BELOW, TEN_MINUTES_MS } from '../../config/model/attention.ts';

/** Whether more is raised than anybody can read. */
export type FloodState = { readonly kind: 'calm' } | { readonly kind: 'flood'; readonly sinceMs: number };

export const CALM: FloodState = { kind: 'calm' };

/**
 * The state at an instant. A flood counts from the first raise of the window that was too full; it ends when the last
 * ten minutes hold fewer than the standard says (ISA-18.2, alarm flood).
 * @param raisedAtMs in order of time
 * @param people on watch
 */
export function floodStep(
  state: FloodState,
  raisedAtMs: readonly number[],
  { atMs, people }: { readonly atMs: number; readonly people: number },
): FloodState {
  const window = raisedAtMs.filter((one) => one > atMs - TEN_MINUTES_MS && one <= atMs);
  const [first] = window;
  switch (state.kind) {
    case 'calm':
      return first !== undefined && window.length > FLOOD_BEGINS_ABOVE * people
        ? { kind: 'flood', sinceMs: first }
        : state;
    case 'flood':
      return window.length < FLOOD_ENDS_BELOW * people ? CALM : state;
    default:
      return state satisfies never;
  }
}

export interface Flood {
  readonly fromMs: number;
  /** Absent: it still goes on. */
  readonly toMs?: number;
  readonly raised: number;
}

/**
 * The floods of a time, by the raises alone: a state changes when something is raised or leaves the window.
 * @param raisedAtMs in order of time
 */
export function floodsOf(
  raisedAtMs: readonly number[],
  peopleAt: (atMs: number) => number,
  toMs: number,
): readonly Flood[] {
  const edges = [...new Set(raisedAtMs.flatMap((atMs) => [atMs, atMs + TEN_MINUTES_MS]))]
    .filter((atMs) => atMs <= toMs)
    .sort((a, b) => a - b);
  const floods: Flood[] = [];
  let state: FloodState = CALM;
  let from = 0;
  let until = 0;
  for (const atMs of edges) {
    while ((raisedAtMs[until] ?? Number.POSITIVE_INFINITY) <= atMs) until += 1;
    while (from < until && (raisedAtMs[from] ?? 0) <= atMs - TEN_MINUTES_MS) from += 1;
    const next = floodStep(state, raisedAtMs.slice(from, until), { atMs, people: peopleAt(atMs) });
    if (state.kind === 'flood' && next.kind === 'calm') floods.push(floodOf(state.sinceMs, atMs, raisedAtMs));
    state = next;
  }
  if (state.kind !== 'flood') return floods;
  const { toMs: _open, ...open } = floodOf(state.sinceMs, toMs, raisedAtMs);
  return [...floods, open];
}

function floodOf(fromMs: number, toMs: number, raisedAtMs: readonly number[]): Flood & { toMs: number } {
  const raised = raisedAtMs.filter((atMs) => atMs >= fromMs && atMs <= toMs).length;
  return { fromMs, toMs, raised };
}

/** When the flood may be over if nothing more is raised. */
export function floodEdgeMs(raisedAtMs: readonly number[], people: number): number | undefined {
  const last = raisedAtMs.at(-Math.max(1, FLOOD_ENDS_BELOW * people));
  return last === undefined ? undefined : last + TEN_MINUTES_MS;
}
