import { isComparison, isSetOp, unwrapped, visit, type Aggregate, type Binary, type Expr } from '../ast.ts';
import { typeOf } from '../check-types.ts';
import { evaluationFault, placeOf } from '../faults.ts';
import { aggregation, valueCounts } from './aggregate.ts';
import { scalarJudge, setOperator, vectorWithScalar, vectorWithVector } from './binary.ts';
import { callPlan, scalarCallPlan } from './calls.ts';
import { duplicateGuard } from './labels.ts';
import { passingPlan, selectorPlan } from './latest.ts';
import { mapped } from './map.ts';
import type { Compiler, NameRules } from './compiler.ts';
import { scalarOperator } from './operators.ts';
import { shareOutside } from './remarks.ts';
import { matrixPlan } from './select.ts';
import { subqueryPlan } from './subquery.ts';
import type { MatrixPlan, ScalarPlan, VectorPlan } from './types.ts';

/** Every node that keeps something in a scope has slots of its own. */
export function createCompiler(rules: NameRules, text: string): Compiler {
  let taken = 0;
  const compiler: Compiler = {
    rules,
    slots(count) {
      taken += count;
      return taken - count;
    },
    vector: (expr) => distinct(expr, vectorPlan(expr, compiler), rules),
    scalar: (expr) => scalarPlan(expr, compiler),
    matrix: (expr, reader) => rangePlan(expr, { compiler, text, reader }),
    string(expr) {
      const literal = unwrapped(expr);
      if (literal.kind !== 'string') throw evaluationFault('a string has to stand as it is');
      return literal.value;
    },
    place: (expr) => `(${placeOf(text, expr.from)})`,
  };
  return compiler;
}

/**
 * Where names go at once, each result is refused in which two elements cannot be told apart any more. What works on
 * results of others reads no samples, so the time is looked at here too.
 */
function distinct(expr: Expr, plan: VectorPlan, { isLate }: NameRules): VectorPlan {
  const { kind } = expr;
  if (kind !== 'call' && kind !== 'binary' && kind !== 'unary') return plan;
  if (kind === 'binary' && passesOn(expr)) return plan;
  const refuse = isLate ? () => undefined : duplicateGuard();
  return (scope, atMs) => {
    scope.query.checkTime();
    const vector = plan(scope, atMs);
    refuse(vector);
    return vector;
  };
}

/**
 * It has elements of its sides as they are, which can be told apart there. Of the right side `or` takes what has no match
 * on the left: nothing that has the same labels.
 */
function passesOn(expr: Binary): boolean {
  return isSetOp(expr.op) || isScalarFilter(expr);
}

function isScalarFilter({ op, isBool, left, right }: Binary): boolean {
  return isComparison(op) && !isBool && (typeOf(left) === 'scalar' || typeOf(right) === 'scalar');
}

function vectorPlan(expr: Expr, compiler: Compiler): VectorPlan {
  return visit<VectorPlan>(expr, {
    selector: (selector) => selectorPlan(selector, compiler.slots(1)),
    call: (call) => callPlan(call, compiler),
    aggregate: (aggregate) => aggregatePlan(aggregate, compiler),
    binary: (binary) => binaryPlan(binary, compiler),
    paren: ({ expr: inner }) => compiler.vector(inner),
    unary({ expr: inner, op }) {
      const operand = compiler.vector(inner);
      if (op === '+') return operand;
      const negate = mapped((value) => -value, compiler.rules);
      return (scope, atMs) => negate(operand(scope, atMs));
    },
    number: noVector,
    string: noVector,
    matrix: noVector,
    subquery: noVector,
  });
}

function noVector({ kind }: Expr): never {
  throw evaluationFault(`a ${kind} is no instant vector`);
}

function scalarPlan(expr: Expr, compiler: Compiler): ScalarPlan {
  return visit<ScalarPlan>(expr, {
    number:
      ({ value }) =>
      () =>
        value,
    call: (call) => scalarCallPlan(call, compiler),
    paren: ({ expr: inner }) => compiler.scalar(inner),
    binary({ left, right, op }) {
      const first = compiler.scalar(left);
      const second = compiler.scalar(right);
      const operate = scalarOperator(op);
      return (scope, atMs) => operate(first(scope, atMs), second(scope, atMs));
    },
    unary({ expr: inner, op }) {
      const operand = compiler.scalar(inner);
      return op === '+' ? operand : (scope, atMs) => -operand(scope, atMs);
    },
    string: noScalar,
    selector: noScalar,
    aggregate: noScalar,
    matrix: noScalar,
    subquery: noScalar,
  });
}

function noScalar({ kind }: Expr): never {
  throw evaluationFault(`a ${kind} is no scalar`);
}

interface RangeUse {
  readonly compiler: Compiler;
  readonly text: string;
  readonly reader: string | undefined;
}

function rangePlan(expr: Expr, { compiler, text, reader }: RangeUse): MatrixPlan {
  const range = unwrapped(expr);
  if (range.kind === 'matrix') return matrixPlan(range, compiler.slots(1), reader);
  if (range.kind !== 'subquery') throw evaluationFault(`a ${range.kind} is no range vector`);
  // A subquery has a scope of its own, with slots that count from zero.
  const inner = createCompiler(compiler.rules, text);
  return subqueryPlan(range, inner.vector(range.expr), compiler.slots(1));
}

function aggregatePlan(expr: Aggregate, compiler: Compiler): VectorPlan {
  const operand = compiler.vector(expr.expr);
  if (expr.op === 'count_values') {
    const label = expr.param === undefined ? '' : compiler.string(expr.param);
    if (label === '') throw evaluationFault('invalid label name ""');
    const count = valueCounts(expr, label, compiler.rules);
    return (scope, atMs) => count(operand(scope, atMs));
  }
  const param = expr.param === undefined ? () => 0 : compiler.scalar(expr.param);
  const aggregate = aggregation(expr, compiler.rules);
  const place = compiler.place(expr.param ?? expr);
  return (scope, atMs) => {
    const number = param(scope, atMs);
    if (expr.op === 'quantile' && !(number >= 0 && number <= 1)) {
      scope.query.warn(shareOutside(number, place));
    }
    return aggregate(operand(scope, atMs), number);
  };
}

function binaryPlan(expr: Binary, compiler: Compiler): VectorPlan {
  const isScalarLeft = typeOf(expr.left) === 'scalar';
  if (isScalarLeft || typeOf(expr.right) === 'scalar') {
    const operand = isScalarLeft ? expr.right : expr.left;
    const scalar = compiler.scalar(isScalarLeft ? expr.left : expr.right);
    if (operand.kind === 'selector' && isScalarFilter(expr)) {
      return passingPlan(operand, compiler.slots(1), { scalar, judge: scalarJudge(expr, isScalarLeft) });
    }
    const vector = compiler.vector(operand);
    const operate = vectorWithScalar(expr, isScalarLeft, compiler.rules);
    return (scope, atMs) => operate(vector(scope, atMs), scalar(scope, atMs));
  }
  const left = compiler.vector(expr.left);
  const right = compiler.vector(expr.right);
  const operate = isSetOp(expr.op) ? setOperator(expr) : vectorWithVector(expr, compiler.rules);
  return (scope, atMs) => operate(left(scope, atMs), right(scope, atMs));
}
