import type { ArithmeticOp, BinaryOp, ComparisonOp } from '../ast.ts';

export const ARITHMETIC: Readonly<Record<ArithmeticOp, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': power,
  atan2: Math.atan2,
};

export const COMPARISON: Readonly<Record<ComparisonOp, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** Of two plain numbers; a comparison is 1 or 0. */
export function scalarOperator(op: BinaryOp): (left: number, right: number) => number {
  if (Object.hasOwn(ARITHMETIC, op)) return ARITHMETIC[op as ArithmeticOp];
  const compare = COMPARISON[op as ComparisonOp];
  return (left, right) => (compare(left, right) ? 1 : 0);
}

/** As IEEE 754 and Go have it: one to any power is one, also to NaN and to infinity. */
function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) return 1;
  return base ** exponent;
}
