import { METRIC_NAME } from '../../config/model/labels.ts';
import { messageOf } from '../../config/model/errors.ts';
import type { Matcher } from '../../config/model/series.ts';
import { compilePattern } from '../../config/runtime/regex.ts';
import type { Expr, Shift, VectorSelector } from './ast.ts';
import { takeSignedNumber, takeString, type Cursor } from './cursor.ts';

const UNSHIFTED: Shift = { offsetMs: 0, at: undefined };
const CONTEXT = 'label matching';
const OPERATOR = { context: CONTEXT, expected: 'label matching operator' };
const OPS = ['=', '!=', '=~', '!~'] as const;

/** A metric's name, matchers in braces, or both. */
export function parseSelector(cursor: Cursor): VectorSelector {
  const { from } = cursor.peek();
  const matchers: Matcher[] = [];
  const isNamed = cursor.peek().kind === 'word';
  if (isNamed) matchers.push(nameMatcher(cursor.next().text));
  if (cursor.accept('{')) parseMatchers(cursor, matchers);
  if (isNamed) refuseSecondName(matchers, (message) => cursor.fault(from, message));
  const selector: VectorSelector = {
    kind: 'selector',
    from,
    to: cursor.lastEnd(),
    matchers,
    shift: UNSHIFTED,
  };
  if (!matchers.some(isRestrictive)) {
    throw cursor.fault(from, 'vector selector must contain at least one non-empty matcher');
  }
  return selector;
}

function nameMatcher(value: string): Matcher {
  return { name: METRIC_NAME, op: '=', value };
}

/** Whether it refuses the empty text: a selector of none but others would select everything. */
function isRestrictive({ op, value }: Matcher): boolean {
  if (op === '=') return value !== '';
  if (op === '!=') return value === '';
  return compilePattern(`^(?s:${value})$`).isIn('') === (op === '!~');
}

function parseMatchers(cursor: Cursor, matchers: Matcher[]): void {
  while (!cursor.accept('}')) {
    matchers.push(parseMatcher(cursor));
    if (!cursor.accept(',')) {
      cursor.expect('}', { context: CONTEXT, expected: '"," or "}"' });
      return;
    }
  }
}

/** `name op "value"`, or a metric's name in quotes. */
function parseMatcher(cursor: Cursor): Matcher {
  const isQuoted = cursor.peek().kind === 'string';
  const name = isQuoted ? takeString(cursor) : takeWord(cursor);
  const op = OPS.find((candidate) => cursor.accept(candidate));
  if (op === undefined) {
    return isQuoted ? nameMatcher(name) : cursor.unexpected(OPERATOR);
  }
  const at = cursor.peek().from;
  const value = takeString(cursor, { context: CONTEXT, expected: 'string' });
  if (op === '=~' || op === '!~') refuseBadPattern(cursor, value, at);
  return { name, op, value };
}

function refuseBadPattern(cursor: Cursor, pattern: string, at: number): void {
  try {
    compilePattern(pattern);
  } catch (cause) {
    throw cursor.fault(at, messageOf(cause));
  }
}

/** A name in front of the braces is the only condition for the name that there may be. */
function refuseSecondName(matchers: readonly Matcher[], fault: (message: string) => Error): void {
  const [first, second] = matchers.filter(({ name }) => name === METRIC_NAME);
  if (first === undefined || second === undefined) return;
  const both = `${JSON.stringify(first.value)} or ${JSON.stringify(second.value)}`;
  throw fault(`metric name must not be set twice: ${both}`);
}

function takeWord(cursor: Cursor): string {
  if (cursor.peek().kind === 'word') return cursor.next().text;
  return cursor.unexpected({ context: CONTEXT, expected: 'identifier or "}"' });
}

const OFFSET = { context: 'offset', expected: 'number or duration' };
const AT = { context: '@', expected: 'timestamp' };

/** `offset 5m` or `@ 123`, put on what stands before. */
export function parseShift(cursor: Cursor, expr: Expr): Expr {
  const { from } = expr;
  if (cursor.accept('offset')) {
    const offsetMs = takeSignedNumber(cursor, OFFSET) * 1_000;
    return shifted({ cursor, expr, what: 'offset' }, (shift) => {
      if (shift.offsetMs !== 0) throw cursor.fault(from, 'offset may not be set multiple times');
      return { ...shift, offsetMs: Math.round(offsetMs) };
    });
  }
  cursor.expect('@');
  const at = parseAt(cursor, from);
  return shifted({ cursor, expr, what: '@' }, (shift) => {
    if (shift.at !== undefined) throw cursor.fault(from, '@ <timestamp> may not be set multiple times');
    return { ...shift, at };
  });
}

function parseAt(cursor: Cursor, from: number): Shift['at'] {
  for (const end of ['start', 'end'] as const) {
    if (!cursor.isNext(end)) continue;
    cursor.next();
    cursor.expect('(', AT);
    cursor.expect(')', AT);
    return end;
  }
  const atMs = Math.round(takeSignedNumber(cursor, AT) * 1_000);
  if (!Number.isFinite(atMs)) throw cursor.fault(from, 'timestamp out of bounds for @ modifier');
  return { atMs };
}

interface Shifting {
  readonly cursor: Cursor;
  readonly expr: Expr;
  readonly what: string;
}

function shifted({ cursor, expr, what }: Shifting, change: (shift: Shift) => Shift): Expr {
  const to = cursor.lastEnd();
  if (expr.kind === 'selector' || expr.kind === 'subquery') {
    return { ...expr, to, shift: change(expr.shift) };
  }
  if (expr.kind === 'matrix') {
    return { ...expr, to, selector: { ...expr.selector, shift: change(expr.selector.shift) } };
  }
  const before = 'an instant vector selector or range vector selector or a subquery';
  throw cursor.fault(expr.from, `${what} modifier must be preceded by ${before}`);
}
