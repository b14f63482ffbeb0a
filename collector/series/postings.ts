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
  /** Every series that all matchers accept; the list may be one that grows, as `listOf` gives it. */
  find(matchers: readonly CompiledMatcher[]): readonly S[];
  /** Every value of a label, or every name if none is given, unsorted. */
  valuesOf(name: string): Iterable<string>;
  names(): Iterable<string>;
}

/** `COMMON` stands for a list that would narrow nothing. */
type Index<S> = Map<string, Map<string, S[] | typeof COMMON>>;

const COMMON = 'common';
/** A value that more series have than this, and more than half of all, has no list: it would be as good as all of them. */
const MAX_LISTED = 20_000;

/** `all` are those that were added and not removed, for matchers that narrow nothing. */
export function createPostings<S extends Labelled>(all: () => Iterable<S>): Postings<S> {
  const index: Index<S> = new Map();
  let count = 0;
  const isCommon = (list: readonly S[]): boolean => list.length > MAX_LISTED && 2 * list.length > count;
  const listOf = (name: string, value: string): readonly S[] => {
    const list = index.get(name)?.get(value) ?? [];
    return list === COMMON ? [...all()].filter(({ labels }) => valueOf(labels, name) === value) : list;
  };
  const prune = (name: string, value: string, gone: ReadonlySet<S>): void => {
    const byValue = index.get(name);
    const left = listOf(name, value).filter((series) => !gone.has(series));
    if (left.length > 0) byValue?.set(value, isCommon(left) ? COMMON : left);
    else byValue?.delete(value);
    if (byValue?.size === 0) index.delete(name);
  };
  return {
    add(series) {
      count += 1;
      for (const [name, value] of Object.entries(series.labels)) {
        const byValue = inner(index, name, () => new Map<string, S[] | typeof COMMON>());
        const list = inner<S[] | typeof COMMON>(byValue, value, () => []);
        if (list === COMMON) continue;
        list.push(series);
        if (isCommon(list)) byValue.set(value, COMMON);
      }
    },
    remove(gone) {
      count -= gone.size;
      for (const [name, values] of labelsOf(gone)) for (const value of values) prune(name, value, gone);
    },
    listOf,
    find(matchers) {
      const { among, open } = candidates(index, matchers) ?? { among: [...all()], open: matchers };
      const isFound = ({ labels }: S): boolean => areAccepted(labels, open);
      // Mostly all of them are, and need no list of their own.
      return among.every(isFound) ? among : among.filter(isFound);
    },
    valuesOf: (name) => index.get(name)?.keys() ?? [],
    names: () => index.keys(),
  };
}

/** A loop: a function for each of so many series would be thrown away at once. */
function areAccepted(labels: Labels, matchers: readonly CompiledMatcher[]): boolean {
  for (const { name, accepts } of matchers) if (!accepts(valueOf(labels, name))) return false;
  return true;
}

/** Every value of each label that one of them has. */
function labelsOf(list: Iterable<Labelled>): ReadonlyMap<string, ReadonlySet<string>> {
  const byName = new Map<string, Set<string>>();
  for (const { labels } of list) {
    for (const [name, value] of Object.entries(labels))
      inner(byName, name, () => new Set<string>()).add(value);
  }
  return byName;
}

function inner<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
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
    .flatMap((by) => {
      const among = index.get(by.name)?.get(by.equals ?? '') ?? [];
      return among === COMMON ? [] : [{ by, among }];
    })
    .sort((a, b) => a.among.length - b.among.length);
  const any = narrowing.find(({ equals }) => equals === undefined);
  const found = first ?? (any && { by: any, among: union(index, any) });
  if (found?.among === undefined) return undefined;
  return { among: found.among, open: matchers.filter((matcher) => matcher !== found.by) };
}

/** `undefined` where one of the values has no list. */
function union<S>(index: Index<S>, { name, accepts }: CompiledMatcher): readonly S[] | undefined {
  const lists = [...(index.get(name) ?? [])].filter(([value]) => accepts(value)).map(([, list]) => list);
  const listed = lists.filter((list) => list !== COMMON);
  return listed.length === lists.length ? listed.flat() : undefined;
}

/** A label's value, empty if there is none; a name may be one that every object inherits. */
function valueOf(labels: Labels, name: string): string {
  const value: unknown = labels[name];
  return typeof value === 'string' ? value : '';
}
