import { parseDurationMs } from '../../config/model/duration.ts';
import type { Labels } from '../../config/model/labels.ts';
import { compilePattern } from '../../config/runtime/regex.ts';
import type { VectorElement } from '../ports.ts';
import { COMPARISONS } from './comparisons.ts';
import { TemplateFailure } from './failure.ts';
import { formatPrint, formatPrintf, formatSignificant } from './format.ts';
import { humanize, humanize1024, humanizeDuration, humanizePercentage } from './humanize.ts';
import { Instant, isList, Sample, typeName, type Value, type ValueMap } from './value.ts';

/** What functions may reach beyond their arguments. */
export interface FunctionScope {
  /** Answers a PromQL expression at the instant of the evaluation. */
  query(expression: string): readonly VectorElement[];
  readonly nowMs: number;
  /** Address that links begin with. */
  readonly externalUrl: string;
}

type TemplateFunction = (args: readonly Value[], scope: FunctionScope) => Value;

export function labelsValue(labels: Labels): ValueMap {
  const values = new Map<string, Value>();
  for (const name in labels) values.set(name, labels[name]);
  return values;
}

function arity(name: string, args: readonly Value[], count: number): void {
  if (args.length !== count)
    throw new TemplateFailure(`${name} takes ${count} arguments, not ${args.length}`);
}

function text(name: string, value: Value): string {
  if (typeof value === 'string') return value;
  throw new TemplateFailure(`${name} takes a text, not a ${typeName(value)}`);
}

/** A number, an int, an instant, or a text that is a number. */
function float(name: string, value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Instant) return value.atMs / 1000;
  const parsed = typeof value === 'string' ? parseFloat64(value) : undefined;
  if (parsed !== undefined) return parsed;
  throw new TemplateFailure(`${name} takes a number, not ${JSON.stringify(formatPrint([value]))}`);
}

function parseFloat64(value: string): number | undefined {
  const special = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i.exec(value);
  if (special !== null)
    return special[2] === undefined ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
  return /^\S+$/.test(value) && !Number.isNaN(Number(value)) ? Number(value) : undefined;
}

function sample(name: string, value: Value): Sample {
  if (value instanceof Sample) return value;
  throw new TemplateFailure(`${name} takes a sample, not a ${typeName(value)}`);
}

function samples(name: string, value: Value): readonly Sample[] {
  if (isList(value) && value.every((element) => element instanceof Sample)) return value;
  throw new TemplateFailure(`${name} takes the answer of a query, not a ${typeName(value)}`);
}

const onText =
  (name: string, convert: (value: string) => Value): TemplateFunction =>
  (args) => {
    arity(name, args, 1);
    return convert(text(name, args[0]));
  };

const onNumber =
  (name: string, convert: (value: number) => Value): TemplateFunction =>
  (args) => {
    arity(name, args, 1);
    return convert(float(name, args[0]));
  };

function labelOf(element: Sample, name: string): string {
  const value = element.labels.get(name);
  return typeof value === 'string' ? value : '';
}

/** The last instant that a date can be. */
const LAST_INSTANT_SECONDS = 8.64e12;

function instantOf(seconds: number): Instant {
  if (Math.abs(seconds) > LAST_INSTANT_SECONDS) throw new TemplateFailure(`${seconds} s is no instant`);
  return new Instant(seconds * 1000);
}

const QUERIES: Readonly<Record<string, TemplateFunction>> = {
  query(args, scope) {
    arity('query', args, 1);
    return scope
      .query(text('query', args[0]))
      .map(({ labels, value }) => new Sample(labelsValue(labels), value));
  },
  first(args) {
    arity('first', args, 1);
    const [element] = samples('first', args[0]);
    if (element === undefined) throw new TemplateFailure('first() was called on an answer without elements');
    return element;
  },
  value(args) {
    arity('value', args, 1);
    return sample('value', args[0]).value;
  },
  label(args) {
    arity('label', args, 2);
    return labelOf(sample('label', args[1]), text('label', args[0]));
  },
  strvalue(args) {
    arity('strvalue', args, 1);
    return labelOf(sample('strvalue', args[0]), '__value__');
  },
  sortByLabel(args) {
    arity('sortByLabel', args, 2);
    const name = text('sortByLabel', args[0]);
    return [...samples('sortByLabel', args[1])].sort((a, b) =>
      labelOf(a, name) < labelOf(b, name) ? -1 : 1,
    );
  },
};

