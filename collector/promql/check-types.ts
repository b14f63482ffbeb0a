import {
  isComparison,
  isSetOp,
  visit,
  type Aggregate,
  type Binary,
  type Call,
  type Expr,
  type ValueType,
  type Visitor,
} from './ast.ts';
import { parseFault } from './faults.ts';
import { FUNCTIONS } from './functions.ts';

const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

export function typeOf(expr: Expr): ValueType {
  return visit<ValueType>(expr, TYPE_OF);
}

const TYPE_OF: Visitor<ValueType> = {
  number: () => 'scalar',
  string: () => 'string',
  selector: () => 'vector',
  aggregate: () => 'vector',
  matrix: () => 'matrix',
  subquery: () => 'matrix',
  call: ({ name }) => FUNCTIONS[name]?.returns ?? 'vector',
  binary: ({ left, right }) =>
    typeOf(left) === 'scalar' && typeOf(right) === 'scalar' ? 'scalar' : 'vector',
  unary: ({ expr }) => typeOf(expr),
  paren: ({ expr }) => typeOf(expr),
};

type Fault = (at: Pick<Expr, 'from'>, message: string) => Error;

/** @throws {WatchkeeperError} `query_invalid` where the types of an expression do not fit. */
export function checkTypes(expr: Expr, text: string): void {
  check(expr, (at, message) => parseFault(text, at.from, message));
}

function check(expr: Expr, fault: Fault): void {
  const pass = (): void => undefined;
  visit<void>(expr, {
    number: pass,
    string: pass,
    selector: pass,
    matrix: pass,
    paren: ({ expr: inner }) => check(inner, fault),
    call: (call) => checkCall(call, fault),
    aggregate: (aggregate) => checkAggregate(aggregate, fault),
    binary: (binary) => checkBinary(binary, fault),
    subquery({ expr: inner }) {
      check(inner, fault);
      if (typeOf(inner) === 'vector') return;
      throw fault(expr, `subquery is only allowed on instant vector, got ${nameOfType(inner)} instead`);
    },
    unary({ expr: inner }) {
      check(inner, fault);
      if (isPlain(inner)) return;
      const wanted = 'unary expression only allowed on expressions of type scalar or instant vector';
      throw fault(expr, `${wanted}, got ${JSON.stringify(nameOfType(inner))}`);
    },
  });
}

function nameOfType(expr: Expr): string {
  return TYPE_NAMES[typeOf(expr)];
}

function isPlain(expr: Expr): boolean {
  const type = typeOf(expr);
  return type === 'scalar' || type === 'vector';
}

interface Expectation {
  readonly expr: Expr;
  readonly type: ValueType;
  readonly context: string;
}

function expectType({ expr, type, context }: Expectation, fault: Fault): void {
  check(expr, fault);
  if (typeOf(expr) === type) return;
  throw fault(expr, `expected type ${TYPE_NAMES[type]} in ${context}, got ${nameOfType(expr)}`);
}

function checkCall(call: Call, fault: Fault): void {
  const shape = FUNCTIONS[call.name];
  if (shape === undefined) throw fault(call, `unknown function with name ${JSON.stringify(call.name)}`);
  const wanted = shape.args.length;
  const least = wanted - Math.abs(shape.optional);
  const name = `in call to ${JSON.stringify(call.name)}, got ${call.args.length}`;
  if (shape.optional === 0 && call.args.length !== wanted) {
    throw fault(call, `expected ${wanted} argument(s) ${name}`);
  }
  if (call.args.length < least) throw fault(call, `expected at least ${least} argument(s) ${name}`);
  if (shape.optional > 0 && call.args.length > wanted) {
    throw fault(call, `expected at most ${wanted} argument(s) ${name}`);
  }
  const context = `call to function ${JSON.stringify(call.name)}`;
  for (const [index, expr] of call.args.entries()) {
    const type = shape.args[Math.min(index, wanted - 1)];
    if (type !== undefined) expectType({ expr, type, context }, fault);
  }
}

function checkAggregate({ op, param, expr }: Aggregate, fault: Fault): void {
  expectType({ expr, type: 'vector', context: 'aggregation expression' }, fault);
  if (param === undefined) return;
  const type = op === 'count_values' ? 'string' : 'scalar';
  expectType({ expr: param, type, context: 'aggregation parameter' }, fault);
}

function checkBinary(expr: Binary, fault: Fault): void {
  const { left, right, op } = expr;
  check(left, fault);
  check(right, fault);
  const scalars = [left, right].filter((side) => typeOf(side) === 'scalar').length;
  checkOperator(expr, scalars === 2, (message) => fault({ from: expr.opFrom }, message));
  for (const side of [left, right]) {
    if (isPlain(side)) continue;
    throw fault(side, 'binary expression must contain only scalar and instant vector types');
  }
  checkMatching(expr, scalars > 0, fault);
  if (scalars > 0 && isSetOp(op)) {
    throw fault(expr, `set operator ${JSON.stringify(op)} not allowed in binary scalar expression`);
  }
}

function checkOperator(
  { op, isBool, matching }: Binary,
  isOfScalars: boolean,
  fault: (message: string) => Error,
): void {
  if (isBool && !isComparison(op)) throw fault('bool modifier can only be used on comparison operators');
  if (isOfScalars && isComparison(op) && !isBool) {
    throw fault('comparisons between scalars must use BOOL modifier');
  }
  if (matching?.isOn !== true) return;
  const twice = matching.labels.find((label) => matching.include.includes(label));
  if (twice === undefined) return;
  throw fault(`label ${JSON.stringify(twice)} must not occur in ON and GROUP clause at once`);
}

function checkMatching(expr: Binary, hasScalar: boolean, fault: Fault): void {
  const { matching, op } = expr;
  if (matching === undefined) return;
  if (hasScalar && (matching.labels.length > 0 || matching.many !== 'none')) {
    throw fault(expr, 'vector matching only allowed between instant vectors');
  }
  if (isSetOp(op) && !hasScalar && matching.many !== 'none') {
    throw fault(expr, `no grouping allowed for ${JSON.stringify(op)} operation`);
  }
}
