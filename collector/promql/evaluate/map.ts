import type { NameRules } from './compiler.ts';
import { namingLabels, remembered, withoutLabels } from './labels.ts';
import type { Element, Vector } from './types.ts';

/** Every value changed, and the names taken away: it is not the metric any more. */
export function mapped(change: (value: number) => number, rules: NameRules): (vector: Vector) => Vector {
  const rename = renaming(rules);
  return (vector) => vector.map((element, index) => rename(element, change(element.value), index));
}

/** Makes the element of a new value whose name is gone, at once or at the end. */
export function renaming({ isLate, typeAndUnit }: NameRules) {
  const names = namingLabels(typeAndUnit);
  const nameless = remembered((labels) => withoutLabels(labels, names));
  return ({ labels }: Pick<Element, 'labels'>, value: number, index: number): Element =>
    isLate
      ? { labels, value, dropsName: true }
      : { labels: nameless(labels, index), value, dropsName: false };
}
