import { defined } from '../../config/model/defined.ts';
import type { Lane } from '../../config/model/lane.ts';
import { labelsKey, type Labels } from '../../config/model/labels.ts';
import { METRICS, type MetricName } from '../../config/model/metrics.ts';
import type { Oid } from '../../config/model/oid.ts';
import { INFO_LABELS } from '../../config/model/profile.ts';
import type { LabelSource, Profile, ReadingRule, ValueReader } from '../../config/model/profile.ts';
import { readWith } from './reader.ts';
import { firstText, holds, isLeaf, leafIn, rowsOf, type Found, type Row } from './row.ts';
import { numberOf, textOf } from './value.ts';

export type { Found } from './row.ts';

/** A reading that a device has, with the leaves that it comes from. */
export interface FoundReading {
  readonly metric: MetricName;
  readonly labels: Labels;
  readonly leaf: Oid;
  readonly minus: readonly Oid[];
  readonly over?: Oid;
  readonly onlyWhile?: { readonly leaf: Oid; readonly is: readonly number[] };
  readonly multiply: number;
  readonly divide: number;
  readonly isDecibels?: true;
  readonly offset: number;
  readonly invalid: readonly number[];
  readonly reader?: ValueReader;
  readonly map?: ReadonlyMap<number, number>;
  readonly states?: ReadonlyMap<number, string>;
  /** Absent: that of the metric. */
  readonly lane?: Lane;
}

/** The leaves and the columns that must be looked at to know what of these profiles a device has. */
export function objectsOf(profiles: readonly Profile[]): {
  readonly leaves: readonly Oid[];
  readonly columns: readonly Oid[];
} {
  const leaves = new Set<Oid>();
  const columns = new Set<Oid>();
  for (const { info, changesWith, rules } of profiles) {
    for (const oid of [...Object.values(info).flat(), ...changesWith]) leaves.add(oid);
    for (const rule of rules) {
      for (const oid of oidsOf(rule)) (rule.isColumn && !isLeaf(oid) ? columns : leaves).add(oid);
    }
  }
  return { leaves: [...leaves], columns: [...columns] };
}

function oidsOf(rule: ReadingRule): readonly Oid[] {
  return [
    rule.oid,
    ...rule.minus,
    ...rule.conditions.flatMap(({ source }) => oidsOfSource(source)),
    ...rule.labels.flatMap(({ sources }) => sources.flatMap(oidsOfSource)),
    ...[rule.over, rule.multiplyBy, rule.decimals, rule.powersOfTen?.oid, rule.onlyWhile?.oid].filter(
      (oid) => oid !== undefined,
    ),
  ];
}

function oidsOfSource(source: LabelSource): readonly Oid[] {
  if (source.kind === 'joined') return source.parts.flatMap(oidsOfSource);
  if (source.kind !== 'object') return [];
  return source.of !== undefined && 'toldBy' in source.of ? [source.oid, source.of.toldBy] : [source.oid];
}

/** The labels of `device_info`: for each the first object of the first profile that tells something. */
export function infoOf(profiles: readonly Profile[], { leaves }: Found): Labels {
  const told = INFO_LABELS.map((label) => {
    const objects = profiles.flatMap(({ info }) => info[label] ?? []);
    return [label, objects.map((oid) => textOf(leaves.get(oid))).find((text) => text !== '')] as const;
  });
  return defined(Object.fromEntries(told)) as Labels;
}

/**
 * The readings that a device has: each rule on each row that it fits. What is read (object, `minus`, `over`) gives one reading, and a
 * series comes from one place; the first counts, but one that tells something comes before one that does not.
 */
export function readingsOf(profiles: readonly Profile[], found: Found): readonly FoundReading[] {
  const taken = new Set<string>();
  const bySeries = new Map<string, Candidate>();
  for (const rule of profiles.flatMap(({ rules }) => rules)) {
    for (const candidate of fittingReadings(rule, found)) {
      const { reading, tells } = candidate;
      const read = readKey(reading);
      const series = `${reading.metric} ${labelsKey(reading.labels)}`;
      const rival = bySeries.get(series);
      if (taken.has(read) || (rival !== undefined && (rival.tells || !tells))) continue;
      taken.add(read);
      bySeries.set(series, candidate);
    }
  }
  return [...bySeries.values()].map(({ reading }) => reading);
}

