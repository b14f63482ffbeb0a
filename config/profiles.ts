import { basename } from 'node:path';
import { defined } from './model/defined.ts';
import { metricOf, type MetricName } from './model/metrics.ts';
import { isOid, type Oid } from './model/oid.ts';
import { INFO_LABELS } from './model/profile.ts';
import type {
  Condition,
  LabelSource,
  Profile,
  ProfileMatch,
  ReadingRule,
  RuleLabel,
} from './model/profile.ts';
import { ProfileFile, type LabelSourceFile } from './schema/profile.ts';
import { readYamlFile, type Fault } from './yaml-file.ts';

/** Reads device profiles. One that has faults is left out and its faults are told; the others are usable. */
export function loadProfiles(files: readonly string[]): {
  readonly profiles: readonly Profile[];
  readonly faults: readonly Fault[];
} {
  const profiles: Profile[] = [];
  const faults: Fault[] = [];
  for (const file of files) {
    const read = readYamlFile(file, ProfileFile);
    const found: Fault[] = [...read.faults];
    if (read.value !== undefined) {
      const check: Check = {
        fault: (path, message) => found.push(read.faultAt(path, message)),
        oid: (text, path) => {
          if (!isOid(text)) found.push(read.faultAt(path, `${text} is no object identifier`));
          return text;
        },
      };
      const profile = profileOf(basename(file, '.yaml'), read.value, check);
      if (found.length === 0) profiles.push(profile);
    }
    faults.push(...found);
  }
  return { profiles, faults };
}

type Path = readonly (string | number)[];

/** Where the parts of a file tell what is wrong with them; reading goes on, to find every fault. */
interface Check {
  fault(path: Path, message: string): void;
  /** The text itself, told when it is no object identifier. */
  oid(text: string, path: Path): Oid;
}

function profileOf(name: string, file: ProfileFile, check: Check): Profile {
  const { title, match, info = {}, values = [], tables = [] } = file;
  const infoObjects = INFO_LABELS.flatMap((label) => {
    const texts = info[label];
    if (texts === undefined) return [];
    return [[label, [texts].flat().map((text) => check.oid(text, ['info', label]))] as const];
  });
  return {
    name,
    title,
    match: match.map((rule, index) => matchOf(rule, ['match', index], check)),
    info: Object.fromEntries(infoObjects),
    changesWith: (file.changes_with ?? []).map((text, index) => check.oid(text, ['changes_with', index])),
    rules: [
      ...values.map((value, index) => scalarRule(value, ['values', index], check)),
      ...tables.flatMap((table, index) => tableRules(table, ['tables', index], check)),
    ],
  };
}

function matchOf(rule: ProfileFile['match'][number], path: Path, check: Check): ProfileMatch {
  if (Object.keys(rule).length === 0) check.fault(path, 'names nothing and would match every device');
  return defined({
    objectId: rule.object_id && check.oid(rule.object_id, [...path, 'object_id']),
    descr: rule.descr === undefined ? undefined : expression(rule.descr, [...path, 'descr'], check),
    has: rule.has && check.oid(rule.has, [...path, 'has']),
  });
}

/** Devices write their texts in whatever case they like. */
function expression(source: string, path: Path, check: Check): RegExp | undefined {
  try {
    return new RegExp(source, 'iu');
  } catch {
    check.fault(path, `${source} is no regular expression`);
    return undefined;
  }
}

type ScalarFile = NonNullable<ProfileFile['values']>[number];
type TableFile = NonNullable<ProfileFile['tables']>[number];
type ColumnFile = TableFile['values'][number];

/** Turns what stands at a path into the object identifier that it means. */
type Locate = (place: string | number, path: Path) => Oid;

function scalarRule(file: ScalarFile, path: Path, check: Check): ReadingRule {
  const locate: Locate = (place, at) => check.oid(String(place), at);
  const labels = Object.entries(file.labels ?? {}).map(([name, text]) => ({
    name,
    sources: [{ kind: 'text' as const, text }],
  }));
  checkMeaning(file, Object.keys(file.labels ?? {}), path, check);
  return {
    ...readingRule(file, path, { locate, check }),
    oid: locate(file.oid, [...path, 'oid']),
    isColumn: false,
    labels,
  };
}

