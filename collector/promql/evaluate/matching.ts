import { labelsKey, type Labels } from '../../../config/model/labels.ts';
import { isComparison, type Binary, type Matching } from '../ast.ts';
import { evaluationFault } from '../faults.ts';
import type { NameRules } from './compiler.ts';
import { namingLabels, NO_LABELS, onlyLabels, rememberedWhole, withoutLabels } from './labels.ts';
import type { Vector } from './types.ts';

const ANY: Matching = { isOn: false, labels: [], many: 'none', include: [] };

/** What two elements must have in common to belong together, as one text. */
function signatures(matching: Matching | undefined): (labels: Labels) => string {
  const { isOn, labels: listed } = matching ?? ANY;
  const [label, ...others] = listed;
  // Nothing has to be put together, and most rules match by the device alone.
  if (isOn && label !== undefined && others.length === 0) return (labels) => labels[label] ?? '';
  if (isOn) return (labels) => labelsKey(onlyLabels(labels, listed));
  const ignored = new Set(['__name__', ...listed]);
  return (labels) => labelsKey(withoutLabels(labels, ignored));
}

/** In the place of an index where an element has no partner. */
export const NO_PARTNER = -1;

/** Which elements of two vectors belong together, by the place of those on the side that may have many. */
export interface Pairs {
  /** The places of their partners. */
  readonly partners: Int32Array;
  /** What comes of each pair has these labels. */
  readonly labels: readonly Labels[];
  /** What comes of each pair, as a text; absent where all are different. */
  readonly keys?: readonly string[];
}

/** Finds pairs, anew only when other series come than the last time. */
export function pairing(expr: Binary, rules: NameRules): (many: Vector, one: Vector) => Pairs {
  const matching = expr.matching ?? ANY;
  const signatureOf = signatures(matching);
  const resultLabels = resultLabelsOf(expr, matching, rules);
  return rememberedWhole((many: Vector, one: Vector): Pairs => {
    const ones = bySignature(one, signatureOf, matching);
    const partners = new Int32Array(many.length).map(
      (_, place) => ones.get(signatureOf(many[place]?.labels ?? NO_LABELS)) ?? NO_PARTNER,
    );
    const labels = many.map((element, place) => {
      const partner = one[partners[place] ?? NO_PARTNER];
      return partner === undefined ? NO_LABELS : resultLabels(element.labels, partner.labels);
    });
    if (matching.many !== 'none') return { partners, labels, ...alikeIn(partners, labels) };
    refuseSecondPartners(partners);
    return { partners, labels };
  });
}

/** One with one: nobody may be the partner of two, as in Prometheus 3 whatever a filter lets through. */
function refuseSecondPartners(partners: Int32Array): void {
  const taken = partners.filter((partner) => partner !== NO_PARTNER);
  if (new Set(taken).size === taken.length) return;
  throw evaluationFault(
    'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
  );
}

function alikeIn(partners: Int32Array, labels: readonly Labels[]): Pick<Pairs, 'keys'> {
  const keys = labels.map((own, place) => `${partners[place]} ${labelsKey(own)}`);
  const paired = keys.filter((_, place) => partners[place] !== NO_PARTNER);
  return new Set(paired).size === paired.length ? {} : { keys };
}

/** Many with one: refuses results that cannot be told apart. A filter may let through only one of two such pairs. */
export function secondResults(keys: Pairs['keys']): (place: number) => void {
  if (keys === undefined) return () => undefined;
  const seen = new Set<string | undefined>();
  return (place) => {
    const key = keys[place];
    if (!seen.has(key)) return void seen.add(key);
    throw evaluationFault('multiple matches for labels: grouping labels must ensure unique matches');
  };
}

/** Labels in the words of an error. */
function described(labels: Labels): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`);
  return `{${pairs.join(', ')}}`;
}

/** The places of the side whose elements may each be the partner of many. */
function bySignature(
  vector: Vector,
  signatureOf: (labels: Labels) => string,
  { isOn, labels: listed, many }: Matching,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [place, { labels }] of vector.entries()) {
    const signature = signatureOf(labels);
    const other = vector[found.get(signature) ?? NO_PARTNER];
    if (other !== undefined) {
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
    found.set(signature, place);
  }
  return found;
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

/** Chooses those of a vector that another has a match for, or those that it has none for. */
export function choice(
  matching: Matching | undefined,
  isMatchWanted: boolean,
): (vector: Vector, others: Vector) => Vector {
  const signatureOf = signatures(matching);
  const isChosen = rememberedWhole((vector: Vector, others: Vector): Uint8Array => {
    const known = new Set(others.map(({ labels }) => signatureOf(labels)));
    return Uint8Array.from(vector, ({ labels }) => Number(known.has(signatureOf(labels)) === isMatchWanted));
  });
  return (vector, others) => {
    if (vector.length === 0) return vector;
    const chosen = isChosen(vector, others);
    return vector.filter((_, place) => chosen[place] === 1);
  };
}
