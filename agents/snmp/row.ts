import type { Oid } from '../../config/model/oid.ts';
import type { Condition, LabelSource } from '../../config/model/profile.ts';
import { isPresent, numberOf, textOf, type SnmpValue } from './value.ts';
import type { Column } from './walk.ts';

/** What a device was found to hold when it was explored. */
export interface Found {
  readonly leaves: ReadonlyMap<Oid, SnmpValue>;
  readonly columns: ReadonlyMap<Oid, Column>;
}

/** A row of a table, or the one place of a scalar (without index). */
export interface Row {
  readonly index: string | undefined;
  /** Of a column this row's value, else the leaf's. */
  valueOf(oid: Oid): SnmpValue | undefined;
  /** The value of a column in the row with another index. */
  valueAt(oid: Oid, index: string): SnmpValue | undefined;
}

/** Whether an object is a single one wherever it is named: no column ends in 0. */
export function isLeaf(oid: Oid): boolean {
  return oid.endsWith('.0') && !oid.includes('*');
}

/** The object of a column in a row; the row's index stands behind the column, or for its star. */
export function leafIn(column: Oid, index: string): Oid {
  return column.includes('*') ? column.replace('*', index) : `${column}.${index}`;
}

/** What must be walked to know a column: the column, or what is before its star. */
export function walkedFor(column: Oid): Oid {
  const star = column.indexOf('.*');
  return star === -1 ? column : column.slice(0, star);
}

/** The columns that have their index in the middle, from what was walked of them. */
export function withStars(
  columns: ReadonlyMap<Oid, Column>,
  wanted: readonly Oid[],
): ReadonlyMap<Oid, Column> {
  const all = new Map(columns);
  for (const oid of wanted.filter((one) => one.includes('*'))) {
    const ending = oid.slice(oid.indexOf('*') + 1);
    const rows = [...(columns.get(walkedFor(oid)) ?? [])].filter(
      ([index]) => index.endsWith(ending) && !index.slice(0, -ending.length).includes('.'),
    );
    all.set(oid, new Map(rows.map(([index, value]) => [index.slice(0, -ending.length), value])));
  }
  return all;
}

/** Every row that a column has; of a leaf the one place, if it tells something. */
export function rowsOf(oid: Oid, isColumn: boolean, { leaves, columns }: Found): readonly Row[] {
  const valueAt: Row['valueAt'] = (column, index) => columns.get(column)?.get(index);
  if (!isColumn) {
    const row: Row = { index: undefined, valueOf: (one) => leaves.get(one), valueAt };
    return isPresent(row.valueOf(oid)) ? [row] : [];
  }
  return [...(columns.get(oid)?.keys() ?? [])].map((index) => ({
    index,
    valueOf: (one) => (isLeaf(one) ? leaves.get(one) : columns.get(one)?.get(index)),
    valueAt,
  }));
}

export function holds({ source, is, not, matches }: Condition, row: Row): boolean {
  const text = sourceText(source, row);
  return (
    (is === undefined || is.includes(text)) &&
    !(not?.includes(text) ?? false) &&
    (matches === undefined || matches.test(text))
  );
}

/** What the first source that tells something tells. */
export function firstText(sources: readonly LabelSource[], row: Row): string {
  for (const source of sources) {
    const text = sourceText(source, row);
    if (text !== '') return text;
  }
  return '';
}

function sourceText(source: LabelSource, row: Row): string {
  switch (source.kind) {
    case 'index':
      return source.arc === undefined ? (row.index ?? '') : arcsOf(row, [source.arc]);
    case 'text':
      return source.text;
    case 'object':
      return textOf(objectOf(source, row));
    case 'joined': {
      const texts = source.parts.map((part) => sourceText(part, row));
      return texts.includes('') ? '' : texts.join('');
    }
  }
  return source satisfies never;
}

function objectOf({ oid, of }: Extract<LabelSource, { kind: 'object' }>, row: Row): SnmpValue | undefined {
  if (of === undefined) return row.valueOf(oid);
  if ('arcs' in of) return row.valueAt(oid, arcsOf(row, of.arcs));
  const told = numberOf(row.valueOf(of.toldBy));
  return row.valueAt(oid, Number.isNaN(told) ? textOf(row.valueOf(of.toldBy)) : String(told));
}

/** The numbers at these places of the row's index, counted from 1, or from the end by negative ones. */
function arcsOf({ index = '' }: Row, places: readonly number[]): string {
  const all = index.split('.');
  return places.map((place) => all.at(place > 0 ? place - 1 : place) ?? '').join('.');
}
