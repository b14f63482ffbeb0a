import { readFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { labelsKey, type Labels } from '../../../config/model/labels.ts';
import type { Matcher } from '../../../config/model/series.ts';
import { createMatcherCompiler } from '../matchers.ts';
import { createPostings } from '../postings.ts';

const CATALOGUE = 'series.list';

/** A series of history: its number in all files. */
export interface Known {
  readonly number: number;
  readonly labels: Labels;
}

/** The names of all series that history ever had: a line each in a file that only grows. */
export interface Catalogue {
  readonly size: number;
  /** Lines that could not be read. */
  readonly damaged: number;
  /** The number of these labels, a new one if need be; new ones count when `save` is done. */
  numberOf(labels: Labels): number;
  byNumber(number: number): Known | undefined;
  find(matchers: readonly Matcher[]): readonly Known[];
  all(): Iterable<Known>;
  labelNames(): readonly string[];
  labelValues(name: string): readonly string[];
  save(): Promise<void>;
  close(): Promise<void>;
}

export function openCatalogue(folder: string): Catalogue {
  const path = join(folder, CATALOGUE);
  const compile = createMatcherCompiler();
  const byKey = new Map<string, Known>();
  const byNumber = new Map<number, Known>();
  const postings = createPostings<Known>(() => byNumber.values());
  let unsaved: Known[] = [];
  let handle: FileHandle | undefined;
  let last = 0;
  let damaged = 0;

  const add = (known: Known): void => {
    byKey.set(labelsKey(known.labels), known);
    byNumber.set(known.number, known);
    postings.add(known);
    last = Math.max(last, known.number);
  };
  const text = readIfThere(path);
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const known = knownIn(line);
    if (known === undefined) damaged += 1;
    else add(known);
  }
  /** A line that was not written to its end is ended, so that the next begins anew. */
  const isTorn = text !== '' && !text.endsWith('\n');
  // A number whose line was lost must not be given to another series.
  last += damaged;

  return {
    get size() {
      return byKey.size;
    },
    damaged,
    numberOf(labels) {
      const known = byKey.get(labelsKey(labels));
      if (known !== undefined) return known.number;
      const made = { number: last + 1, labels };
      add(made);
      unsaved.push(made);
      return made.number;
    },
    byNumber: (number) => byNumber.get(number),
    // A list of its own: files are read meanwhile, and the other grows.
    find: (matchers) => [...postings.find(matchers.map(compile))],
    all: () => byNumber.values(),
    labelNames: () => [...postings.names()],
    labelValues: (name) => [...postings.valuesOf(name)],
    async save() {
      if (unsaved.length === 0) return;
      const lines = unsaved.map(lineOf).join('');
      const isFirst = handle === undefined;
      handle ??= await open(path, 'a', 0o600);
      await handle.appendFile(isFirst && isTorn ? `\n${lines}` : lines);
      await handle.sync();
      unsaved = [];
    },
    async close() {
      await handle?.close();
      handle = undefined;
    },
  };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function lineOf({ number, labels }: Known): string {
  const body = JSON.stringify([number, labels]);
  return `${crc32(body).toString(16).padStart(8, '0')} ${body}\n`;
}

function knownIn(line: string): Known | undefined {
  const body = line.slice(9);
  if (line.slice(0, 8) !== crc32(body).toString(16).padStart(8, '0')) return undefined;
  const [number, labels] = JSON.parse(body) as readonly [number, Labels];
  return { number, labels };
}
