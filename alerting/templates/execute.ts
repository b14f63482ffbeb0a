import { TemplateFailure } from './failure.ts';
import { formatValue } from './format.ts';
import { FUNCTIONS, type FunctionScope } from './functions.ts';
import { Given } from './given.ts';
import type { Body, Operand, ParsedTemplate, Pipeline, TemplateNode } from './parse.ts';
import { isList, isTrue, Sample, typeName, type Value } from './value.ts';

/** Bounds of one execution, so that no label and no answer of a query can make a rule eat the machine. */
const MAX_STEPS = 20_000;
const MAX_OUTPUT = 64 * 1024;
const MAX_DEPTH = 100;

/** A variable can be set from inside a block. */
interface Box {
  value: Value;
}

/** The variables that can be seen in a block: its own hide those of the same name around it. */
class Variables {
  readonly #outer: Variables | Given | undefined;
  #own: Map<string, Box> | undefined;

  constructor(outer?: Variables | Given) {
    this.#outer = outer;
  }

  read(name: string): Value {
    const own = this.#own?.get(name);
    return own === undefined ? this.#outer?.read(name) : own.value;
  }

  /** Sets it where it was declared. */
  assign(name: string, value: Value): void {
    const own = this.#own?.get(name);
    if (own !== undefined) own.value = value;
    else if (this.#outer instanceof Variables) this.#outer.assign(name, value);
    else this.declare(name, value);
  }

  declare(name: string, value: Value): void {
    this.#own ??= new Map();
    this.#own.set(name, { value });
  }
}

interface Run {
  readonly scope: FunctionScope;
  readonly defined: ParsedTemplate['defined'];
  /** How deep templates stand in each other. */
  depth: number;
  /** In the order in which it was written. */
  output: string[];
  /** Characters of all that was written. */
  chars: number;
  steps: number;
}

/** What a body left early for. */
type Leaving = 'break' | 'continue' | undefined;

/**
 * Runs a parsed template on what it is given.
 * @throws {TemplateFailure} as Go would, and when it exceeds its bounds.
 */
export function execute({ body, defined }: ParsedTemplate, given: Given, scope: FunctionScope): string {
  const run: Run = { scope, defined, depth: 0, output: [], chars: 0, steps: 0 };
  runBody(body, given, new Variables(given), run);
  // In one piece: a text that was put together bit by bit keeps all its parts, and texts are kept.
  return run.output.join('');
}

/** What `.` stands for: of a whole template all that it is given. */
type Dot = Value | Given;

function runBody(body: Body, dot: Dot, outer: Variables, run: Run): Leaving {
  const variables = new Variables(outer);
  for (const node of body) {
    count(run);
    const leaving = runNode(node, dot, variables, run);
    if (leaving !== undefined) return leaving;
  }
  return undefined;
}

function count(run: Run): void {
  run.steps += 1;
  if (run.steps > MAX_STEPS) throw new TemplateFailure(`it takes more than ${MAX_STEPS} steps`);
}

function write(text: string, run: Run): void {
  run.output.push(text);
  run.chars += text.length;
  if (run.chars > MAX_OUTPUT) throw new TemplateFailure(`it writes more than ${MAX_OUTPUT} characters`);
}

function runNode(node: TemplateNode, dot: Dot, variables: Variables, run: Run): Leaving {
  switch (node.kind) {
    case 'text':
      write(node.text, run);
      return undefined;
    case 'print':
      runPrint(node.pipeline, dot, variables, run);
      return undefined;
    case 'if':
    case 'with':
      return runChoice(node, dot, variables, run);
    case 'range':
      return runRange(node, dot, variables, run);
    case 'break':
    case 'continue':
      return node.kind;
    case 'template':
      include(node.name, node.pipeline && evaluate(node.pipeline, dot, variables, run), run);
      return undefined;
    default:
      return node satisfies never;
  }
}

/** Runs a template that was defined, on its own data. */
function include(name: string, dot: Value, run: Run): void {
  const body = run.defined.get(name);
  if (body === undefined) throw new TemplateFailure(`the template ${JSON.stringify(name)} is not defined`);
  if (run.depth >= MAX_DEPTH) throw new TemplateFailure(`templates stand more than ${MAX_DEPTH} deep`);
  run.depth += 1;
  const variables = new Variables();
  variables.declare('$', dot);
  runBody(body, dot, variables, run);
  run.depth -= 1;
}

/** What a template that was defined writes, as a text. */
function included(args: readonly Value[], run: Run): string {
  const [name, dot] = args;
  if (typeof name !== 'string' || args.length > 2) {
    throw new TemplateFailure('tmpl takes the name of a template and its data');
  }
  const { output, chars } = run;
  run.output = [];
  include(name, dot, run);
  const text = run.output.join('');
  run.output = output;
  run.chars = chars;
  return text;
}

function runPrint(pipeline: Pipeline, dot: Dot, variables: Variables, run: Run): void {
  const value = evaluate(pipeline, dot, variables, run);
  if (pipeline.variables.length === 0) write(printed(value), run);
}

function runChoice(
  node: Extract<TemplateNode, { kind: 'if' | 'with' }>,
  dot: Dot,
  outer: Variables,
  run: Run,
): Leaving {
  const variables = new Variables(outer);
  const value = evaluate(node.pipeline, dot, variables, run);
  if (!isTrue(value)) return runBody(node.otherwise, dot, variables, run);
  return runBody(node.body, node.kind === 'with' ? value : dot, variables, run);
}

/** A nil that is printed is told apart from an empty text, as Go does. */
function printed(value: Value): string {
  return value === undefined ? '<no value>' : formatValue(value);
}

function runRange(
  node: Extract<TemplateNode, { kind: 'range' }>,
  dot: Dot,
  variables: Variables,
  run: Run,
): Leaving {
  const { commands, variables: names } = node.pipeline;
  const value = evaluate({ commands, variables: [], declares: false }, dot, new Variables(variables), run);
  const elements = elementsOf(value);
  if (elements.length === 0) return runBody(node.otherwise, dot, variables, run);
  for (const [key, element] of elements) {
    count(run);
    const inner = new Variables(variables);
    if (names.length > 0) assign(node.pipeline, names.length === 1 ? [element] : [key, element], inner);
    const leaving = runBody(node.body, element, inner, run);
    if (leaving === 'break') break;
  }
  return undefined;
}

function elementsOf(value: Value): readonly (readonly [key: Value, element: Value])[] {
  if (isList(value)) return value.map((element, index) => [BigInt(index), element]);
  if (value instanceof Map) return [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  if (typeof value === 'bigint') {
    if (value > BigInt(MAX_STEPS)) throw new TemplateFailure(`it takes more than ${MAX_STEPS} steps`);
    return Array.from({ length: Math.max(0, Number(value)) }, (_element, index) => [
      BigInt(index),
      BigInt(index),
    ]);
  }
  if (value === undefined) return [];
  throw new TemplateFailure(`range cannot go over a ${typeName(value)}`);
}

function evaluate(pipeline: Pipeline, dot: Dot, variables: Variables, run: Run): Value {
  let value: Value;
  pipeline.commands.forEach((command, index) => {
    value = call(command, index === 0 ? [] : [value], { dot, variables, run });
  });
  assign(pipeline, [value], variables);
  return value;
}

function assign(
  { variables: names, declares }: Pipeline,
  values: readonly Value[],
  variables: Variables,
): void {
  names.forEach((name, index) => {
    if (declares) variables.declare(name, values[index]);
    else variables.assign(name, values[index]);
  });
}

interface Place {
  readonly dot: Dot;
  readonly variables: Variables;
  readonly run: Run;
}

function call(command: readonly Operand[], piped: readonly Value[], place: Place): Value {
  count(place.run);
  const [first, ...rest] = command;
  if (first === undefined) return undefined;
  if (first.kind !== 'function') return valueOf(first, place);
  if (first.name === 'and' || first.name === 'or') return shortCircuit(first.name, rest, piped, place);
  return apply(first.name, [...rest.map((operand) => valueOf(operand, place)), ...piped], place);
}

function apply(name: string, args: readonly Value[], { run }: Place): Value {
  if (name === 'tmpl') return included(args, run);
  const template = FUNCTIONS.get(name);
  if (template === undefined) throw new TemplateFailure(`the function ${name} is not defined`);
  return template(args, run.scope);
}

/** The first argument that decides, or the last one. */
function shortCircuit(
  name: 'and' | 'or',
  operands: readonly Operand[],
  piped: readonly Value[],
  place: Place,
): Value {
  const decides = name === 'or';
  let value: Value;
  for (const operand of operands) {
    value = valueOf(operand, place);
    if (isTrue(value) === decides) return value;
  }
  return piped.length > 0 ? piped[0] : value;
}

function valueOf(operand: Operand, place: Place): Value {
  switch (operand.kind) {
    case 'dot':
      return place.dot instanceof Given ? place.dot.all() : place.dot;
    case 'nil':
      return undefined;
    case 'constant':
      return operand.value;
    case 'function':
      return apply(operand.name, [], place);
    case 'variable':
      return place.variables.read(operand.name);
    case 'pipeline':
      return evaluate(operand.pipeline, place.dot, new Variables(place.variables), place.run);
    case 'fields':
      return operand.names.reduce(fieldOf, valueOf(operand.of, place));
    default:
      return operand satisfies never;
  }
}

/** A label that is missing is empty, as Prometheus sets its templates up. */
function fieldOf(value: Value, name: string): Value {
  if (value instanceof Map) return value.has(name) ? value.get(name) : '';
  if (value instanceof Sample && name === 'Labels') return value.labels;
  if (value instanceof Sample && name === 'Value') return value.value;
  throw new TemplateFailure(`a ${typeName(value)} has no field ${name}`);
}
