import { labelsKey, type Labels } from '../../../config/model/labels.ts';
import type { Aggregate, AggregationOp, Grouping } from '../ast.ts';
import { evaluationFault } from '../faults.ts';
import { formatNumber } from './format-number.ts';
import { keyed, namingLabels, NO_LABELS, onlyLabels, remembered, withoutLabels } from './labels.ts';
import type { NameRules } from './compiler.ts';
import { ascending, maxOf, meanOf, minOf, quantileOf, sumOf, varianceOf } from './statistics.ts';
import type { Element, Vector } from './types.ts';

interface Group {
  readonly labels: Labels;
  readonly elements: Element[];
}

/** What becomes of the values of a group. `param` is the number in front, where there is one. */
type Reduce = (values: readonly number[], param: number) => number;

const REDUCE: Readonly<Partial<Record<AggregationOp, Reduce>>> = {
  sum: (values) => sumOf(values),
  avg: (values) => meanOf(values),
  count: (values) => values.length,
  min: (values) => minOf(values),
  max: (values) => maxOf(values),
  group: () => 1,
  stddev: (values) => Math.sqrt(varianceOf(values)),
  stdvar: (values) => varianceOf(values),
  quantile: (values, share) => quantileOf(share, values),
};

/** Puts the elements of a vector together, by labels. */
export function aggregation({ op, grouping }: Aggregate, rules: NameRules) {
  const groupsOf = grouper(grouping, rules);
  const reduce = REDUCE[op];
  return (vector: Vector, param: number): Vector => {
    const groups = groupsOf(vector);
    if (reduce === undefined) return selection(op === 'topk', groups, param);
    return groups.map(({ labels, elements }): Element => {
      const values = elements.map(({ value }) => value);
      return { labels, value: reduce(values, param), dropsName: elements.some(({ dropsName }) => dropsName) };
    });
  };
}

/** `topk` and `bottomk`: the elements themselves, best first; NaN is never better than a number. */
function selection(isTop: boolean, groups: readonly Group[], param: number): Vector {
  if (Number.isNaN(param)) throw evaluationFault('Parameter value is NaN');
  if (Math.abs(param) >= 2 ** 63) throw evaluationFault(`Scalar value ${param} overflows int64`);
  const count = Math.trunc(param);
  if (count < 1) return [];
  const better = (left: Element, right: Element): number => {
    if (Number.isNaN(left.value) || Number.isNaN(right.value)) return -ascending(left.value, right.value);
    return isTop ? right.value - left.value || 0 : left.value - right.value || 0;
  };
  return groups.flatMap(({ elements }) => elements.sort(better).slice(0, count));
}

/** `count_values`: how many elements of each group have each value, which goes into the label. */
export function valueCounts({ grouping }: Aggregate, label: string, rules: NameRules) {
  const groupsOf = grouper(grouping, rules);
  return (vector: Vector): Vector => {
    const counted = new Map<string, { labels: Labels; count: number }>();
    for (const { labels: group, elements } of groupsOf(vector)) {
      for (const { value } of elements) {
        const labels = { ...group, [label]: formatNumber(value) };
        const key = labelsKey(labels);
        const known = counted.get(key);
        if (known === undefined) counted.set(key, { labels, count: 1 });
        else known.count += 1;
      }
    }
    return [...counted.values()].map(({ labels, count }) => ({ labels, value: count, dropsName: false }));
  };
}

function grouper({ isWithout, labels: listed }: Grouping, rules: NameRules) {
  const dropped = new Set([...namingLabels(rules.typeAndUnit), ...listed]);
  const labelsOf = (labels: Labels): Labels => {
    if (isWithout) return withoutLabels(labels, dropped);
    return listed.length === 0 ? NO_LABELS : onlyLabels(labels, listed);
  };
  const groupOf = remembered((labels) => keyed(labelsOf(labels)));
  const isOne = !isWithout && listed.length === 0;
  return (vector: Vector): readonly Group[] => {
    if (isOne) return vector.length === 0 ? [] : [{ labels: NO_LABELS, elements: [...vector] }];
    const groups = new Map<string, Group>();
    for (const [index, element] of vector.entries()) {
      const { key, labels } = groupOf(element.labels, index);
      const known = groups.get(key);
      if (known === undefined) groups.set(key, { labels, elements: [element] });
      else known.elements.push(element);
    }
    return [...groups.values()];
  };
}
