import {
  AGGREGATIONS,
  type AggregationOp,
  type BinaryOp,
  type Expr,
  type Grouping,
  type Matching,
} from './ast.ts';
import { checkTypes } from './check-types.ts';
import { createCursor, takeNumber, takeSignedNumber, takeString, type Cursor } from './cursor.ts';
import { FUNCTIONS } from './functions.ts';
import { parseSelector, parseShift } from './parse-selector.ts';
import { flagFault, isLabelWord, isMetricWord, wordType } from './words.ts';

/** How tightly operators bind; equal ones from the left, powers from the right. */
const PRECEDENCE: Readonly<Record<BinaryOp, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};
const POWER = PRECEDENCE['^'];
const OPERATORS = Object.keys(PRECEDENCE) as readonly BinaryOp[];

/** How deep expressions may stand in each other: a bound for what a hostile text can do to the stack. */
const MAX_DEPTH = 200;
/** The same for operators in a row, of which each stands in the next. */
const MAX_HEIGHT = 1_000;

/**
 * Reads a PromQL expression and checks its types.
 * @throws {WatchkeeperError} `query_invalid` with line and column.
 */
export function parseExpression(text: string): Expr {
  const cursor = createCursor(text);
  if (cursor.peek().kind === 'end') throw cursor.fault(0, 'no expression found in input');
  const expr = parseBinary(cursor, 1, 0);
  if (cursor.peek().kind !== 'end') cursor.unexpected();
  checkTypes(expr, text);
  return expr;
}

function parseBinary(cursor: Cursor, lowest: number, depth: number): Expr {
  if (depth > MAX_DEPTH) throw cursor.fault(cursor.peek().from, 'expression is nested too deeply');
  let left = parseUnary(cursor, depth);
  for (let height = depth; ; height += 1) {
    const op = OPERATORS.find((candidate) => cursor.isNext(candidate));
    if (op === undefined || PRECEDENCE[op] < lowest) return left;
    if (height > MAX_HEIGHT) throw cursor.fault(left.to, 'expression is nested too deeply');
    const { from: opFrom } = cursor.next();
    const isBool = cursor.accept('bool');
    const matching = parseMatching(cursor);
    const tighter = op === '^' ? POWER : PRECEDENCE[op] + 1;
    const right = parseBinary(cursor, tighter, depth + 1);
    left = { kind: 'binary', op, opFrom, left, right, isBool, matching, from: left.from, to: right.to };
  }
}

function parseUnary(cursor: Cursor, depth: number): Expr {
  const { from, text } = cursor.peek();
  if (!cursor.isNext('-') && !cursor.isNext('+')) return parsePostfix(cursor, depth);
  cursor.next();
  const expr = parseBinary(cursor, POWER, depth + 1);
  const isMinus = text === '-';
  if (expr.kind === 'number') return { ...expr, from, value: isMinus ? -expr.value : expr.value };
  return { kind: 'unary', op: isMinus ? '-' : '+', expr, from, to: expr.to };
}

function parsePostfix(cursor: Cursor, depth: number): Expr {
  let expr = parsePrimary(cursor, depth);
  for (;;) {
    if (cursor.isNext('[')) expr = parseRange(cursor, expr);
    else if (cursor.isNext('offset') || cursor.isNext('@')) expr = parseShift(cursor, expr);
    else return expr;
  }
}

function parsePrimary(cursor: Cursor, depth: number): Expr {
  const { kind, from, text } = cursor.peek();
  if (cursor.isNext('{')) return parseSelector(cursor);
  if (kind === 'string') {
    return { kind: 'string', value: takeString(cursor), from, to: cursor.lastEnd() };
  }
  if (cursor.accept('(')) {
    const expr = parseBinary(cursor, 1, depth + 1);
    cursor.expect(')');
    return { kind: 'paren', expr, from, to: cursor.lastEnd() };
  }
  const value = takeNumber(cursor);
  if (value !== undefined) return { kind: 'number', value, from, to: cursor.lastEnd() };
  return kind === 'word' && isMetricWord(text) ? parseNamed(cursor, depth) : cursor.unexpected();
}

/** What starts with a word: an aggregation, a function's call or a selector. */
function parseNamed(cursor: Cursor, depth: number): Expr {
  const { from, text } = cursor.peek();
  if (!isApplied(cursor)) return parseSelector(cursor);
  const op = AGGREGATIONS.find((candidate) => candidate === text.toLowerCase());
  if (op !== undefined) return parseAggregate(cursor, op, depth);
  if (!Object.hasOwn(FUNCTIONS, text)) {
    const unknown = `unknown function with name ${JSON.stringify(text)}`;
    throw cursor.fault(from, flagFault(text) ?? unknown);
  }
  cursor.next();
  const args = parseArguments(cursor, depth);
  return { kind: 'call', name: text, args, from, to: cursor.lastEnd() };
}

