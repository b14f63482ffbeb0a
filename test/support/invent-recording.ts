import { METRICS, type Unit } from '../../config/model/metrics.ts';
import type { Condition, LabelSource, Profile, ReadingRule } from '../../config/model/profile.ts';

/** What a device of our own invention tells, one value for each unit. */
const VALUES: Partial<Record<Unit, number>> = {
  celsius: 23.5,
  volts: 231,
  amperes: 4.2,
  watts: 950,
  volt_amperes: 1040,
  hertz: 50,
  ratio: 0.42,
  seconds: 1800,
  joules: 36_000_000,
  coulombs: 360_000,
  pascals: 101_300,
  rpm: 1450,
};

interface Invention {
  readonly objects: Map<string, string>;
  readonly profile: Profile;
}

/**
 * The recording of a device that a profile serves, with values of our own: a row for each rule that asks something of its row, two rows
 * for the others. A test of the profile's own grammar; it says nothing of real devices.
 */
export function inventRecording(profile: Profile): string {
  const invention: Invention = { objects: new Map(), profile };
  const { objects } = invention;
  const [match] = profile.match;
  const text = (oid: string, value: string): unknown => objects.set(oid, `4|${value}`);
  text('1.3.6.1.2.1.1.1.0', match?.descr === undefined ? 'An invented device' : textFor(match.descr));
  objects.set('1.3.6.1.2.1.1.2.0', `6|${match?.objectId ?? '1.3.6.1.4.1.99999'}`);
  objects.set('1.3.6.1.2.1.1.3.0', '67|8640000');
  text('1.3.6.1.2.1.1.5.0', `${profile.name}-1`);
  for (const [label, oids] of Object.entries(profile.info)) text(oids[0] ?? '', `Example ${label}`);
  profile.rules.forEach((rule, place) => {
    const isParticular = rule.conditions.length > 0;
    const rows = !rule.isColumn || isParticular ? [place] : [0, 1];
    rows.forEach((row) => inventRow(invention, rule, row));
  });
  for (const oid of profile.changesWith) objects.set(oid, '2|1');
  putTable(invention);
  const lines = [...objects].sort(([a], [b]) => compare(a, b)).map(([oid, value]) => `${oid}|${value}`);
  return `# Invented from the profile ${profile.name}: no real device.\n${lines.join('\n')}\n`;
}

/** The table by which the profile knows its devices, where no rule reads anything below it. */
function putTable({ objects, profile }: Invention): void {
  const has = profile.match.find((one) => one.has !== undefined)?.has;
  if (has !== undefined && ![...objects.keys()].some((oid) => oid.startsWith(`${has}.`)))
    objects.set(`${has}.1.0`, '2|1');
}

function compare(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  const at = left.findIndex((arc, place) => arc !== right[place]);
  return at === -1 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
}

/** The numbers of a row's index, as many as the rule looks at, with those that it asks for. */
function indexOf(rule: ReadingRule, row: number): readonly number[] {
  const asked = rule.conditions.flatMap(({ source, is }) =>
    partsOf(source).flatMap((part) =>
      part.kind === 'index' && is !== undefined ? [[part.arc ?? 1, is[0]] as const] : [],
    ),
  );
  const looked = rule.labels.flatMap(({ sources }) => sources.flatMap(partsOf)).flatMap(arcsIn);
  const size = Math.max(
    1,
    ...looked,
    ...asked.map(([arc]) => Math.abs(arc) + (arc < 0 ? Math.max(0, ...looked) : 0)),
  );
  const index = Array.from({ length: size }, (_, place) => (place === size - 1 ? row + 1 : 1));
  for (const [arc, is] of asked) index[arc > 0 ? arc - 1 : size + arc] = Number(is);
  const last = asked.some(([arc]) => arc === -1 || arc === size);
  if (last && size > 1 && row > 0) index[size - 2] = 1;
  return index;
}

function partsOf(source: LabelSource): readonly LabelSource[] {
  return source.kind === 'joined' ? source.parts.flatMap(partsOf) : [source];
}

function arcsIn(source: LabelSource): readonly number[] {
  if (source.kind === 'index') return [Math.abs(source.arc ?? 1)];
  return source.kind === 'object' && source.of !== undefined && 'arcs' in source.of
    ? source.of.arcs.map(Math.abs)
    : [];
}

type Put = (oid: string, value: string) => void;
type At = (oid: string) => string;

