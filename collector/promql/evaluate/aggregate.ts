import { labelsKey, type Labels } from '../../../config/model/labels.ts';
import type { Aggregate, AggregationOp } from '../ast.ts';
import { evaluationFault } from '../faults.ts';
import { formatNumber } from './format-number.ts';
import { grouper, type Groups } from './groups.ts';
import type { NameRules } from './compiler.ts';
import { ascending, maxOf, meanOf, minOf, quantileOf, sumOf, varianceOf } from './statistics.ts';
import type { Element, Vector } from './types.ts';

/** What becomes of the values of a group, `start <= i < end`. `param` is the number in front, where there is one. */
type Reduce = (values: Float64Array, start: number, end: number, param: number) => number;

const REDUCE: Readonly<Partial<Record<AggregationOp, Reduce>>> = {
  sum: sumOf,
  avg: meanOf,
  count: (_, start, end) => end - start,
  min: minOf,
  max: maxOf,
  group: () => 1,
  stddev: (values, start, end) => Math.sqrt(varianceOf(values, start, end)),
  stdvar: varianceOf,
  quantile: (values, start, end, share) => quantileOf(share, values, start, end),
};

/** Puts the elements of a vector together, by labels. */
export function aggregation({ op, grouping }: Aggregate, rules: NameRules) {
  const groupsOf = grouper(grouping, rules);
  const reduce = REDUCE[op];
  return (vector: Vector, param: number): Vector => {
    const groups = groupsOf(vector);
    if (reduce === undefined) return selection(op === 'topk', elementsOf(vector, groups), param);
    const { labels, starts, places } = groups;
    const values = new Float64Array(places.length);
    for (let index = 0; index < places.length; index += 1) {
      values[index] = vector[places[index] ?? 0]?.value ?? Number.NaN;
    }
    const drops = dropping(vector, groups, rules);
    return labels.map((own, group): Element => {
      const value = reduce(values, starts[group] ?? 0, starts[group + 1] ?? 0, param);
      return { labels: own, value, dropsName: drops(group) };
    });
  };
}

/** The elements of each group. */
function elementsOf(vector: Vector, { labels, starts, places }: Groups): readonly Element[][] {
  return labels.map((_, group) =>
    Array.from(places.subarray(starts[group], starts[group + 1])).flatMap((place) => vector[place] ?? []),
  );
}

/** Whether an element of a group loses its name at the end: then so does what is made of the group. */
function dropping(vector: Vector, groups: Groups, { isLate }: NameRules): (group: number) => boolean {
  if (!isLate) return () => false;
  const elements = elementsOf(vector, groups);
  return (group) => elements[group]?.some(({ dropsName }) => dropsName) ?? false;
}

/** `topk` and `bottomk`: the elements themselves, best first; NaN is never better than a number. */
function selection(isTop: boolean, groups: readonly Element[][], param: number): Vector {
  if (Number.isNaN(param)) throw evaluationFault('Parameter value is NaN');
  if (Math.abs(param) >= 2 ** 63) throw evaluationFault(`Scalar value ${param} overflows int64`);
  const count = Math.trunc(param);
  if (count < 1) return [];
  const better = (left: Element, right: Element): number => {
    if (Number.isNaN(left.value) || Number.isNaN(right.value)) return -ascending(left.value, right.value);
    return isTop ? right.value - left.value || 0 : left.value - right.value || 0;
  };
  return groups.flatMap((elements) => elements.sort(better).slice(0, count));
}

/** `count_values`: how many elements of each group have each value, which goes into the label. */
export function valueCounts({ grouping }: Aggregate, label: string, rules: NameRules) {
  const groupsOf = grouper(grouping, rules);
  return (vector: Vector): Vector => {
    const counted = new Map<string, { labels: Labels; count: number }>();
    const groups = groupsOf(vector);
    for (const [group, elements] of elementsOf(vector, groups).entries()) {
      for (const { value } of elements) {
        const labels = { ...groups.labels[group], [label]: formatNumber(value) };
        const key = labelsKey(labels);
        const known = counted.get(key);
        if (known === undefined) counted.set(key, { labels, count: 1 });
        else known.count += 1;
      }
    }
    return [...counted.values()].map(({ labels, count }) => ({ labels, value: count, dropsName: false }));
  };
}
