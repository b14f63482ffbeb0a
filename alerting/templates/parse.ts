import { actionOf, type Action } from './action.ts';
import { numberOf, unquote } from './literals.ts';
import { lex, TemplateSyntaxError, type Piece, type Token } from './lex.ts';

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipeline: Pipeline }
  | { readonly kind: 'if'; readonly pipeline: Pipeline; readonly body: Body; readonly otherwise: Body }
  | { readonly kind: 'with'; readonly pipeline: Pipeline; readonly body: Body; readonly otherwise: Body }
  | { readonly kind: 'range'; readonly pipeline: Pipeline; readonly body: Body; readonly otherwise: Body }
  | { readonly kind: 'break' | 'continue' }
  /** Another template in this place; without a pipeline on nothing. */
  | { readonly kind: 'template'; readonly name: string; readonly pipeline: Pipeline | undefined };

export type Body = readonly TemplateNode[];

/** A template with those that it defines for its own use, by their names. */
export interface ParsedTemplate {
  readonly body: Body;
  readonly defined: ReadonlyMap<string, Body>;
}

export interface Pipeline {
  /** Variables that it sets, with their `$`; two only in `range $i, $x := …`. */
  readonly variables: readonly string[];
  /** Whether it makes the variables (`:=`) or sets ones that are there (`=`). */
  readonly declares: boolean;
  /** Each takes the value of the one before it as its last argument. */
  readonly commands: readonly (readonly Operand[])[];
}

export type Operand =
  | { readonly kind: 'dot' | 'nil' }
  | { readonly kind: 'constant'; readonly value: string | number | bigint | boolean }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
  | { readonly kind: 'fields'; readonly of: Operand; readonly names: readonly string[] };

/** How deep blocks and brackets may stand in each other. */
const MAX_DEPTH = 50;
const BLOCKS = ['if', 'with', 'range'] as const;

/** @throws {TemplateSyntaxError} also for a function that is not among `functions` or a variable that nothing sets. */
export function parse(
  template: string,
  known: { functions: ReadonlySet<string>; variables: readonly string[] },
): ParsedTemplate {
  const reader: Reader = {
    pieces: lex(template),
    next: 0,
    functions: known.functions,
    scopes: [[...known.variables, '$']],
    loops: 0,
    defined: new Map(),
  };
  const { body, ended } = parseBody(reader);
  if (ended !== undefined)
    throw new TemplateSyntaxError(`{{${ended.word}}} has nothing before it that it belongs to`, ended.line);
  return { body, defined: reader.defined };
}

interface Reader {
  readonly pieces: readonly Piece[];
  next: number;
  readonly functions: ReadonlySet<string>;
  /** Names of the variables that can be seen, innermost last. */
  scopes: string[][];
  loops: number;
  readonly defined: Map<string, Body>;
}

/** What ended a body: `{{end}}` or `{{else …}}`, with what is left of its action. */
interface Ended {
  readonly word: 'end' | 'else';
  readonly rest: Action;
  readonly line: number;
}

function parseBody(reader: Reader): { body: TemplateNode[]; ended: Ended | undefined } {
  const body: TemplateNode[] = [];
  for (;;) {
    const piece = reader.pieces[reader.next];
    if (piece === undefined) return { body, ended: undefined };
    reader.next += 1;
    if (piece.kind === 'text') {
      body.push(piece);
      continue;
    }
    const action = actionOf(piece);
    const word = action.peek()?.kind === 'word' ? action.peek()?.text : undefined;
    if (word === 'end' || word === 'else') {
      action.take();
      if (word === 'end') action.expectEnd();
      return { body, ended: { word, rest: action, line: piece.line } };
    }
    body.push(...parseAction(action, word, reader));
  }
}

/** What an action writes: nothing where it only defines. */
function parseAction(action: Action, word: string | undefined, reader: Reader): readonly TemplateNode[] {
  if (word !== 'define') return [parseNode(action, word, reader)];
  parseDefinition(action, reader);
  return [];
}