function tableRules(table: TableFile, path: Path, check: Check): readonly ReadingRule[] {
  const entry = check.oid(table.entry, [...path, 'entry']);
  const locate: Locate = (place, at) =>
    typeof place === 'number' ? `${entry}.${place}` : check.oid(place, at);
  const sourceOf = (source: LabelSourceFile, at: Path): LabelSource => {
    if (source === 'index') return { kind: 'index' };
    if (typeof source === 'object') return { kind: 'text', text: source.text };
    return { kind: 'object', oid: locate(source, at) };
  };
  const labels = Object.entries(table.labels ?? {}).map(([name, source]) => ({
    name,
    sources: [source].flat().map((one) => sourceOf(one, [...path, 'labels', name])),
  }));
  return table.values.map((value, index) => {
    const at = [...path, 'values', index];
    const known = metricOf(value.metric)?.labels ?? [];
    const texts = Object.entries(value.labels ?? {}).map(([name, text]) => ({
      name,
      sources: [{ kind: 'text' as const, text }],
    }));
    // A table names its rows once; a metric without labels takes none of it.
    const ofRow = labels.filter(({ name }) => known.includes(name) && value.labels?.[name] === undefined);
    const own = withPart([...ofRow, ...texts], value.part);
    checkMeaning(value, Object.keys(value.labels ?? {}), at, check);
    return {
      ...readingRule(value, at, { locate, check }),
      oid: locate(value.column, [...at, 'column']),
      isColumn: true,
      labels: own,
    };
  });
}

function withPart([first, ...others]: readonly RuleLabel[], part: string | undefined): readonly RuleLabel[] {
  if (first === undefined) return [];
  return [part === undefined ? first : { ...first, part }, ...others];
}

type Reading = Omit<ScalarFile, 'oid' | 'labels'> | Omit<ColumnFile, 'column' | 'labels' | 'part'>;

interface Reader {
  readonly locate: Locate;
  readonly check: Check;
}

function readingRule(
  file: Reading,
  path: Path,
  { locate, check }: Reader,
): Omit<ReadingRule, 'oid' | 'isColumn' | 'labels'> {
  return defined({
    metric: file.metric as MetricName,
    ...scaleOf(file, path, locate),
    conditions: (file.when ?? []).map((one, index) =>
      conditionOf(one, [...path, 'when', index], { locate, check }),
    ),
    minus: (file.minus ?? []).map((place, index) => locate(place, [...path, 'minus', index])),
    over: locateIf(file.over, [...path, 'over'], locate),
    invalid: file.invalid ?? [],
    map: file.map && byNumber(file.map),
    states: file.states && byNumber(file.states),
    onlyWhile: file.only_while && {
      oid: locate(file.only_while.column, [...path, 'only_while', 'column']),
      is: file.only_while.is,
    },
  });
}

type Scale = Pick<ReadingRule, 'multiply' | 'divide' | 'offset' | 'multiplyBy' | 'powersOfTen' | 'decimals'>;

function scaleOf(file: Reading, path: Path, locate: Locate): Scale {
  return defined({
    multiply: file.multiply ?? 1,
    divide: file.divide ?? 1,
    offset: file.offset ?? 0,
    multiplyBy: locateIf(file.multiply_by, [...path, 'multiply_by'], locate),
    powersOfTen: file.powers_of_ten && {
      oid: locate(file.powers_of_ten.column, [...path, 'powers_of_ten', 'column']),
      values: byNumber(file.powers_of_ten.values),
    },
    decimals: locateIf(file.decimals, [...path, 'decimals'], locate),
  });
}

function locateIf(place: string | number | undefined, path: Path, locate: Locate): Oid | undefined {
  return place === undefined ? undefined : locate(place, path);
}

function byNumber<V>(record: Readonly<Record<string, V>>): ReadonlyMap<number, V> {
  return new Map(Object.entries(record).map(([key, value]) => [Number(key), value]));
}

function conditionOf(
  file: NonNullable<Reading['when']>[number],
  path: Path,
  { locate, check }: Reader,
): Condition {
  if (file.is === undefined && file.matches === undefined) check.fault(path, 'needs is or matches');
  return defined({
    oid: locate(file.column, [...path, 'column']),
    is: file.is?.map(String),
    matches: file.matches === undefined ? undefined : expression(file.matches, [...path, 'matches'], check),
  });
}

/** Holds a rule against the catalogue: the metric, its labels, its states. */
function checkMeaning(file: Reading, labels: readonly string[], path: Path, check: Check): void {
  const metric = metricOf(file.metric);
  if (metric === undefined) {
    check.fault([...path, 'metric'], `${file.metric} is no metric of the catalogue`);
    return;
  }
  for (const label of labels.filter((name) => !metric.labels.includes(name)))
    check.fault([...path, 'labels', label], `${file.metric} has no label ${label}`);
  if ((metric.states === undefined) !== (file.states === undefined))
    check.fault(path, metric.states === undefined ? `${file.metric} has no states` : 'needs states');
  for (const [number, name] of Object.entries(file.states ?? {}))
    if (metric.states !== undefined && !Object.hasOwn(metric.states, name))
      check.fault([...path, 'states', number], `${file.metric} has no state ${name}`);
}
