import { labelsKey, METRIC_NAME, type Labels } from '../../../config/model/labels.ts';
import { evaluationFault } from '../faults.ts';
import type { Vector } from './types.ts';

export const NO_LABELS: Labels = Object.freeze({});

/**
 * What is kept by place from one evaluation to the next. Rules by the hundred keep thousands each: a list that grows takes
 * half as much again in advance, which is given back when the next evaluation begins.
 */
class ByPlace<T> {
  #list: T[] = [];
  /** Where it grew last; -1 once it has no more room than it needs. */
  #grewAt = -1;

  at(index: number): T | undefined {
    if (index <= this.#grewAt) {
      this.#list = this.#list.slice();
      this.#grewAt = -1;
    }
    return this.#list[index];
  }

  put(index: number, value: T): void {
    if (index >= this.#list.length) this.#grewAt = index;
    this.#list[index] = value;
  }
}

/**
 * Remembers what was derived from labels, by their place in the vector: as long as the same series come in the same
 * order, nothing is derived twice.
 */
export function remembered<T>(derive: (labels: Labels) => T): (labels: Labels, index: number) => T {
  const seen = new ByPlace<Labels>();
  const derived = new ByPlace<T>();
  return (labels, index) => {
    const known = derived.at(index);
    if (seen.at(index) === labels && known !== undefined) return known;
    const fresh = derive(labels);
    seen.put(index, labels);
    derived.put(index, fresh);
    return fresh;
  };
}

/**
 * Remembers what was derived from the labels of whole vectors: as long as the same series come in the same order, nothing
 * is derived twice.
 */
export function rememberedWhole<Vectors extends readonly Vector[], T>(
  derive: (...vectors: Vectors) => T,
): (...vectors: Vectors) => T {
  let seen: readonly (readonly Labels[])[] = [];
  let known: { readonly derived: T } | undefined;
  return (...vectors) => {
    if (known === undefined || !vectors.every((vector, index) => isOfSame(vector, seen[index]))) {
      known = { derived: derive(...vectors) };
      seen = vectors.map((vector) => vector.map(({ labels }) => labels));
    }
    return known.derived;
  };
}

function isOfSame(vector: Vector, seen: readonly Labels[] = []): boolean {
  if (vector.length !== seen.length) return false;
  for (let index = 0; index < vector.length; index += 1) {
    if (vector[index]?.labels !== seen[index]) return false;
  }
  return true;
}

/** What has a key and is the same wherever the key is. */
export interface Keyed {
  readonly labels: Labels;
  readonly key: string;
}

/** So many are known; then they are forgotten, and made again by those who ask. */
const MAX_KNOWN = 50_000;
const alike = new Map<string, Keyed>();

/** Labels and their key as others have them already: rules by the hundred derive the same of the same series. */
export function keyed(labels: Labels): Keyed {
  const key = labelsKey(labels);
  const before = alike.get(key);
  if (before !== undefined) return before;
  if (alike.size >= MAX_KNOWN) alike.clear();
  const made = { labels, key };
  alike.set(key, made);
  return made;
}

/** The labels that say what a metric is, not where it comes from. */
const NAME_ONLY: ReadonlySet<string> = new Set([METRIC_NAME]);
const NAME_TYPE_UNIT: ReadonlySet<string> = new Set([METRIC_NAME, '__type__', '__unit__']);

export function namingLabels(typeAndUnit: boolean): ReadonlySet<string> {
  return typeAndUnit ? NAME_TYPE_UNIT : NAME_ONLY;
}

export function withoutLabels(labels: Labels, names: ReadonlySet<string>): Labels {
  const kept: Record<string, string> = {};
  for (const name of Object.keys(labels)) if (!names.has(name)) kept[name] = labels[name] ?? '';
  return kept;
}

export function onlyLabels(labels: Labels, names: readonly string[]): Labels {
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = labels[name];
    if (value !== undefined && value !== '') kept[name] = value;
  }
  return kept;
}

/** @throws {WatchkeeperError} `query_failed` when two elements have the same labels. */
export function refuseDuplicates(vector: Vector): void {
  if (vector.length < 2) return;
  const keys = new Set<string>();
  for (const { labels } of vector) keys.add(labelsKey(labels));
  if (keys.size < vector.length) {
    throw evaluationFault('vector cannot contain metrics with the same labelset');
  }
}

/** Refuses duplicates, but looks anew only when other series come than the last time. */
export function duplicateGuard(): (vector: Vector) => void {
  return rememberedWhole(refuseDuplicates);
}
