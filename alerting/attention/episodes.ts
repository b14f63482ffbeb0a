import type { ResponseView, StaleView } from '../../config/model/attention.ts';
import { STALE_AFTER_MS } from '../../config/model/attention.ts';
import { defined } from '../../config/model/defined.ts';
import { quantile, type Episode } from './proposals.ts';
import { isOwn, type JournalLine } from './raise.ts';

/** One time that an alert stood, and what people did about it. */
export interface Standing extends Episode {
  readonly point: JournalLine['point'];
  /** Whether people had to look at it. */
  readonly isOwn: boolean;
  /** Who said last that he sees to it, and what he left as a plan. */
  readonly owner?: string;
  readonly plan?: string;
  readonly acknowledgedAtMs?: number;
  /** When a person first did anything about it. */
  readonly actedAtMs?: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * The episodes that the lines of a history tell of, in order of their beginning. One that fired before the first line is
 * known by what became of it since.
 */
export function standingsOf(lines: readonly JournalLine[]): readonly Standing[] {
  const open = new Map<string, Mutable<Standing>>();
  const all: Mutable<Standing>[] = [];
  for (const line of lines) {
    const { fingerprint } = line.point;
    let standing = open.get(fingerprint);
    if (standing === undefined || line.transition === 'fired') {
      standing = { point: line.point, firedAtMs: line.firedAtMs, isOwn: isOwn(line) };
      all.push(standing);
      open.set(fingerprint, standing);
    }
    take(standing, line);
    if (line.transition === 'resolved') open.delete(fingerprint);
  }
  return all.sort((a, b) => a.firedAtMs - b.firedAtMs);
}

type Transition = JournalLine['transition'];

/** What an alert's history says that a person did, but for what he took back. */
const ACTS: ReadonlySet<Transition> = new Set(['claimed', 'released', 'offered', 'taken_over', 'noted']);
const TAKES: ReadonlySet<Transition> = new Set(['claimed', 'taken_over']);
const LETS_GO: ReadonlySet<Transition> = new Set(['released', 'claim_ended', 'taken_back']);
/** Where a person's words stand for what he means to do. */
const TELLS: ReadonlySet<Transition> = new Set(['claimed', 'noted']);

function take(standing: Mutable<Standing>, { atMs, transition, person, text }: JournalLine): void {
  if (ACTS.has(transition)) standing.actedAtMs ??= atMs;
  if (TAKES.has(transition)) {
    standing.acknowledgedAtMs ??= atMs;
    if (person !== undefined) standing.owner = person;
  }
  if (LETS_GO.has(transition)) delete standing.owner;
  if (transition === 'resolved') standing.endedAtMs = atMs;
  takeWords(standing, { transition, text });
}

function takeWords(
  standing: Mutable<Standing>,
  { transition, text }: Pick<JournalLine, 'transition'> & { readonly text: string | undefined },
): void {
  if (TELLS.has(transition) && text !== undefined) standing.plan = text;
  if (transition === 'note_taken_back' && standing.plan === text) delete standing.plan;
}

/** How long it took until `of`, among those that people had to look at. */
export function responseOf(
  standings: readonly Standing[],
  of: (standing: Standing) => number | undefined,
): ResponseView {
  const own = standings.filter((standing) => standing.isOwn);
  const times = own.flatMap((standing) => {
    const atMs = of(standing);
    return atMs === undefined ? [] : [atMs - standing.firedAtMs];
  });
  return defined({
    count: times.length,
    never: own.length - times.length,
    medianMs: quantile(times, 0.5),
    p90Ms: quantile(times, 0.9),
  });
}

/** Whether it was stale at some instant of a time. */
export function isStaleWithin(
  { firedAtMs, endedAtMs }: Episode,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): boolean {
  const staleMs = firedAtMs + STALE_AFTER_MS;
  return staleMs < toMs && (endedAtMs ?? Number.POSITIVE_INFINITY) > Math.max(fromMs, staleMs);
}

/** Those that stand and have done so for longer than a day, the oldest first. */
export function staleAt(standings: readonly Standing[], atMs: number): readonly StaleView[] {
  return standings
    .filter(({ firedAtMs, endedAtMs }) => endedAtMs === undefined && atMs - firedAtMs > STALE_AFTER_MS)
    .map(({ point, firedAtMs, owner, plan }) => defined({ ...point, firedAtMs, owner, plan }));
}