function parseNode(action: Action, word: string | undefined, reader: Reader): TemplateNode {
  if (BLOCKS.includes(word as (typeof BLOCKS)[number])) {
    action.take();
    return parseBlock(word as (typeof BLOCKS)[number], action, reader);
  }
  if (word === 'break' || word === 'continue') {
    action.take();
    action.expectEnd();
    if (reader.loops === 0) throw action.fault(`{{${word}}} stands outside a range`);
    return { kind: word };
  }
  if (word === 'template') return parseInclusion(action, reader);
  if (word === 'block') throw action.fault('{{block}} is not supported in rules');
  const pipeline = parsePipeline(action, reader);
  action.expectEnd();
  return { kind: 'print', pipeline };
}

/** `{{define "name"}}…{{end}}`: it sees no variable from outside. */
function parseDefinition(action: Action, reader: Reader): void {
  action.take();
  const name = takeName(action);
  action.expectEnd();
  if (reader.scopes.length > 1) throw action.fault('{{define}} stands inside of another block');
  const { scopes } = reader;
  reader.scopes = [['$'], []];
  const { body, ended } = parseBody(reader);
  reader.scopes = scopes;
  if (ended?.word !== 'end') throw action.fault('{{define}} has no {{end}}');
  reader.defined.set(name, body);
}

/** `{{template "name"}}` or `{{template "name" pipeline}}`. */
function parseInclusion(action: Action, reader: Reader): TemplateNode {
  action.take();
  const name = takeName(action);
  const pipeline = action.peek() === undefined ? undefined : parsePipeline(action, reader);
  action.expectEnd();
  return { kind: 'template', name, pipeline };
}

function takeName(action: Action): string {
  const token = action.take();
  if (token.kind !== 'string') throw action.fault('the name of a template has to be in quotes');
  return String(unquote(token.text, action));
}

function parseBlock(kind: (typeof BLOCKS)[number], action: Action, reader: Reader): TemplateNode {
  if (reader.scopes.length > MAX_DEPTH)
    throw action.fault(`blocks stand more than ${MAX_DEPTH} deep in each other`);
  reader.scopes.push([]);
  const pipeline = parsePipeline(action, reader, kind === 'range');
  action.expectEnd();
  if (kind === 'range') reader.loops += 1;
  const { body, ended } = parseBody(reader);
  if (kind === 'range') reader.loops -= 1;
  reader.scopes.pop();
  if (ended === undefined) throw action.fault(`{{${kind}}} has no {{end}}`);
  return { kind, pipeline, body, otherwise: ended.word === 'end' ? [] : parseElse(ended, reader) };
}

function parseElse({ rest, line }: Ended, reader: Reader): Body {
  const next = rest.peek();
  if (next?.kind === 'word' && (next.text === 'if' || next.text === 'with')) {
    rest.take();
    return [parseBlock(next.text, rest, reader)];
  }
  rest.expectEnd();
  reader.scopes.push([]);
  const { body, ended } = parseBody(reader);
  reader.scopes.pop();
  if (ended?.word !== 'end') throw new TemplateSyntaxError('{{else}} has no {{end}}', line);
  return body;
}

function parsePipeline(action: Action, reader: Reader, isRange = false): Pipeline {
  const { variables, declares } = parseVariables(action, reader, isRange);
  const commands = [parseCommand(action, reader)];
  while (action.takeIf('|')) {
    const command = parseCommand(action, reader);
    if (command[0]?.kind !== 'function') throw action.fault('what follows | must be a function');
    commands.push(command);
  }
  if (declares) reader.scopes.at(-1)?.push(...variables);
  return { variables, declares, commands };
}

