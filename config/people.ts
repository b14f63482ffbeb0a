import type { Role } from './model/account.ts';
import { defined } from './model/defined.ts';
import { parseDurationMs } from './model/duration.ts';
import { isDay } from './model/person.ts';
import type { CollectorFile } from './schema/collector.ts';
import type { Fault, YamlFile } from './yaml-file.ts';

/** How people sign in, and what they may hold. */
export interface PeopleSettings {
  /** In a small room one person may hold several of the administrators' posts. */
  readonly mayCombineAdministrators: boolean;
  /** Who must have a second factor. */
  readonly secondFactorFor: readonly Role[];
  /** After so long without a touch a person is logged off; a screen on the wall never is. */
  readonly idleLogOffMs: number;
  /** How long a printed slip with a first password is good. */
  readonly slipMs: number;
  /** Who leads the watch where nobody holds the post of the shift leader: names of accounts. */
  readonly heads: readonly string[];
  /** The day from which the roster refuses who lacks a qualification; until then it warns. */
  readonly qualificationsRequiredFrom?: string;
}

const SHORTEST_IDLE_MS = 60_000;

/** What `people:` of `collector.yaml` says. */
export function peopleSettings(file: CollectorFile['people'] = {}): PeopleSettings {
  return defined({
    mayCombineAdministrators: file.allow_combined_administrators ?? false,
    secondFactorFor: file.second_factor ?? [],
    idleLogOffMs: parseDurationMs(file.idle_log_off ?? '8h') ?? 0,
    slipMs: parseDurationMs(file.slip_validity ?? '72h') ?? 0,
    heads: file.heads ?? [],
    qualificationsRequiredFrom: file.qualifications_required_from,
  });
}

/** What the schema cannot see: days that the calendar does not have, and a log-off that lets nobody work. */
export function peopleFaults(file: YamlFile<CollectorFile>): readonly Fault[] {
  const { qualifications_required_from: day, idle_log_off: idle } = file.value?.people ?? {};
  const faults: Fault[] = [];
  if (day !== undefined && !isDay(day)) {
    const message = `${day} is no day (YYYY-MM-DD)`;
    faults.push(file.faultAt(['people', 'qualifications_required_from'], message));
  }
  if (idle !== undefined && (parseDurationMs(idle) ?? 0) < SHORTEST_IDLE_MS) {
    faults.push(file.faultAt(['people', 'idle_log_off'], `${idle} is too short; the shortest is 1m`));
  }
  return faults;
}
