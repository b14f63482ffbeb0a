import { TemplateFailure } from './failure.ts';
import { isTrue, typeName, type Value } from './value.ts';

/** Go's comparison functions: int and float64 do not compare, just as there. */

type Basic = string | number | bigint | boolean;

function basic(value: Value): Basic {
  if (value === undefined || typeof value === 'object') {
    throw new TemplateFailure(`a ${typeName(value)} cannot be compared`);
  }
  return value;
}

function isEqual(a: Value, b: Value): boolean {
  const left = basic(a);
  const right = basic(b);
  if (typeof left !== typeof right) throw new TemplateFailure('incompatible types for comparison');
  return left === right;
}

function isLess(a: Value, b: Value): boolean {
  const left = basic(a);
  if (typeof left === 'boolean') throw new TemplateFailure('a bool has no order');
  const right = basic(b);
  if (typeof left !== typeof right) throw new TemplateFailure('incompatible types for comparison');
  return left < right;
}

const two =
  (name: string, compare: (a: Value, b: Value) => boolean) =>
  (args: readonly Value[]): boolean => {
    if (args.length !== 2) throw new TemplateFailure(`${name} takes 2 arguments, not ${args.length}`);
    return compare(args[0], args[1]);
  };

export const COMPARISONS: Readonly<Record<string, (args: readonly Value[]) => Value>> = {
  /** True when the first equals one of the others. */
  eq([first, ...others]) {
    if (others.length === 0) throw new TemplateFailure('eq lacks what to compare with');
    return others.some((other) => isEqual(first, other));
  },
  ne: two('ne', (a, b) => !isEqual(a, b)),
  lt: two('lt', isLess),
  le: two('le', (a, b) => isLess(a, b) || isEqual(a, b)),
  gt: two('gt', (a, b) => !isLess(a, b) && !isEqual(a, b)),
  ge: two('ge', (a, b) => !isLess(a, b)),
  not(args) {
    if (args.length !== 1) throw new TemplateFailure(`not takes 1 argument, not ${args.length}`);
    return !isTrue(args[0]);
  },
};
