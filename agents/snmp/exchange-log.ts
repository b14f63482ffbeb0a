import type { ExchangeView } from '../../config/model/api.ts';
import { createNumbers } from './numbers.ts';
import type { Request } from './request.ts';

/** The latest exchanges with one device. It keeps numbers and no packets: a thousand devices have one each. */
export interface ExchangeLog {
  add(exchange: { atMs: number; durationMs: number; request: Request; outcome: Told }): void;
  /** Newest first. */
  views(): readonly ExchangeView[];
}

/** What became of it: a text, or of an answer its size and its error. */
export type Told = string | { readonly bytes: number; readonly status: number; readonly object: number };

interface Entry {
  readonly atMs: number;
  readonly durationMs: number;
  readonly kind: Request['kind'];
  readonly objects: number;
  readonly bytes: number;
  readonly outcome: Told;
}

/** What an entry takes as plain numbers: when, how long, what was asked (kind, objects, bytes), and the answer (bytes, status, object). */
const NUMBERS_OF_ENTRY = 8;
const KINDS = ['get', 'getNext', 'getBulk'] as const satisfies readonly Request['kind'][];

const takeNumbers = createNumbers();

export function createExchangeLog(kept: number): ExchangeLog {
  return new Exchanges(kept);
}

/** A class, for each of a thousand devices has one. */
class Exchanges implements ExchangeLog {
  // Numbers that are written over: objects that live for some minutes each are what costs most to collect.
  readonly #numbers: Float64Array;
  readonly #kept: number;
  /** Of those without answer, at the place of the entry; most devices never have one. */
  #silences: Map<number, string> | undefined;
  #added = 0;
  #next = 0;

  constructor(kept: number) {
    this.#kept = kept;
    this.#numbers = takeNumbers(kept * NUMBERS_OF_ENTRY);
  }

  add({
    atMs,
    durationMs,
    request: { kind, oids, bytes },
    outcome,
  }: Parameters<ExchangeLog['add']>[0]): void {
    const numbers = this.#numbers;
    const start = this.#next * NUMBERS_OF_ENTRY;
    numbers[start] = atMs;
    numbers[start + 1] = durationMs;
    numbers[start + 2] = KINDS.indexOf(kind);
    numbers[start + 3] = oids.length;
    numbers[start + 4] = bytes.length;
    if (typeof outcome === 'string') {
      this.#silences ??= new Map();
      this.#silences.set(this.#next, outcome);
    } else {
      this.#silences?.delete(this.#next);
      numbers[start + 5] = outcome.bytes;
      numbers[start + 6] = outcome.status;
      numbers[start + 7] = outcome.object;
    }
    this.#next = (this.#next + 1) % this.#kept;
    this.#added = Math.min(this.#added + 1, this.#kept);
  }

  views(): readonly ExchangeView[] {
    return Array.from({ length: this.#added }, (_none, back) =>
      viewOf(this.#entryAt((this.#next - 1 - back + this.#kept) % this.#kept)),
    );
  }

  #entryAt(place: number): Entry {
    const number = (field: number): number => this.#numbers[place * NUMBERS_OF_ENTRY + field] ?? 0;
    return {
      atMs: number(0),
      durationMs: number(1),
      kind: KINDS[number(2)] ?? 'get',
      objects: number(3),
      bytes: number(4),
      outcome: this.#silences?.get(place) ?? { bytes: number(5), status: number(6), object: number(7) },
    };
  }
}

function viewOf({ atMs, durationMs, kind, objects, bytes, outcome }: Entry): ExchangeView {
  return {
    atMs,
    durationMs,
    request: `${kind.toUpperCase()} ${objects} objects, ${bytes} bytes`,
    outcome: typeof outcome === 'string' ? outcome : tellAnswer(outcome),
  };
}

function tellAnswer({ bytes, status, object }: Exclude<Told, string>): string {
  return status === 0 ? `answer of ${bytes} bytes` : `error ${status} at object ${object}`;
}
