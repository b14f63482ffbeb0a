import { parseDurationMs } from './model/duration.ts';
import type { Hours } from './model/hours.ts';
import type { Matcher } from './model/series.ts';
import type { Severity } from './model/severity.ts';
import { parseMatchers, patternFault } from './runtime/matchers.ts';
import type { EscalationStep, InhibitSettings } from './notify.ts';
import type { EscalationFile, InhibitRuleFile, RouteFile } from './schema/notify.ts';
import type { Step } from './schema-faults.ts';

/** A node of the route tree, with what it takes from its parent filled in. */
export interface RouteSettings {
  readonly matchers: readonly Matcher[];
  readonly receiver: string;
  /** Labels whose values tell groups apart; `all`: each set of labels is a group of its own. */
  readonly groupBy: readonly string[] | 'all';
  /** How long a new group waits for others like its first alert. */
  readonly groupWaitMs: number;
  /** How far apart the later words on a group are at least. */
  readonly groupIntervalMs: number;
  /** After how long what was told and still is so is told again. */
  readonly repeatIntervalMs: number;
  /** Alerts of these severities make their group be told at once. */
  readonly urgent: readonly Severity[];
  /** Names of time intervals: silent within the first, and outside the second. */
  readonly muteHours: readonly string[];
  readonly activeHours: readonly string[];
  /** The siblings after it are asked too. */
  readonly continues: boolean;
  /** Name of the escalation that begins when nobody acknowledges. */
  readonly escalation: string | undefined;
  readonly routes: readonly RouteSettings[];
}

type FaultAt = (path: readonly Step[], message: string) => void;

export interface RouteContext {
  /** Of the receivers that there are. */
  readonly names: readonly string[];
  readonly hours: ReadonlyMap<string, readonly Hours[]>;
  readonly escalations: ReadonlyMap<string, unknown>;
  readonly fault: FaultAt;
}

/** Alertmanager's defaults, but for the grouping and what is urgent, which Alertmanager does not have. */
const ROOT: RouteSettings = {
  matchers: [],
  receiver: '',
  groupBy: [],
  groupWaitMs: 30_000,
  groupIntervalMs: 5 * 60_000,
  repeatIntervalMs: 4 * 3_600_000,
  urgent: [],
  muteHours: [],
  activeHours: [],
  continues: false,
  escalation: undefined,
  routes: [],
};

/**
 * Without a tree everybody is told of everything: alerts of one name in one room together, since one cause (the mains,
 * the cooling) shows as the same alert of several devices, and what is critical at once.
 */
function everybody(names: readonly string[]): RouteSettings {
  const common: RouteSettings = {
    ...ROOT,
    groupBy: ['alertname', 'room'],
    groupWaitMs: 10_000,
    groupIntervalMs: 60_000,
    urgent: ['critical'],
  };
  return {
    ...common,
    receiver: names[0] ?? '',
    routes: names.map((receiver) => ({ ...common, receiver, continues: true })),
  };
}

/** The whole tree of a file, or the one that holds where a file has none. */
export function routeOf(file: RouteFile | undefined, context: RouteContext): RouteSettings {
  if (file === undefined) return everybody(context.names);
  const { fault } = context;
  if (file.receiver === undefined)
    fault(['route'], 'needs a receiver: the one for what no other route takes');
  for (const field of [
    'matchers',
    'match',
    'match_re',
    'mute_time_intervals',
    'active_time_intervals',
  ] as const)
    if (file[field] !== undefined) fault(['route', field], 'the first route takes everything, at any time');
  return nodeOf(file, ['route'], ROOT, context);
}

function nodeOf(
  file: RouteFile,
  path: readonly Step[],
  parent: RouteSettings,
  context: RouteContext,
): RouteSettings {
  const { fault } = context;
  const durationMs = (
    field: 'group_wait' | 'group_interval' | 'repeat_interval',
    inherited: number,
  ): number => {
    const text = file[field];
    const ms = text === undefined ? inherited : (parseDurationMs(text) ?? inherited);
    if (ms === 0 && field !== 'group_wait') fault([...path, field], 'cannot be 0');
    return ms;
  };
  const node: RouteSettings = {
    matchers: matchersOf(file, path, fault, { list: 'matchers', equal: 'match', pattern: 'match_re' }),
    receiver: file.receiver ?? parent.receiver,
    groupBy:
      file.group_by === undefined ? parent.groupBy : groupByOf(file.group_by, [...path, 'group_by'], fault),
    groupWaitMs: durationMs('group_wait', parent.groupWaitMs),
    groupIntervalMs: durationMs('group_interval', parent.groupIntervalMs),
    repeatIntervalMs: durationMs('repeat_interval', parent.repeatIntervalMs),
    urgent: file.urgent ?? parent.urgent,
    muteHours: namedHours(file, path, 'mute_time_intervals', context),
    activeHours: namedHours(file, path, 'active_time_intervals', context),
    continues: file.continue ?? false,
    escalation: file.escalation ?? parent.escalation,
    routes: [],
  };
  nameFaults(file, path, context);
  const children = file.routes ?? [];
  return {
    ...node,
    routes: children.map((child, index) => nodeOf(child, [...path, 'routes', index], node, context)),
  };
}