/** Whether the next word is no name of a metric: it has arguments, or what it groups by. */
function isApplied(cursor: Cursor): boolean {
  const type = wordType(cursor.peek().text);
  if (type === 'aggr' && (cursor.isNext('by', 1) || cursor.isNext('without', 1))) return true;
  return cursor.isNext('(', 1) && type !== 'keyword' && type !== 'op';
}

function parseArguments(cursor: Cursor, depth: number): readonly Expr[] {
  const args: Expr[] = [];
  cursor.expect('(');
  if (cursor.accept(')')) return args;
  for (;;) {
    args.push(parseBinary(cursor, 1, depth + 1));
    const { from } = cursor.peek();
    if (!cursor.accept(',')) break;
    if (!cursor.isNext(')') && !cursor.isNext(',')) continue;
    throw cursor.fault(from, 'trailing commas not allowed in function call args');
  }
  cursor.expect(')');
  return args;
}

const WITH_PARAMETER: ReadonlySet<AggregationOp> = new Set(['topk', 'bottomk', 'quantile', 'count_values']);

function parseAggregate(cursor: Cursor, op: AggregationOp, depth: number): Expr {
  const { from } = cursor.next();
  const before = parseGrouping(cursor);
  const args = cursor.within('aggregation', () => parseArguments(cursor, depth));
  const grouping = before ?? parseGrouping(cursor) ?? { isWithout: false, labels: [] };
  const to = cursor.lastEnd();
  const wanted = WITH_PARAMETER.has(op) ? 2 : 1;
  const expr = args[wanted - 1];
  if (args.length === 0 || expr === undefined || args.length > wanted) {
    const expected = `wrong number of arguments for aggregate expression provided, expected ${wanted}`;
    const nothing = 'no arguments for aggregate expression provided';
    throw cursor.fault(from, args.length === 0 ? nothing : `${expected}, got ${args.length}`);
  }
  return { kind: 'aggregate', op, param: wanted === 2 ? args[0] : undefined, expr, grouping, from, to };
}

function parseGrouping(cursor: Cursor): Grouping | undefined {
  const isWithout = cursor.isNext('without');
  if (!isWithout && !cursor.isNext('by')) return undefined;
  cursor.next();
  return { isWithout, labels: parseLabels(cursor) };
}

function parseLabels(cursor: Cursor): readonly string[] {
  const context = 'grouping opts';
  const labels: string[] = [];
  cursor.expect('(', { context, expected: '"("' });
  while (!cursor.accept(')')) {
    const { kind, text } = cursor.peek();
    if (kind === 'string') labels.push(takeString(cursor));
    else if (kind === 'word' && isLabelWord(text)) labels.push(cursor.next().text);
    else cursor.unexpected({ context, expected: 'label' });
    if (!cursor.accept(',')) {
      cursor.expect(')', { context, expected: '"," or ")"' });
      break;
    }
  }
  return labels;
}

function parseMatching(cursor: Cursor): Matching | undefined {
  const isOn = cursor.isNext('on');
  if (!isOn && !cursor.isNext('ignoring')) return undefined;
  cursor.next();
  const labels = parseLabels(cursor);
  const many = cursor.accept('group_left') ? 'left' : cursor.accept('group_right') ? 'right' : 'none';
  const include = many !== 'none' && cursor.isNext('(') ? parseLabels(cursor) : [];
  return { isOn, labels, many, include };
}

function parseRange(cursor: Cursor, expr: Expr): Expr {
  const { from: at } = cursor.expect('[');
  const rangeMs = parsePositive(cursor);
  if (!cursor.accept(':')) {
    cursor.expect(']', { context: 'subquery or range', expected: '":" or "]"' });
    return matrix({ cursor, expr, rangeMs, at });
  }
  const stepMs = cursor.isNext(']') ? undefined : parsePositive(cursor);
  cursor.expect(']', { context: 'subquery selector', expected: '"]"' });
  const shift = { offsetMs: 0, at: undefined };
  return { kind: 'subquery', expr, rangeMs, stepMs, shift, from: expr.from, to: cursor.lastEnd() };
}

function matrix(written: { cursor: Cursor; expr: Expr; rangeMs: number; at: number }): Expr {
  const { cursor, expr, rangeMs, at } = written;
  if (expr.kind !== 'selector') throw cursor.fault(at, 'ranges only allowed for vector selectors');
  if (expr.shift.offsetMs !== 0) throw cursor.fault(at, 'no offset modifiers allowed before range');
  if (expr.shift.at !== undefined) throw cursor.fault(at, 'no @ modifiers allowed before range');
  return { kind: 'matrix', selector: expr, rangeMs, from: expr.from, to: cursor.lastEnd() };
}

const RANGE = { context: 'subquery or range selector', expected: 'number or duration' };

function parsePositive(cursor: Cursor): number {
  const { from } = cursor.peek();
  const durationMs = Math.round(takeSignedNumber(cursor, RANGE) * 1_000);
  if (!(durationMs > 0)) throw cursor.fault(from, 'duration must be greater than 0');
  return durationMs;
}
