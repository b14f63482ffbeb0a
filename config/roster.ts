import { parseDurationMs } from './model/duration.ts';
import type { CollectorFile } from './schema/collector.ts';

/** How the watch is planned. */
export interface RosterSettings {
  /** The least time between two shifts of one person. */
  readonly minRestMs: number;
}

/** As 11 hours in a day of Directive 2003/88/EC, article 3; Chinese law names the hours of work, not those of rest. */
const USUAL_REST = '11h';

export function rosterSettings(file: CollectorFile['roster']): RosterSettings {
  return { minRestMs: parseDurationMs(file?.min_rest ?? USUAL_REST) ?? 0 };
}
