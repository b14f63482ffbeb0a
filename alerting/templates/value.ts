/**
 * What a template computes with: Go's values as far as templates of rules meet them. A `number` is a float64, a
 * `bigint` an int, `undefined` nil.
 */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | undefined
  | ValueMap
  | readonly Value[]
  | Sample
  | Instant;

export type ValueMap = ReadonlyMap<string, Value>;

/** An element of a query's answer. */
export class Sample {
  readonly labels: ValueMap;
  readonly value: number;

  constructor(labels: ValueMap, value: number) {
    this.labels = labels;
    this.value = value;
  }
}

export class Instant {
  readonly atMs: number;

  constructor(atMs: number) {
    this.atMs = atMs;
  }
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'float64',
  bigint: 'int',
  boolean: 'bool',
  undefined: '<nil>',
};

/** Go's name of the value's type, for messages. */
export function typeName(value: Value): string {
  const basic = TYPE_NAMES[typeof value];
  if (basic !== undefined) return basic;
  if (value instanceof Sample) return '*template.sample';
  if (value instanceof Instant) return 'time.Time';
  return isList(value) ? 'template.queryResult' : 'map[string]string';
}

/** Whether `if` and `with` take it for true: all but false, 0, nil and what is empty. */
export function isTrue(value: Value): boolean {
  if (value instanceof Map) return value.size > 0;
  if (isList(value)) return value.length > 0;
  // NaN is no zero value in Go.
  return Boolean(value) || Number.isNaN(value);
}