function inventRow({ objects }: Invention, rule: ReadingRule, row: number): void {
  const arcs = indexOf(rule, row);
  const index = rule.oid.includes('*') ? String(arcs.at(-1)) : arcs.join('.');
  const at: At = (oid) => {
    if (!rule.isColumn || (oid.endsWith('.0') && !oid.includes('*'))) return oid;
    return oid.includes('*') ? oid.replace('*', index) : `${oid}.${index}`;
  };
  const put: Put = (oid, value) => void (objects.has(oid) || objects.set(oid, value));
  for (const condition of rule.conditions)
    for (const { oid } of objectsIn(condition.source)) objects.set(at(oid), answerTo(condition));
  putScale(rule, at, put);
  put(at(rule.oid), toldBy(rule, row));
  for (const oid of [...rule.minus, ...(rule.over === undefined ? [] : [rule.over])]) put(at(oid), '2|100');
  for (const { sources } of rule.labels)
    for (const object of sources.flatMap(objectsIn)) putName(object, { arcs, at, put });
}

function objectsIn(source: LabelSource): readonly Extract<LabelSource, { kind: 'object' }>[] {
  return partsOf(source).flatMap((part) => (part.kind === 'object' ? [part] : []));
}

/** What stands beside a number and says how it is meant. */
function putScale({ decimals, powersOfTen, multiplyBy, onlyWhile }: ReadingRule, at: At, put: Put): void {
  if (decimals !== undefined) put(at(decimals), '2|1');
  if (powersOfTen !== undefined) put(at(powersOfTen.oid), `2|${keyOfPowerZero(powersOfTen.values)}`);
  if (multiplyBy !== undefined) put(at(multiplyBy), '2|1');
  if (onlyWhile !== undefined) put(at(onlyWhile.oid), `2|${onlyWhile.is[0] ?? 1}`);
}

function putName(
  { oid, of }: Extract<LabelSource, { kind: 'object' }>,
  { arcs, at, put }: { arcs: readonly number[]; at: At; put: Put },
): void {
  if (of === undefined) put(at(oid), `4|Name ${arcs.join('.')}`);
  else if ('arcs' in of) {
    const other = of.arcs.map((place) => arcs.at(place > 0 ? place - 1 : place) ?? 1).join('.');
    put(`${oid}.${other}`, `4|Name ${other}`);
  } else {
    put(at(of.toldBy), '2|1');
    put(`${oid}.1`, '4|Name 1');
  }
}

function answerTo({ is, not, matches }: Condition): string {
  if (matches !== undefined) return `4|${textFor(matches)}`;
  const wanted = is?.[0] ?? (not?.includes('7') === true ? '8' : '7');
  if (/^1\.3\.\d/.test(wanted)) return `6|${wanted}`;
  return /^-?\d+$/.test(wanted) && wanted.length < 10 ? `2|${wanted}` : `4|${wanted}`;
}

/** A text that an expression of the simple kind finds: its first alternative, without anchors. */
function textFor({ source }: RegExp): string {
  const first = source.replaceAll(/\(([^|()]*)[^()]*\)/g, '$1').split('|')[0] ?? '';
  return first
    .replaceAll(/[\^$\\]|\.\*|.\?/g, '')
    .replaceAll('[a-z]+', 'a')
    .replaceAll('[A-Z]+', 'A');
}

function keyOfPowerZero(values: ReadonlyMap<number, number>): number {
  return [...values].find(([, power]) => power === 0)?.[0] ?? [...values.keys()][0] ?? 0;
}

function toldBy(rule: ReadingRule, row: number): string {
  const named = rule.states ?? rule.map;
  if (named !== undefined) return wordOf([...named.keys()], rule.reader, row);
  const { unit, type } = METRICS[rule.metric];
  const value = (VALUES[unit] ?? 12) * (1 + (row % 7) / 50);
  const power = rule.decimals === undefined ? 0 : 1;
  const raw = Math.round((((value - rule.offset) * rule.divide) / rule.multiply) * 10 ** power);
  return `${type === 'counter' ? 65 : 2}|${Math.min(Math.max(raw, 1), 2_000_000_000)}`;
}

/** Row for row another of the numbers or texts that mean a state. */
function wordOf(keys: readonly number[], reader: ReadingRule['reader'], row: number): string {
  const key = keys[row % keys.length] ?? 0;
  const word = [...(reader?.words ?? [])].find(([, number]) => number === key)?.[0];
  return word === undefined ? `2|${key * 2 ** (reader?.bit ?? 0)}` : `4|${word}`;
}
