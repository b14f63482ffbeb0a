import { readFileSync, statSync } from 'node:fs';
import type { Static, TSchema } from 'typebox';
import { isCollection, isNode, isPair, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { messageOf, WatchkeeperError } from './model/errors.ts';
import type { Secret, SecretReference } from './runtime/secret.ts';
import { formatPath, tellFaults, type Step } from './schema-faults.ts';
import { isOf, validatorOf } from './schema/validator.ts';

/** Gives a secret as the settings name it; what is wrong is told where `faultOf` says, and the secret is empty then. */
export type ReadSecret = (reference: SecretReference, faultOf: (message: string) => Fault) => Secret;

/** One thing that is wrong with the configuration, where, and what would be right. */
export interface Fault {
  readonly file: string;
  /** From 1; absent where the fault is of the whole file. */
  readonly line?: number;
  /** The field, `devices[3].rack`. */
  readonly path?: string;
  readonly message: string;
}

/** Everything that is wrong with a configuration. Its message lists every fault on a line of its own. */
export class ConfigError extends WatchkeeperError {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super('config_invalid', faults.map(formatFault).join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** `file:line: field: what is wrong`. */
export function formatFault({ file, line, path, message }: Fault): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return path === undefined || path === '' ? `${place}: ${message}` : `${place}: ${path}: ${message}`;
}

/** A file that was read and checked: its value if the schema accepts it, its faults, and where each field stands. */
export interface YamlFile<T> {
  readonly file: string;
  readonly value: T | undefined;
  readonly faults: readonly Fault[];
  /** A fault at a field of the file, for checks beyond the schema. */
  faultAt(path: readonly Step[], message: string): Fault;
}

/** A site of ten thousand devices has less. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** Reads a YAML file and checks it against its schema; nothing is thrown, every fault is listed with its line. */
export function readYamlFile<S extends TSchema>(file: string, schema: S): YamlFile<Static<S>> {
  let text: string;
  try {
    const status = statSync(file);
    // Reading a pipe or a device might never end.
    if (!status.isFile()) return unreadable(file, 'cannot be read: it is not a file');
    if (status.size > MAX_FILE_BYTES) return unreadable(file, `is larger than ${MAX_FILE_BYTES} bytes`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return unreadable(file, `cannot be read: ${messageOf(error)}`);
  }
  return checkYaml(file, text, schema);
}

/** As `readYamlFile`, for a text that is at hand. */
export function checkYaml<S extends TSchema>(file: string, text: string, schema: S): YamlFile<Static<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: true });
  const lineOf = (offset: number | undefined): number | undefined =>
    offset === undefined ? undefined : lines.linePos(offset).line;
  const faultAt = (path: readonly Step[], message: string): Fault => {
    const line = lineOf(offsetOf(document, path));
    return { file, ...(line === undefined ? {} : { line }), path: formatPath(path), message };
  };
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => ({
      file,
      line: lineOf(error.pos[0]) ?? 1,
      message: error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? 'is not YAML',
    }));
    return { file, value: undefined, faults, faultAt };
  }
  let value: unknown;
  try {
    // A bomb of aliases is refused by the library's own bound.
    value = ownTexts(document.toJS({ maxAliasCount: 100 }) ?? {});
  } catch (error) {
    return unreadable(file, messageOf(error));
  }
  return { file, faultAt, ...checkPart({ faultAt }, [], value, schema) };
}

/** The same, with texts of their own: a part of a text keeps all of it, here the whole file. Short ones are held once. */
function ownTexts(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/**
 * Checks one part of a file against a schema of its own, so that a faulty part does not condemn the others: the
 * file's schema has `Type.Unknown()` where its parts stand.
 */
export function checkPart<S extends TSchema>(
  { faultAt }: Pick<YamlFile<unknown>, 'faultAt'>,
  place: readonly Step[],
  value: unknown,
  schema: S,
): Pick<YamlFile<Static<S>>, 'value' | 'faults'> {
  if (isOf(schema, value)) return { value: deepFreeze(value), faults: [] };
  const faults = tellFaults(validatorOf(schema).Errors(value), value)
    .map(({ path, message }) => faultAt([...place, ...path], message))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { value: undefined, faults };
}

function unreadable(file: string, message: string): YamlFile<never> {
  return {
    file,
    value: undefined,
    faults: [{ file, message }],
    faultAt: (_path, text) => ({ file, message: text }),
  };
}

/** Where a field stands in the text; of a missing one, the nearest that holds it. */
function offsetOf(document: Document.Parsed, path: readonly Step[]): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const parent = length === 0 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    if (length > 0 && isCollection(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
      if (isPair(pair) && isNode(pair.key)) return pair.key.range?.[0];
    }
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node.range?.[0];
  }
  return undefined;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