function nameFaults(
  { receiver, escalation }: RouteFile,
  path: readonly Step[],
  { names, escalations, fault }: RouteContext,
): void {
  if (receiver !== undefined && !names.includes(receiver))
    fault([...path, 'receiver'], `there is no receiver ${receiver}`);
  if (escalation !== undefined && !escalations.has(escalation))
    fault([...path, 'escalation'], `there is no escalation ${escalation}`);
}

function groupByOf(
  names: readonly string[],
  path: readonly Step[],
  fault: FaultAt,
): RouteSettings['groupBy'] {
  if (new Set(names).size < names.length) fault(path, 'names a label twice');
  if (!names.includes('...')) return names;
  if (names.length > 1) fault(path, 'has ... for all labels: no other stands beside it');
  return 'all';
}

function namedHours(
  file: RouteFile,
  path: readonly Step[],
  field: 'mute_time_intervals' | 'active_time_intervals',
  { hours, fault }: RouteContext,
): readonly string[] {
  const names = file[field] ?? [];
  for (const [index, name] of names.entries())
    if (!hours.has(name)) fault([...path, field, index], `there are no time_intervals of the name ${name}`);
  return names;
}

/** The escalations of a file by their names. */
export function escalationsOf(
  files: readonly EscalationFile[],
  names: readonly string[],
  fault: FaultAt,
): ReadonlyMap<string, readonly EscalationStep[]> {
  const byName = new Map<string, readonly EscalationStep[]>();
  for (const [index, { name, steps }] of files.entries()) {
    const path = ['escalations', index];
    if (byName.has(name)) fault([...path, 'name'], `there are two escalations ${name}`);
    const read = steps.map(({ after, receiver }) => ({ afterMs: parseDurationMs(after) ?? 0, receiver }));
    for (const [place, { afterMs, receiver }] of read.entries()) {
      if (!names.includes(receiver))
        fault([...path, 'steps', place, 'receiver'], `there is no receiver ${receiver}`);
      if (afterMs < (read[place - 1]?.afterMs ?? 0))
        fault([...path, 'steps', place, 'after'], 'is earlier than the step before it');
    }
    byName.set(name, read);
  }
  return byName;
}

/** The rules of a file. One that says nothing inhibits nothing. */
export function inhibitRulesOf(
  rules: readonly InhibitRuleFile[],
  fault: FaultAt,
): readonly InhibitSettings[] {
  return rules.flatMap((rule, index) => {
    if (rule === null) return [];
    const path = ['inhibit_rules', index];
    const side = (name: 'source' | 'target') =>
      matchersOf(rule, path, fault, {
        list: `${name}_matchers`,
        equal: `${name}_match`,
        pattern: `${name}_match_re`,
      });
    return { source: side('source'), target: side('target'), equal: rule.equal ?? [] };
  });
}

type Fields<L extends string, E extends string, P extends string> = {
  readonly [K in L]?: readonly string[];
} & { readonly [K in E | P]?: Readonly<Record<string, string>> };

function matchersOf<L extends string, E extends string, P extends string>(
  file: Fields<L, E, P>,
  path: readonly Step[],
  fault: FaultAt,
  { list, equal, pattern }: { list: L; equal: E; pattern: P },
): readonly Matcher[] {
  const listed = ((file[list] ?? []) as readonly string[]).flatMap((text, index) => {
    const matchers = parseMatchers(text);
    if (typeof matchers !== 'string') return matchers;
    fault([...path, list, index], matchers);
    return [];
  });
  const of = (field: E | P, op: Matcher['op']): readonly Matcher[] =>
    Object.entries((file[field] ?? {}) as Readonly<Record<string, string>>).flatMap(([name, value]) => {
      const wrong = patternFault({ name, op, value });
      if (wrong === undefined) return [{ name, op, value }];
      fault([...path, field, name], wrong);
      return [];
    });
  return [...listed, ...of(equal, '='), ...of(pattern, '=~')];
}
