import type { LabelSource, OtherRow } from './model/profile.ts';
import type { LabelSourceFile } from './schema/profile.ts';
import type { Check, Locate, Path } from './profile-check.ts';

/** Where a label's value is, from what a profile says: `index`, a column, a text, or one with braces. */
export function labelSourceOf(
  source: LabelSourceFile,
  path: Path,
  { locate, check }: { locate: Locate; check: Check },
): LabelSource {
  if (typeof source === 'object') return { kind: 'text', text: source.text };
  if (typeof source === 'number') return { kind: 'object', oid: locate(source, path) };
  if (source === 'index') return { kind: 'index' };
  if (source.includes('{')) return joinedSource(source, path, { locate, check });
  return /^\.?\d+\./.test(source)
    ? { kind: 'object', oid: locate(source, path) }
    : { kind: 'text', text: source };
}

const PLACEHOLDER = /\{([^{}]*)\}/;
const INDEX = /^index(?:\.(-?[1-9]\d?))?$/;
const OBJECT = /^(\.?[\d.*]+)(?:@(#?)(-?[\d.,-]+))?$/;

function joinedSource(text: string, path: Path, at: { locate: Locate; check: Check }): LabelSource {
  // Every second piece is what stood between braces.
  const parts = text.split(PLACEHOLDER).map((piece, place) => {
    if (place % 2 === 0) return piece === '' ? undefined : ({ kind: 'text', text: piece } as const);
    return placeholder(piece, path, at);
  });
  return { kind: 'joined', parts: parts.filter((part) => part !== undefined) };
}

function placeholder(
  piece: string,
  path: Path,
  { locate, check }: { locate: Locate; check: Check },
): LabelSource | undefined {
  const index = INDEX.exec(piece);
  if (index !== null)
    return index[1] === undefined ? { kind: 'index' } : { kind: 'index', arc: Number(index[1]) };
  const object = OBJECT.exec(piece);
  if (object === null) {
    check.fault(path, `{${piece}} is neither index nor a column`);
    return undefined;
  }
  const [, place = '', pointer, row] = object;
  const oid = locate(placeOf(place), path);
  if (row === undefined) return { kind: 'object', oid };
  const of: OtherRow =
    pointer === '#' ? { toldBy: locate(placeOf(row), path) } : { arcs: row.split(',').map(Number) };
  return { kind: 'object', oid, of };
}

function placeOf(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}
