import type { Labels } from '../../../config/model/labels.ts';
import type { Grouping } from '../ast.ts';
import type { NameRules } from './compiler.ts';
import {
  keyed,
  namingLabels,
  NO_LABELS,
  onlyLabels,
  rememberedWhole,
  withoutLabels,
  type Keyed,
} from './labels.ts';
import type { Vector } from './types.ts';

/** Which elements of a vector belong together: the places of group `g` are those from `starts[g]` up to `starts[g + 1]`. */
export interface Groups {
  /** Of each group, in the order of their first elements. */
  readonly labels: readonly Labels[];
  readonly starts: Uint32Array;
  /** In each group in the order of the vector. */
  readonly places: Uint32Array;
}

/** Puts elements together by their labels, anew only when other series come than the last time. */
export function grouper(
  { isWithout, labels: listed }: Grouping,
  rules: NameRules,
): (vector: Vector) => Groups {
  if (!isWithout && listed.length === 0) return inOneGroup;
  const dropped = new Set([...namingLabels(rules.typeAndUnit), ...listed]);
  const groupOf = (labels: Labels): Keyed =>
    keyed(isWithout ? withoutLabels(labels, dropped) : onlyLabels(labels, listed));
  return rememberedWhole((vector: Vector) => inGroups(vector, groupOf));
}

function inOneGroup({ length }: Vector): Groups {
  return {
    labels: length === 0 ? [] : [NO_LABELS],
    starts: Uint32Array.of(0, length),
    places: new Uint32Array(length).map((_, place) => place),
  };
}

function inGroups(vector: Vector, groupOf: (labels: Labels) => Keyed): Groups {
  const numbers = new Map<string, number>();
  const labels: Labels[] = [];
  const groups = new Uint32Array(vector.length).map((_, place) => {
    const group = groupOf(vector[place]?.labels ?? NO_LABELS);
    const known = numbers.get(group.key);
    if (known !== undefined) return known;
    numbers.set(group.key, labels.length);
    return labels.push(group.labels) - 1;
  });
  return { labels, ...sortedByGroup(groups, labels.length) };
}

/** By counting: each group begins where those before it end. */
function sortedByGroup(groups: Uint32Array, count: number): Omit<Groups, 'labels'> {
  const starts = new Uint32Array(count + 1);
  for (const group of groups) starts[group + 1] = (starts[group + 1] ?? 0) + 1;
  for (let group = 0; group < count; group += 1) {
    starts[group + 1] = (starts[group + 1] ?? 0) + (starts[group] ?? 0);
  }
  const next = starts.slice();
  const places = new Uint32Array(groups.length);
  for (const [place, group] of groups.entries()) {
    const at = next[group] ?? 0;
    places[at] = place;
    next[group] = at + 1;
  }
  return { starts, places };
}
