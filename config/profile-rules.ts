import { defined } from './model/defined.ts';
import { metricOf, type MetricName } from './model/metrics.ts';
import type { Oid } from './model/oid.ts';
import type { Condition, LabelSource, ReadingRule, RuleLabel, ValueReader } from './model/profile.ts';
import { TOLD_UNITS } from './model/told-units.ts';
import { expression, type Check, type Locate, type Path } from './profile-check.ts';
import { labelSourceOf } from './profile-labels.ts';
import { checkMeaning } from './profile-meaning.ts';
import type { ProfileFile } from './schema/profile.ts';

export type ScalarFile = NonNullable<ProfileFile['values']>[number];
export type TableFile = NonNullable<ProfileFile['tables']>[number];
type ColumnFile = TableFile['values'][number];
type LabelsFile = NonNullable<ColumnFile['labels']>;

/** What the rules of one file have in common. */
export interface Shared {
  readonly check: Check;
  /** Numbers that mean "not known" wherever a rule names none of its own. */
  readonly invalid: readonly number[];
}

export function scalarRule(file: ScalarFile, path: Path, { check, invalid }: Shared): ReadingRule {
  const locate: Locate = (place, at) => check.oid(String(place), at);
  // There are no columns here: a number is the text of itself.
  const texts = Object.entries(file.labels ?? {}).map(
    ([name, source]) =>
      [name, [source].flat().map((one) => (typeof one === 'number' ? String(one) : one))] as const,
  );
  checkMeaning(file, Object.keys(file.labels ?? {}), path, check);
  return {
    ...readingRule({ invalid: [...invalid], ...file }, path, { locate, check }),
    oid: locate(file.oid, [...path, 'oid']),
    isColumn: false,
    labels: ruleLabels(Object.fromEntries(texts), [...path, 'labels'], { locate, check }),
  };
}

export function tableRules(table: TableFile, path: Path, { check, invalid }: Shared): readonly ReadingRule[] {
  const entry = check.oid(table.entry, [...path, 'entry']);
  const locate: Locate = (place, at) =>
    // What is below an entry that is none has been told.
    typeof place === 'number'
      ? `${entry}.${place}`
      : check.oid(/^(\.|1\.3\.)/.test(place) ? place : `${entry}.${place}`, at);
  const labels = ruleLabels(table.labels ?? {}, [...path, 'labels'], { locate, check });
  const conditions = (table.when ?? []).map((one, index) =>
    conditionOf(one, [...path, 'when', index], { locate, check }),
  );
  return table.values.map((value, index) => {
    const at = [...path, 'values', index];
    const known = metricOf(value.metric)?.labels ?? [];
    const own = ruleLabels(value.labels ?? {}, [...at, 'labels'], { locate, check });
    // A table names its rows once; a metric without labels takes none of it.
    const ofRow = labels.filter(({ name }) => known.includes(name) && value.labels?.[name] === undefined);
    checkMeaning(value, Object.keys(value.labels ?? {}), at, check);
    const rule = readingRule({ invalid: [...(table.invalid ?? invalid)], ...value }, at, { locate, check });
    return {
      ...rule,
      conditions: [...conditions, ...rule.conditions],
      oid: locate(value.column, [...at, 'column']),
      isColumn: true,
      labels: withPart([...ofRow, ...own], value.part),
    };
  });
}

function ruleLabels(labels: LabelsFile, path: Path, reader: Reader): readonly RuleLabel[] {
  return Object.entries(labels).map(([name, source]) => ({
    name,
    sources: [source].flat().map((one) => labelSourceOf(one, [...path, name], reader)),
  }));
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
    reader: readerOf(file, path, check),
    map: file.map && byTold(file.map),
    states: file.states && byTold(file.states),
    onlyWhile: file.only_while && {
      oid: locate(file.only_while.column, [...path, 'only_while', 'column']),
      is: file.only_while.is,
    },
    lane: file.lane,
  });
}

type Scale = Pick<
  ReadingRule,
  'multiply' | 'divide' | 'isDecibels' | 'offset' | 'multiplyBy' | 'powersOfTen' | 'decimals'
>;

function scaleOf(file: Reading, path: Path, locate: Locate): Scale {
  const unit = TOLD_UNITS[file.unit ?? ''] ?? { multiply: 1, divide: 1, offset: 0 };
  return defined({
    multiply: (file.multiply ?? 1) * unit.multiply,
    divide: (file.divide ?? 1) * unit.divide,
    isDecibels: file.decibels,
    offset: (file.offset ?? 0) + unit.offset,
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

const NUMBER = /^-?\d+$/;
/** What stands for the first text that a device tells; far from the numbers that devices tell beside texts. */
const FIRST_WORD = 1_000_000;

/** The texts that a device tells → the numbers that stand for them. */
function wordsOf(record: Readonly<Record<string, unknown>>): ReadonlyMap<string, number> {
  const texts = Object.keys(record).filter((key) => !NUMBER.test(key));
  return new Map(texts.map((text, place) => [text.trim().toLowerCase(), FIRST_WORD + place]));
}

function byTold<V>(record: Readonly<Record<string, V>>): ReadonlyMap<number, V> {
  const words = wordsOf(record);
  const numberOf = (key: string): number => words.get(key.trim().toLowerCase()) ?? Number(key);
  return new Map(Object.entries(record).map(([key, value]) => [numberOf(key), value]));
}

/** `undefined` where the value is simply a number. */
function readerOf(file: Reading, path: Path, check: Check): ValueReader | undefined {
  const words = wordsOf(file.states ?? file.map ?? {});
  const reader: ValueReader = defined({
    extract: file.extract === undefined ? undefined : expression(file.extract, [...path, 'extract'], check),
    words: words.size === 0 ? undefined : words,
    bit: file.bit,
  });
  return Object.keys(reader).length === 0 ? undefined : reader;
}

/** A column, or a part of the index; a text asks nothing. */
function conditionSource(place: string | number, path: Path, reader: Reader): LabelSource {
  const source = labelSourceOf(place, path, reader);
  return source.kind === 'text' ? { kind: 'object', oid: reader.locate(place, path) } : source;
}

function conditionOf(
  file: NonNullable<Reading['when']>[number],
  path: Path,
  { locate, check }: Reader,
): Condition {
  if (file.is === undefined && file.not === undefined && file.matches === undefined)
    check.fault(path, 'needs is, not or matches');
  return defined({
    source: conditionSource(file.column, [...path, 'column'], { locate, check }),
    is: file.is?.map(String),
    not: file.not?.map(String),
    matches: file.matches === undefined ? undefined : expression(file.matches, [...path, 'matches'], check),
  });
}