const TEXTS: Readonly<Record<string, TemplateFunction>> = {
  toUpper: onText('toUpper', (value) => value.toUpperCase()),
  toLower: onText('toLower', (value) => value.toLowerCase()),
  title: onText('title', (value) =>
    value.replaceAll(
      /(^|[^\p{L}\p{N}_])(\p{L})/gu,
      (_whole, before: string, letter: string) => before + letter.toUpperCase(),
    ),
  ),
  stripPort: onText(
    'stripPort',
    (value) => /^(?:\[(.*)\]|([^:]*)):[^:]*$/.exec(value)?.slice(1).find(Boolean) ?? value,
  ),
  stripDomain: onText('stripDomain', (value) =>
    /^[\d.]+(:\d+)?$/.test(value) ? value : value.replace(/^([^.:]*)\.[^:]*/, '$1'),
  ),
  safeHtml: onText('safeHtml', (value) => value),
  html: (args) => escapeHtml(formatPrint(args)),
  urlQueryEscape: onText('urlQueryEscape', escapeQuery),
  urlquery: (args) => escapeQuery(formatPrint(args)),
  graphLink: onText('graphLink', (value) => graphAddress(value, 0)),
  tableLink: onText('tableLink', (value) => graphAddress(value, 1)),
  externalURL: (_args, { externalUrl }) => externalUrl,
  pathPrefix: (_args, { externalUrl }) => pathOf(externalUrl),
  match(args) {
    arity('match', args, 2);
    return compilePattern(text('match', args[0])).isIn(text('match', args[1]));
  },
  reReplaceAll(args) {
    arity('reReplaceAll', args, 3);
    const [pattern, replacement, subject] = args.map((value) => text('reReplaceAll', value));
    return compilePattern(pattern ?? '').replaceAll(subject ?? '', replacement ?? '');
  },
  print: formatPrint,
  println: (args) => `${args.map((value) => formatPrint([value])).join(' ')}\n`,
  printf: ([format, ...values]) => formatPrintf(text('printf', format), values),
};

function escapeQuery(plain: string): string {
  return encodeURIComponent(plain).replaceAll('%20', '+');
}

/** The path of an address, without the slash at its end. */
function pathOf(address: string): string {
  return URL.canParse(address) ? new URL(address).pathname.replace(/\/$/, '') : '';
}

function graphAddress(expression: string, tab: 0 | 1): string {
  return `/graph?g0.expr=${escapeQuery(expression)}&g0.tab=${tab}`;
}

const NUMBERS: Readonly<Record<string, TemplateFunction>> = {
  humanize: onNumber('humanize', humanize),
  humanize1024: onNumber('humanize1024', humanize1024),
  humanizeDuration: onNumber('humanizeDuration', humanizeDuration),
  humanizePercentage: onNumber('humanizePercentage', humanizePercentage),
  humanizeTimestamp: onNumber('humanizeTimestamp', (seconds) =>
    Number.isFinite(seconds) ? instantOf(seconds) : formatSignificant(seconds, 4),
  ),
  toTime: onNumber('toTime', instantOf),
  toDuration: onNumber('toDuration', humanizeDuration),
  now: (_args, scope) => scope.nowMs / 1000,
  parseDuration: onText('parseDuration', (value) => {
    const durationMs = parseDurationMs(value);
    if (durationMs === undefined) throw new TemplateFailure(`${JSON.stringify(value)} is no duration`);
    return durationMs / 1000;
  }),
};

const COLLECTIONS: Readonly<Record<string, TemplateFunction>> = {
  len(args) {
    arity('len', args, 1);
    const [value] = args;
    if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
    if (value instanceof Map) return BigInt(value.size);
    if (isList(value)) return BigInt(value.length);
    throw new TemplateFailure(`len takes no ${typeName(value)}`);
  },
  slice: ([value, ...bounds]) => sliced(value, bounds),
  index: ([value, ...keys]) => keys.reduce(indexed, value),
  args: (args) => new Map(args.map((value, index) => [`arg${index}`, value])),
};

/** A part of a text, counted in bytes as Go does, or of a list. */
function sliced(value: Value, bounds: readonly Value[]): Value {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return bytes.subarray(...boundsOf(bounds, bytes.length)).toString();
  }
  if (isList(value)) return value.slice(...boundsOf(bounds, value.length));
  throw new TemplateFailure(`slice cannot cut a ${typeName(value)}`);
}

function boundsOf(bounds: readonly Value[], length: number): [from: number, to: number] {
  const [from = 0n, to = BigInt(length)] = bounds;
  if (typeof from !== 'bigint' || typeof to !== 'bigint' || bounds.length > 2) {
    throw new TemplateFailure('slice takes one or two whole numbers');
  }
  if (from < 0n || from > to || to > BigInt(length)) throw new TemplateFailure('slice is out of range');
  return [Number(from), Number(to)];
}

function indexed(value: Value, key: Value): Value {
  if (value instanceof Map) return value.get(text('index', key)) ?? '';
  if (!isList(value) || typeof key !== 'bigint')
    throw new TemplateFailure(`index cannot look into a ${typeName(value)}`);
  if (key < 0n || key >= BigInt(value.length)) throw new TemplateFailure(`index ${key} is out of range`);
  return value[Number(key)];
}

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

function escapeHtml(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => HTML[character] ?? character);
}

/** All functions but `and` and `or`, which do not evaluate what they need not. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(
  Object.entries({ ...QUERIES, ...TEXTS, ...NUMBERS, ...COLLECTIONS, ...COMPARISONS }),
);
