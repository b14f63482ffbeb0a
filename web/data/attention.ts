import {
  isOfFlood,
  judgeLoad,
  LOAD_TARGETS,
  type AttentionView,
  type FloodView,
  type Judgement,
  type LoadSpan,
} from '../../config/model/attention.ts';
import type { AlertView } from '../../config/model/api.ts';
import { byNeed, groupUnderRoots, type ConsoleGroup } from './console.ts';

/** One figure of the meter: raises per person, and how that compares with what is aimed at. */
export interface MeterFigure {
  readonly span: LoadSpan;
  readonly rate: number;
  readonly judgement: Judgement;
}

export function meterFigures(view: AttentionView): readonly MeterFigure[] {
  return (Object.keys(LOAD_TARGETS) as LoadSpan[]).map((span) => {
    const rate = view[span] / Math.max(1, view.people);
    return { span, rate, judgement: judgeLoad(span, rate) };
  });
}

/** A figure as short as a meter wants it. */
export function rateText(rate: number): string {
  return rate >= 10 || Number.isInteger(rate) ? String(Math.round(rate)) : rate.toFixed(1);
}

/**
 * In a flood one alert stands for all that are of it; what endangers life stands for itself, as does what was there
 * before.
 */
export function foldFlood(
  groups: readonly ConsoleGroup[],
  flood: FloodView | undefined,
): readonly ConsoleGroup[] {
  const head = groups.find(({ root }) => root.fingerprint === flood?.root);
  if (flood === undefined || head === undefined) return groups;
  const isFolded = (group: ConsoleGroup): boolean => group !== head && isOfFlood(group.root, flood.sinceMs);
  const folded = groups.filter(isFolded).flatMap(({ root, behind }) => [root, ...behind]);
  if (folded.length === 0) return groups;
  const behind = [...head.behind, ...folded].sort(byNeed);
  return groups
    .filter((group) => !isFolded(group))
    .map((group) => (group === head ? { root: head.root, behind, isFlood: true } : group));
}

/** The alerts of which a wall shows a card each: in a flood only those that nothing else stands for. */
export function standingAlone(
  alerts: readonly AlertView[],
  flood: FloodView | undefined,
): readonly AlertView[] {
  return flood === undefined ? alerts : foldFlood(groupUnderRoots(alerts), flood).map(({ root }) => root);
}

/** The month before or after one that is written `YYYY-MM`. */
export function monthBeside(month: string, by: 1 | -1): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

/** A duration as rules write it. */
export function ruleDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1_000);
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60 === 0 ? '' : `${seconds % 60}s`;
  return minutes === 0 ? `${seconds}s` : `${minutes}m${rest}`;
}
