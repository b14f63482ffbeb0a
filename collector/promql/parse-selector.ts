import { METRIC_NAME } from '../../config/model/labels.ts';
import type { Matcher } from '../../config/model/series.ts';
import type { Expr, Shift, VectorSelector } from './ast.ts';
import { takeSignedNumber, takeString, type Cursor } from './cursor.ts';

const UNSHIFTED: Shift = { offsetMs: 0, at: undefined };
const OPS = ['=', '!=', '=~', '!~'] as const;

/** A metric's name, matchers in braces, or both. */
export function parseSelector(cursor: Cursor): VectorSelector {
  const { from } = cursor.peek();
  const matchers: Matcher[] = [];
  if (cursor.peek().kind === 'word') matchers.push(nameMatcher(cursor.next().text));
  if (cursor.accept('{')) parseMatchers(cursor, matchers);
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
  const acceptsEmpty = value === '' || /^(\.\*|\(.*\)\?|\w\*)$/.test(value);
  return op === '=~' ? !acceptsEmpty : acceptsEmpty;
}

function parseMatchers(cursor: Cursor, matchers: Matcher[]): void {
  const context = 'label matching';
  while (!cursor.accept('}')) {
    const at = cursor.peek().from;
    const isQuoted = cursor.peek().kind === 'string';
    const name = isQuoted ? takeString(cursor, context) : takeWord(cursor, context);
    const op = OPS.find((candidate) => cursor.accept(candidate));
    if (op !== undefined) matchers.push({ name, op, value: takeString(cursor, context) });
    else if (!isQuoted) cursor.unexpected(context, 'label matching operator');
    else addQuotedName({ cursor, matchers, name, at });
    if (!cursor.accept(',')) {
      cursor.expect('}', context);
      return;
    }
  }
}

interface QuotedName {
  readonly cursor: Cursor;
  readonly matchers: Matcher[];
  readonly name: string;
  readonly at: number;
}

function addQuotedName({ cursor, matchers, name, at }: QuotedName): void {
  const known = matchers.find((matcher) => matcher.name === METRIC_NAME && matcher.op === '=');
  if (known !== undefined) {
    const both = `${JSON.stringify(known.value)} or ${JSON.stringify(name)}`;
    throw cursor.fault(at, `metric name must not be set twice: ${both}`);
  }
  matchers.push(nameMatcher(name));
}

function takeWord(cursor: Cursor, context: string): string {
  return cursor.peek().kind === 'word' ? cursor.next().text : cursor.unexpected(context, 'identifier or "}"');
}

/** `offset 5m` or `@ 123`, put on what stands before. */
export function parseShift(cursor: Cursor, expr: Expr): Expr {
  const { from } = cursor.peek();
  if (cursor.accept('offset')) {
    const offsetMs = takeSignedNumber(cursor, 'offset') * 1_000;
    return shifted({ cursor, expr, from, what: 'offset' }, (shift) => {
      if (shift.offsetMs !== 0) throw cursor.fault(from, 'offset may not be set multiple times');
      return { ...shift, offsetMs: Math.round(offsetMs) };
    });
  }
  cursor.expect('@', 'expression');
  const at = parseAt(cursor, from);
  return shifted({ cursor, expr, from, what: '@' }, (shift) => {
    if (shift.at !== undefined) throw cursor.fault(from, '@ <timestamp> may not be set multiple times');
    return { ...shift, at };
  });
}

function parseAt(cursor: Cursor, from: number): Shift['at'] {
  for (const end of ['start', 'end'] as const) {
    if (!cursor.isNext(end)) continue;
    cursor.next();
    cursor.expect('(', '@');
    cursor.expect(')', '@');
    return end;
  }
  const atMs = Math.round(takeSignedNumber(cursor, '@') * 1_000);
  if (!Number.isFinite(atMs)) throw cursor.fault(from, 'timestamp out of bounds for @ modifier');
  return { atMs };
}

interface Shifting {
  readonly cursor: Cursor;
  readonly expr: Expr;
  readonly from: number;
  readonly what: string;
}

function shifted({ cursor, expr, from, what }: Shifting, change: (shift: Shift) => Shift): Expr {
  const to = cursor.lastEnd();
  if (expr.kind === 'selector' || expr.kind === 'subquery') {
    return { ...expr, to, shift: change(expr.shift) };
  }
  if (expr.kind === 'matrix') {
    return { ...expr, to, selector: { ...expr.selector, shift: change(expr.selector.shift) } };
  }
  const before = 'an instant vector selector or range vector selector or a subquery';
  throw cursor.fault(from, `${what} modifier must be preceded by ${before}`);
}
