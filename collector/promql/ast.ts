import type { Matcher } from '../../config/model/series.ts';

/** What an expression yields. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

/** Where a node stands in the text: characters from 0, the end not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type ArithmeticOp = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOp = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type SetOp = 'and' | 'or' | 'unless';
export type BinaryOp = ArithmeticOp | ComparisonOp | SetOp;

export const AGGREGATIONS = [
  'sum',
  'avg',
  'count',
  'min',
  'max',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'quantile',
  'count_values',
] as const;
export type AggregationOp = (typeof AGGREGATIONS)[number];

/** A fixed instant, or one end of the range that is asked for. */
export type At = { readonly atMs: number } | 'start' | 'end';

/** When a selector or subquery looks, seen from the instant of the evaluation. */
export interface Shift {
  readonly offsetMs: number;
  readonly at: At | undefined;
}

export interface NumberLiteral extends Span {
  readonly kind: 'number';
  readonly value: number;
}

export interface StringLiteral extends Span {
  readonly kind: 'string';
  readonly value: string;
}

export interface VectorSelector extends Span {
  readonly kind: 'selector';
  /** With the one for `__name__`. */
  readonly matchers: readonly Matcher[];
  readonly shift: Shift;
}

export interface MatrixSelector extends Span {
  readonly kind: 'matrix';
  readonly selector: VectorSelector;
  readonly rangeMs: number;
}

export interface Subquery extends Span {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly rangeMs: number;
  /** Absent: the engine's own. */
  readonly stepMs: number | undefined;
  readonly shift: Shift;
}

export interface Call extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
}

/** How elements are put together: by these labels, or by all but these. */
export interface Grouping {
  readonly isWithout: boolean;
  readonly labels: readonly string[];
}

export interface Aggregate extends Span {
  readonly kind: 'aggregate';
  readonly op: AggregationOp;
  readonly param: Expr | undefined;
  readonly expr: Expr;
  readonly grouping: Grouping;
}

export interface Matching {
  readonly isOn: boolean;
  readonly labels: readonly string[];
  /** Which side may have many elements for one of the other. */
  readonly many: 'none' | 'left' | 'right';
  /** Labels that the result takes from the one side. */
  readonly include: readonly string[];
}

export interface Binary extends Span {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  /** Where the operator stands in the text. */
  readonly opFrom: number;
  readonly left: Expr;
  readonly right: Expr;
  readonly isBool: boolean;
  /** As written; absent where nothing is. */
  readonly matching: Matching | undefined;
}

export interface Unary extends Span {
  readonly kind: 'unary';
  readonly op: '+' | '-';
  readonly expr: Expr;
}

export interface Paren extends Span {
  readonly kind: 'paren';
  readonly expr: Expr;
}

export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregate
  | Binary
  | Unary
  | Paren;

export const COMPARISONS: ReadonlySet<string> = new Set<ComparisonOp>(['==', '!=', '<', '<=', '>', '>=']);
export const SET_OPS: ReadonlySet<string> = new Set<SetOp>(['and', 'or', 'unless']);

export function isComparison(op: BinaryOp): op is ComparisonOp {
  return COMPARISONS.has(op);
}

export function isSetOp(op: BinaryOp): op is SetOp {
  return SET_OPS.has(op);
}

/** The expression inside of any number of parentheses. */
export function unwrapped(expr: Expr): Expr {
  return expr.kind === 'paren' ? unwrapped(expr.expr) : expr;
}

/** What to do with an expression of each kind. */
export type Visitor<T> = { readonly [K in Expr['kind']]: (expr: Extract<Expr, { kind: K }>) => T };

export function visit<T>(expr: Expr, visitor: Visitor<T>): T {
  const see = visitor[expr.kind] as (expr: Expr) => T;
  return see(expr);
}
