import { labelsKey, type Labels } from '../../../config/model/labels.ts';
import { isComparison, type ArithmeticOp, type Binary, type Matching } from '../ast.ts';
import { evaluationFault } from '../faults.ts';
import type { NameRules } from './compiler.ts';
import { ByPlace, namingLabels, onlyLabels, remembered, sharedKey, withoutLabels } from './labels.ts';
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

const ANY: Matching = { isOn: false, labels: [], many: 'none', include: [] };

/** What two elements must have in common to belong together, as one text. */
export function signatures(matching: Matching | undefined): (labels: Labels) => string {
  const { isOn, labels: listed } = matching ?? ANY;
  if (isOn) return (labels) => sharedKey(onlyLabels(labels, listed));
  const ignored = new Set(['__name__', ...listed]);
  return (labels) => sharedKey(withoutLabels(labels, ignored));
}

/** An arithmetic operation or comparison between two vectors. */
export function vectorWithVector(expr: Binary, rules: NameRules): (left: Vector, right: Vector) => Vector {
  const matching = expr.matching ?? ANY;
  const judge = judgeOf(expr);
  const isSwapped = matching.many === 'right';
  const manySignature = remembered(signatures(matching));
  const oneSignature = remembered(signatures(matching));
  const resultLabels = rememberedPairs(resultLabelsOf(expr, matching, rules));
  const dropsLate = rules.isLate && expr.isBool;
  return (left, right) => {
    if (left.length === 0 || right.length === 0) return [];
    const [many, one] = isSwapped ? [right, left] : [left, right];
    const ones = bySignature(one, oneSignature, matching);
    const refuse = secondMatches(matching);
    const results: Element[] = [];
    for (const [index, element] of many.entries()) {
      const signature = manySignature(element.labels, index);
      const partner = ones.get(signature);
      if (partner === undefined) continue;
      const [first, second] = isSwapped ? [partner, element] : [element, partner];
      const value = judge(first.value, second.value, first.value);
      const labels = resultLabels(element.labels, partner.labels, index);
      refuse(signature, value === undefined ? undefined : labels);
      if (value !== undefined) results.push({ labels, value, dropsName: dropsLate || element.dropsName });
    }
    return results;
  };
}

/** Labels in the words of an error. */
function described(labels: Labels): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`);
  return `{${pairs.join(', ')}}`;
}

function bySignature(
  vector: Vector,
  signatureOf: (labels: Labels, index: number) => string,
  { isOn, labels: listed, many }: Matching,
): ReadonlyMap<string, Element> {
  const found = new Map<string, Element>();
  for (const [index, element] of vector.entries()) {
    const signature = signatureOf(element.labels, index);
    const other = found.get(signature);
    if (other !== undefined) {
      const { labels } = element;
      const group = isOn
        ? onlyLabels(labels, listed)
        : withoutLabels(labels, new Set(['__name__', ...listed]));
      const side = many === 'right' ? 'left' : 'right';
      const both = `[${described(other.labels)}, ${described(labels)}]`;
      throw evaluationFault(
        `found duplicate series for the match group ${described(group)} on the ${side} hand-side of the operation: ` +
          `${both};many-to-many matching not allowed: matching labels must be unique on one side`,
      );
    }
    found.set(signature, element);
  }
  return found;
}

/** Refuses what would match twice: one with one at all, many with one if the results could not be told apart. */
function secondMatches({ many }: Matching): (signature: string, result: Labels | undefined) => void {
  const seen = new Set<string>();
  const isFirst = (key: string): boolean => {
    const before = seen.size;
    return seen.add(key).size > before;
  };
  if (many === 'none') {
    return (signature) => {
      if (isFirst(signature)) return;
      throw evaluationFault(
        'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
      );
    };
  }
  return (signature, result) => {
    if (result === undefined || isFirst(`${signature}\u0000${labelsKey(result)}`)) return;
    throw evaluationFault('multiple matches for labels: grouping labels must ensure unique matches');
  };
}

function resultLabelsOf(expr: Binary, matching: Matching, { isLate, typeAndUnit }: NameRules) {
  const isPlainComparison = isComparison(expr.op) && (isLate || !expr.isBool);
  const dropped = new Set(isPlainComparison ? [] : namingLabels(typeAndUnit));
  if (matching.many === 'none' && !matching.isOn) for (const label of matching.labels) dropped.add(label);
  const keepsOnly = matching.many === 'none' && matching.isOn;
  return (many: Labels, one: Labels): Labels => {
    const kept = withoutLabels(keepsOnly ? onlyLabels(many, matching.labels) : many, dropped);
    if (matching.include.length === 0) return kept;
    const taken = onlyLabels(one, matching.include);
    return { ...withoutLabels(kept, new Set(matching.include)), ...taken };
  };
}

function rememberedPairs(derive: (many: Labels, one: Labels) => Labels) {
  const manySeen = new ByPlace<Labels>();
  const oneSeen = new ByPlace<Labels>();
  const derived = new ByPlace<Labels>();
  return (many: Labels, one: Labels, index: number): Labels => {
    const known = derived.at(index);
    const isSame = manySeen.at(index) === many && oneSeen.at(index) === one;
    if (isSame && known !== undefined) return known;
    const fresh = derive(many, one);
    manySeen.put(index, many);
    oneSeen.put(index, one);
    derived.put(index, fresh);
    return fresh;
  };
}

/** `and`, `or`, `unless`. */
export function setOperator(expr: Binary): (left: Vector, right: Vector) => Vector {
  const leftSignature = remembered(signatures(expr.matching));
  const rightSignature = remembered(signatures(expr.matching));
  return (left, right) => {
    if (expr.op === 'or') {
      const known = new Set(left.map(({ labels }, index) => leftSignature(labels, index)));
      return [...left, ...right.filter(({ labels }, index) => !known.has(rightSignature(labels, index)))];
    }
    const known = new Set(right.map(({ labels }, index) => rightSignature(labels, index)));
    const wanted = expr.op === 'and';
    return left.filter(({ labels }, index) => known.has(leftSignature(labels, index)) === wanted);
  };
}
