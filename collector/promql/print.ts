import type { Matcher } from '../../config/model/series.ts';
import {
  visit,
  type Aggregate,
  type Binary,
  type Expr,
  type Shift,
  type VectorSelector,
  type Visitor,
} from './ast.ts';

/** The expression as text that any Prometheus reads; `more` are conditions that every selector gets besides its own. */
export function printed(expr: Expr, more: readonly Matcher[] = []): string {
  const print = (own: Expr): string => visit<string>(own, visitor);
  const inner = (own: Expr): string => (own.kind === 'paren' ? print(own) : `(${print(own)})`);
  const selector = ({ matchers }: VectorSelector): string =>
    `{${[...matchers, ...more].map(({ name, op, value }) => `${labelText(name)}${op}${JSON.stringify(value)}`).join(',')}}`;
  const visitor: Visitor<string> = {
    number: ({ value }) => numberText(value),
    string: ({ value }) => JSON.stringify(value),
    selector: (own) => selector(own) + shiftText(own.shift),
    matrix: ({ selector: own, rangeMs }) => `${selector(own)}[${rangeMs}ms]${shiftText(own.shift)}`,
    subquery: ({ expr: own, rangeMs, stepMs, shift }) =>
      `${inner(own)}[${rangeMs}ms:${stepMs === undefined ? '' : `${stepMs}ms`}]${shiftText(shift)}`,
    paren: ({ expr: own }) => `(${print(own)})`,
    unary: ({ op, expr: own }) => `${op}${inner(own)}`,
    call: ({ name, args }) => `${name}(${args.map(print).join(', ')})`,
    aggregate: (own) => aggregateText(own, print),
    binary: (own) => binaryText(own, inner),
  };
  return print(expr);
}

function aggregateText({ op, param, expr, grouping }: Aggregate, print: (expr: Expr) => string): string {
  const { isWithout, labels } = grouping;
  const by = isWithout || labels.length > 0 ? ` ${isWithout ? 'without' : 'by'} ${listText(labels)} ` : ' ';
  return `${op}${by}(${param === undefined ? '' : `${print(param)}, `}${print(expr)})`;
}

/** Each side stands in parentheses of its own, so that nothing has to be known of precedence. */
function binaryText({ op, left, right, isBool, matching }: Binary, inner: (expr: Expr) => string): string {
  const words: string[] = [op];
  if (isBool) words.push('bool');
  if (matching !== undefined) {
    const { isOn, labels, many, include } = matching;
    words.push(`${isOn ? 'on' : 'ignoring'} ${listText(labels)}`);
    if (many !== 'none') words.push(`${many === 'left' ? 'group_left' : 'group_right'} ${listText(include)}`);
  }
  return `${inner(left)} ${words.join(' ')} ${inner(right)}`;
}

function listText(labels: readonly string[]): string {
  return `(${labels.map(labelText).join(', ')})`;
}

/** Names that old versions know stand without quotes. */
function labelText(name: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : JSON.stringify(name);
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? 'Inf' : '-Inf';
}

function shiftText({ offsetMs, at }: Shift): string {
  const offset = offsetMs === 0 ? '' : ` offset ${offsetMs < 0 ? '-' : ''}${Math.abs(offsetMs)}ms`;
  if (at === undefined) return offset;
  return ` @ ${typeof at === 'string' ? `${at}()` : at.atMs / 1_000}${offset}`;
}
