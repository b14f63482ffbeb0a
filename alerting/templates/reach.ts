import type { Body, Operand, ParsedTemplate, Pipeline, TemplateNode } from './parse.ts';

/** What a template may speak of, beside the labels of its element. */
export interface Reach {
  /** Queries, the clock, or what all alerts of a site have: another text at another time, though the element is equal. */
  readonly isBeyond: boolean;
  /** The value of the element. */
  readonly isValue: boolean;
}

/** Functions that look at more than their arguments. */
const BEYOND: ReadonlySet<string> = new Set(['query', 'now']);

/** What a dot or a `$` is: all that the template is given, or a part of it that was told where it came from. */
interface Place {
  readonly isDotAll: boolean;
  readonly isDollarAll: boolean;
}

const NOTHING: Reach = { isBeyond: false, isValue: false };
const BEYOND_ALL: Reach = { isBeyond: true, isValue: true };
const VALUE: Reach = { isBeyond: false, isValue: true };

const beyondIf = (isBeyond: boolean): Reach => (isBeyond ? BEYOND_ALL : NOTHING);

/** By what stands in the template; whether it is ever run does not count. */
export function reachOf({ body, defined }: ParsedTemplate): Reach {
  const own = { isDotAll: true, isDollarAll: true };
  // What is handed to a template counts where it is handed over.
  const handed = { isDotAll: false, isDollarAll: false };
  return all([reachOfBody(body, own), ...[...defined.values()].map((one) => reachOfBody(one, handed))]);
}

function all(reaches: readonly Reach[]): Reach {
  return {
    isBeyond: reaches.some(({ isBeyond }) => isBeyond),
    isValue: reaches.some(({ isValue }) => isValue),
  };
}

const reachOfBody = (body: Body, place: Place): Reach => all(body.map((node) => reachOfNode(node, place)));

function reachOfNode(node: TemplateNode, place: Place): Reach {
  const parts: Reach[] = [];
  if ('pipeline' in node && node.pipeline !== undefined) parts.push(reachOfPipeline(node.pipeline, place));
  if ('body' in node) {
    const inside = node.kind === 'if' ? place : { ...place, isDotAll: false };
    parts.push(reachOfBody(node.body, inside), reachOfBody(node.otherwise, place));
  }
  return all(parts);
}

function reachOfPipeline({ commands }: Pipeline, place: Place): Reach {
  return all(commands.flat().map((operand) => reachOfOperand(operand, place)));
}

function reachOfOperand(operand: Operand, place: Place): Reach {
  switch (operand.kind) {
    case 'nil':
    case 'constant':
      return NOTHING;
    case 'dot':
      return beyondIf(place.isDotAll);
    case 'function':
      return beyondIf(BEYOND.has(operand.name));
    case 'variable':
      return reachOfVariable(operand.name, place);
    case 'pipeline':
      return reachOfPipeline(operand.pipeline, place);
    case 'fields':
      return reachOfFields(operand, place);
    default:
      return operand satisfies never;
  }
}

/** Variables that the template sets itself speak of what they were set to, which counts there. */
function reachOfVariable(name: string, { isDollarAll }: Place): Reach {
  if (name === '$value') return VALUE;
  return beyondIf(name === '$' ? isDollarAll : name.startsWith('$external'));
}

function reachOfFields({ of, names }: Operand & { readonly kind: 'fields' }, place: Place): Reach {
  const isAll =
    (of.kind === 'dot' && place.isDotAll) || (of.kind === 'variable' && of.name === '$' && place.isDollarAll);
  if (!isAll) return reachOfOperand(of, place);
  if (names[0] === 'Labels') return NOTHING;
  return names[0] === 'Value' ? VALUE : BEYOND_ALL;
}
