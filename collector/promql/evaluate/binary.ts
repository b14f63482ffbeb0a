import { isComparison, type ArithmeticOp, type Binary } from '../ast.ts';
import type { NameRules } from './compiler.ts';
import { namingLabels, NO_LABELS, remembered, withoutLabels } from './labels.ts';
import { choice, NO_PARTNER, pairing, secondResults } from './matching.ts';
import { ARITHMETIC, COMPARISON } from './operators.ts';
import type { Element, Vector } from './types.ts';

/** The value of a pair, or `undefined` when a filter refuses it. `kept` is what a filter lets through. */
type Judge = (left: number, right: number, kept: number) => number | undefined;

function judgeOf({ op, isBool }: Binary): Judge {
  if (!isComparison(op)) return ARITHMETIC[op as ArithmeticOp];
  const compare = COMPARISON[op];
  if (isBool) return (left, right) => (compare(left, right) ? 1 : 0);
  return (left, right, kept) => (compare(left, right) ? kept : undefined);
}

/** What becomes of the value of an element beside a number; `undefined` where a filter refuses it. */
export type ScalarJudge = (own: number, scalar: number) => number | undefined;

/** The number stands left or right. */
export function scalarJudge(expr: Binary, isScalarLeft: boolean): ScalarJudge {
  const judge = judgeOf(expr);
  return isScalarLeft ? (own, scalar) => judge(scalar, own, own) : (own, scalar) => judge(own, scalar, own);
}

/** An operation between a vector and a number, which stands left or right. */
export function vectorWithScalar(expr: Binary, isScalarLeft: boolean, rules: NameRules) {
  const judge = scalarJudge(expr, isScalarLeft);
  const drops = !isComparison(expr.op) || expr.isBool;
  const names = namingLabels(rules.typeAndUnit);
  const nameless = remembered((labels) => withoutLabels(labels, names));
  return (vector: Vector, scalar: number): Vector => {
    const results: Element[] = [];
    for (const [index, { labels, value: own, dropsName }] of vector.entries()) {
      const value = judge(own, scalar);
      if (value === undefined) continue;
      if (!drops) results.push({ labels, value, dropsName });
      else if (rules.isLate) results.push({ labels, value, dropsName: true });
      else results.push({ labels: nameless(labels, index), value, dropsName: false });
    }
    return results;
  };
}

/** An arithmetic operation or comparison between two vectors. */
export function vectorWithVector(expr: Binary, rules: NameRules): (left: Vector, right: Vector) => Vector {
  const judge = judgeOf(expr);
  const isSwapped = expr.matching?.many === 'right';
  const judgePair = isSwapped
    ? (own: Element, partner: Element) => judge(partner.value, own.value, partner.value)
    : (own: Element, partner: Element) => judge(own.value, partner.value, own.value);
  const pairsOf = pairing(expr, rules);
  const dropsLate = rules.isLate && expr.isBool;
  return (left, right) => {
    if (left.length === 0 || right.length === 0) return [];
    const [many, one] = isSwapped ? [right, left] : [left, right];
    const { partners, labels, keys } = pairsOf(many, one);
    const refuse = secondResults(keys);
    const results: Element[] = [];
    for (const [place, element] of many.entries()) {
      const partner = one[partners[place] ?? NO_PARTNER];
      if (partner === undefined) continue;
      const value = judgePair(element, partner);
      if (value === undefined) continue;
      refuse(place);
      const dropsName = dropsLate || element.dropsName;
      results.push({ labels: labels[place] ?? NO_LABELS, value, dropsName });
    }
    return results;
  };
}

/** `and`, `or`, `unless`. */
export function setOperator({ op, matching }: Binary): (left: Vector, right: Vector) => Vector {
  const chosen = choice(matching, op === 'and');
  return (left, right) => {
    if (op === 'or') {
      if (left.length === 0) return right;
      return right.length === 0 ? left : [...left, ...chosen(right, left)];
    }
    if (right.length === 0) return op === 'and' ? [] : left;
    return chosen(left, right);
  };
}