function parseCommand(action: Action, reader: Reader): readonly Operand[] {
  const command: Operand[] = [];
  for (let next = action.peek(); next !== undefined && !endsCommand(next); next = action.peek()) {
    command.push(parseOperand(action, reader));
  }
  const [first] = command;
  if (first === undefined) throw action.fault('a command is missing');
  if (first.kind === 'nil') throw action.fault('nil is no command');
  if (command.length > 1 && first.kind !== 'function') throw action.fault('only a function takes arguments');
  return command;
}

function endsCommand({ kind, text }: Token): boolean {
  return kind === 'symbol' && (text === '|' || text === ')');
}

/** `$x :=`, `$x =` and, in a range, `$i, $x :=`; a variable that is only used is none of these. */
function parseVariables(
  action: Action,
  reader: Reader,
  isRange: boolean,
): Pick<Pipeline, 'variables' | 'declares'> {
  const ahead = action.ahead().map(({ text }) => text);
  const count = isRange && ahead[1] === ',' ? 2 : 1;
  const variables = ahead.slice(0, count * 2).filter((text) => text.startsWith('$'));
  const operator = ahead[count * 2 - 1];
  if (variables.length < count || (operator !== ':=' && operator !== '=')) {
    return { variables: [], declares: false };
  }
  for (let taken = 0; taken < count * 2; taken += 1) action.take();
  const unknown = variables.find((name) => operator === '=' && !isKnown(reader, name));
  if (unknown !== undefined) throw action.fault(`the variable ${unknown} is not defined`);
  return { variables, declares: operator === ':=' };
}

function isKnown(reader: Reader, variable: string): boolean {
  return reader.scopes.some((names) => names.includes(variable));
}

function parseOperand(action: Action, reader: Reader): Operand {
  let operand = parseTerm(action, reader);
  const names: string[] = [];
  if (operand.kind === 'fields') return operand;
  for (let field = action.takeField(); field !== undefined; field = action.takeField()) names.push(field);
  if (names.length > 0) {
    if (operand.kind === 'constant' || operand.kind === 'nil') throw action.fault('a constant has no fields');
    operand = { kind: 'fields', of: operand, names };
  }
  return operand;
}

function parseTerm(action: Action, reader: Reader): Operand {
  const token = action.take();
  switch (token.kind) {
    case 'string':
      return { kind: 'constant', value: unquote(token.text, action) };
    case 'number':
      return { kind: 'constant', value: numberOf(token.text) };
    case 'variable':
      if (!isKnown(reader, token.text)) throw action.fault(`the variable ${token.text} is not defined`);
      return { kind: 'variable', name: token.text };
    case 'field': {
      const names = [token.text.slice(1)];
      for (let field = action.takeField(); field !== undefined; field = action.takeField()) names.push(field);
      return { kind: 'fields', of: { kind: 'dot' }, names };
    }
    case 'word':
      return wordOperand(token.text, action, reader);
    case 'symbol':
    case 'space':
      return parseSymbol(token, action, reader);
    default:
      return token.kind satisfies never;
  }
}

function wordOperand(word: string, action: Action, reader: Reader): Operand {
  if (word === 'nil') return { kind: 'nil' };
  if (word === 'true' || word === 'false') return { kind: 'constant', value: word === 'true' };
  if (!reader.functions.has(word)) throw action.fault(`the function ${JSON.stringify(word)} is not defined`);
  return { kind: 'function', name: word };
}

function parseSymbol(token: Token, action: Action, reader: Reader): Operand {
  if (token.text === '.') return { kind: 'dot' };
  if (token.text !== '(') throw action.fault(`${JSON.stringify(token.text)} is not expected here`);
  if (action.depth >= MAX_DEPTH)
    throw action.fault(`brackets stand more than ${MAX_DEPTH} deep in each other`);
  action.depth += 1;
  const pipeline = parsePipeline(action, reader);
  action.depth -= 1;
  if (!action.takeIf(')')) throw action.fault('a bracket ( has no )');
  return { kind: 'pipeline', pipeline };
}
