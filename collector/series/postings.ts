import type { Labels } from '../../config/model/labels.ts';
import type { CompiledMatcher } from './matchers.ts';

/** What postings list: anything that has labels. */
interface Labelled {
  readonly labels: Labels;
}

/** Finds series by their labels: for each name and value the series that have them. */
export interface Postings<S extends Labelled> {
  add(series: S): void;
  /** Forgets series; cheap for many at once. */
  remove(gone: ReadonlySet<S>): void;
  /** Those that have this label: a list that grows in its place, and is another one when series were removed. */
  listOf(name: string, value: string): readonly S[];
  /** Every series that all matchers accept. */
  find(matchers: readonly CompiledMatcher[]): readonly S[];
  /** Every value of a label, or every name if none is given, unsorted. */
  valuesOf(name: string): Iterable<string>;
  names(): Iterable<string>;
}

type Index<S> = Map<string, Map<string, S[]>>;

/** `all` are those that were added, for matchers that narrow nothing. */
export function createPostings<S extends Labelled>(all: () => Iterable<S>): Postings<S> {
  const index: Index<S> = new Map();
  return {
    add(series) {
      for (const [name, value] of Object.entries(series.labels)) {
        const byValue = inner(index, name, () => new Map<string, S[]>());
        inner(byValue, value, () => []).push(series);
      }
    },
    remove(gone) {
      const touched = new Map<string, Set<string>>();
      for (const series of gone) {
        for (const [name, value] of Object.entries(series.labels)) {
          inner(touched, name, () => new Set<string>()).add(value);
        }
      }
      for (const [name, values] of touched) for (const value of values) prune(index, [name, value], gone);
    },
    listOf: (name, value) => index.get(name)?.get(value) ?? [],
    find(matchers) {
      const { among, open } = candidates(index, matchers) ?? { among: all(), open: matchers };
      if (open.length === 0) return [...among];
      const found: S[] = [];
      for (const series of among) {
        if (open.every(({ name, accepts }) => accepts(valueOf(series.labels, name)))) found.push(series);
      }
      return found;
    },
    valuesOf: (name) => index.get(name)?.keys() ?? [],
    names: () => index.keys(),
  };
}

function inner<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function prune<S>(index: Index<S>, [name, value]: readonly [string, string], gone: ReadonlySet<S>): void {
  const byValue = index.get(name);
  const left = byValue?.get(value)?.filter((series) => !gone.has(series));
  if (byValue === undefined || left === undefined) return;
  if (left.length > 0) byValue.set(value, left);
  else byValue.delete(value);
  if (byValue.size === 0) index.delete(name);
}

interface Candidates<S> {
  readonly among: readonly S[];
  /** The matchers that some of them may not satisfy. */
  readonly open: readonly CompiledMatcher[];
}

/** The series among which the matched ones are, from the label that narrows most; `undefined`: all. */
function candidates<S>(index: Index<S>, matchers: readonly CompiledMatcher[]): Candidates<S> | undefined {
  const narrowing = matchers.filter(({ acceptsAbsent }) => !acceptsAbsent);
  const [first] = narrowing
    .filter(({ equals }) => equals !== undefined)
    .map((by) => ({ by, among: index.get(by.name)?.get(by.equals ?? '') ?? [] }))
    .sort((a, b) => a.among.length - b.among.length);
  const [any] = narrowing;
  const found = first ?? (any && { by: any, among: union(index, any) });
  return found && { among: found.among, open: matchers.filter((matcher) => matcher !== found.by) };
}

function union<S>(index: Index<S>, { name, accepts }: CompiledMatcher): readonly S[] {
  return [...(index.get(name) ?? [])].filter(([value]) => accepts(value)).flatMap(([, list]) => list);
}

/** A label's value, empty if there is none; a name may be one that every object inherits. */
function valueOf(labels: Labels, name: string): string {
  const value: unknown = labels[name];
  return typeof value === 'string' ? value : '';
}
