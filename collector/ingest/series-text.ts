import { METRIC_NAME, type Labels } from '../../config/model/labels.ts';

const SPACE = /[ \t]*/y;
const METRIC = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const QUOTED = /"((?:[^"\\\n]|\\[^\n])*)"/y;

/**
 * Reads `name{label="value",…}`, the part of a line before its value, as Prometheus does: a comma may stand at the end,
 * names may be quoted (`{"a.name"}`).
 * @returns the labels with `__name__`, or in words what is wrong.
 */
export function parseSeriesText(text: string): Labels | string {
  const reader = new Reader(text);
  const pairs: (readonly [string, string])[] = [];
  const name = reader.take(METRIC);
  if (name !== undefined) pairs.push([METRIC_NAME, name]);
  reader.take(SPACE);
  const fault = reader.takeText('{') ? readPairs(reader, pairs) : undefined;
  if (fault !== undefined) return fault;
  if (!reader.isAtEnd) return 'there is something after the labels';
  return toLabels(pairs);
}

function readPairs(reader: Reader, pairs: (readonly [string, string])[]): string | undefined {
  for (;;) {
    reader.take(SPACE);
    if (reader.takeText('}')) return undefined;
    const fault = readPair(reader, pairs);
    if (fault !== undefined) return fault;
    reader.take(SPACE);
    if (!reader.takeText(',') && !reader.isBefore('}')) return 'labels must be divided by commas';
  }
}

function readPair(reader: Reader, pairs: (readonly [string, string])[]): string | undefined {
  const plain = reader.take(LABEL);
  const name = plain ?? reader.takeQuoted();
  if (name === undefined) return 'a label has no name';
  reader.take(SPACE);
  if (!reader.takeText('=')) {
    if (plain !== undefined) return `the label ${name} has no value`;
    pairs.push([METRIC_NAME, name]);
    return undefined;
  }
  reader.take(SPACE);
  const value = reader.takeQuoted();
  if (value === undefined) return `the value of the label ${name} is not quoted`;
  pairs.push([name, value]);
  return undefined;
}

function toLabels(pairs: readonly (readonly [string, string])[]): Labels | string {
  const labels = new Map(pairs);
  if (labels.size < pairs.length) return 'a label is there twice';
  if ((labels.get(METRIC_NAME) ?? '') === '') return 'the metric has no name';
  return Object.fromEntries([...labels].filter(([, value]) => value !== ''));
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  isBefore(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  takeText(text: string): boolean {
    if (!this.isBefore(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** What a sticky expression matches here: its first group if it has one, else all. */
  take(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const match = expression.exec(this.#text);
    if (match === null) return undefined;
    this.#at = expression.lastIndex;
    return match[1] ?? match[0];
  }

  takeQuoted(): string | undefined {
    return this.take(QUOTED)?.replace(/\\["\\n]/g, (escaped) =>
      escaped === '\\n' ? '\n' : escaped.slice(1),
    );
  }
}