/** What is read: of one object two bits, or two parts of its text, are two things. */
function readKey({ leaf, minus, over, reader }: FoundReading): string {
  return [leaf, ...minus, over, reader?.bit, reader?.extract?.source].join(' ');
}

interface Candidate {
  readonly reading: FoundReading;
  /** Whether it tells something now. */
  readonly tells: boolean;
}

function fittingReadings(rule: ReadingRule, found: Found): readonly Candidate[] {
  const rows = rowsOf(rule.oid, rule.isColumn, found).filter((row) =>
    rule.conditions.every((condition) => holds(condition, row)),
  );
  const labels = distinctLabels(rule, rows);
  return rows.map((row, place) => ({
    reading: readingOf(rule, row, labels[place] ?? {}),
    tells: isTold(rule, row),
  }));
}

function isTold({ oid, reader, invalid }: ReadingRule, row: Row): boolean {
  const value = row.valueOf(oid);
  const number = reader === undefined ? numberOf(value) : readWith(reader, textOf(value));
  return !Number.isNaN(number) && !invalid.includes(number);
}

/** The labels of each row. Rows that call themselves the same are told apart by their index. */
function distinctLabels(rule: ReadingRule, rows: readonly Row[]): readonly Labels[] {
  const all = rows.map((row) => {
    const pairs = rule.labels.map(
      ({ name, sources, part = '' }) => [name, `${firstText(sources, row)} ${part}`.trim()] as const,
    );
    return Object.fromEntries(pairs.filter(([, text]) => text !== ''));
  });
  const counts = Map.groupBy(all, labelsKey);
  const name = rule.labels[0]?.name ?? METRICS[rule.metric].labels[0];
  return all.map((labels, place) => {
    const index = rows[place]?.index;
    if (name === undefined || index === undefined || counts.get(labelsKey(labels))?.length === 1)
      return labels;
    return { ...labels, [name]: `${labels[name] ?? ''} #${index}`.trim() };
  });
}

function readingOf(rule: ReadingRule, row: Row, labels: Labels): FoundReading {
  const leafOf = (oid: Oid): Oid => (row.index === undefined || isLeaf(oid) ? oid : leafIn(oid, row.index));
  const power = powerOf(rule, row);
  const factor = rule.multiplyBy === undefined ? 1 : numberOf(row.valueOf(rule.multiplyBy));
  return defined({
    metric: rule.metric,
    labels,
    leaf: leafOf(rule.oid),
    minus: rule.minus.map(leafOf),
    over: rule.over && leafOf(rule.over),
    onlyWhile: rule.onlyWhile && { leaf: leafOf(rule.onlyWhile.oid), is: rule.onlyWhile.is },
    // Powers of ten below one divide: a tenth has no exact double, ten has.
    multiply: rule.multiply * factor * 10 ** Math.max(power, 0),
    divide: rule.divide * 10 ** Math.max(-power, 0),
    isDecibels: rule.isDecibels,
    offset: rule.offset,
    invalid: rule.invalid,
    reader: rule.reader,
    map: rule.map,
    states: rule.states,
    lane: rule.lane,
  });
}

/** The power of ten that the device tells beside the number; NaN, so that there is no reading, where it tells none that is known. */
function powerOf({ powersOfTen, decimals }: ReadingRule, row: Row): number {
  const power =
    powersOfTen === undefined
      ? 0
      : (powersOfTen.values.get(numberOf(row.valueOf(powersOfTen.oid))) ?? Number.NaN);
  // RFC 3433: below zero it says how many digits are exact, which moves no point.
  const digits = decimals === undefined ? 0 : Math.max(0, numberOf(row.valueOf(decimals)));
  return power - digits;
}
