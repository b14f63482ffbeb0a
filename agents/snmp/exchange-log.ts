import type { ExchangeView } from '../../config/model/api.ts';
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

export function createExchangeLog(kept: number): ExchangeLog {
  // Numbers that are written over: objects that live for some minutes each are what costs most to collect.
  const numbers = new Float64Array(kept * NUMBERS_OF_ENTRY);
  /** Of those without answer, at the place of the entry; most devices never have one. */
  let silences: Map<number, string> | undefined;
  let [added, next] = [0, 0];
  const entryAt = (place: number): Entry => {
    const number = (field: number): number => numbers[place * NUMBERS_OF_ENTRY + field] ?? 0;
    return {
      atMs: number(0),
      durationMs: number(1),
      kind: KINDS[number(2)] ?? 'get',
      objects: number(3),
      bytes: number(4),
      outcome: silences?.get(place) ?? { bytes: number(5), status: number(6), object: number(7) },
    };
  };
  return {
    add({ atMs, durationMs, request: { kind, oids, bytes }, outcome }) {
      const start = next * NUMBERS_OF_ENTRY;
      numbers[start] = atMs;
      numbers[start + 1] = durationMs;
      numbers[start + 2] = KINDS.indexOf(kind);
      numbers[start + 3] = oids.length;
      numbers[start + 4] = bytes.length;
      if (typeof outcome === 'string') {
        silences ??= new Map();
        silences.set(next, outcome);
      } else {
        silences?.delete(next);
        numbers[start + 5] = outcome.bytes;
        numbers[start + 6] = outcome.status;
        numbers[start + 7] = outcome.object;
      }
      next = (next + 1) % kept;
      added = Math.min(added + 1, kept);
    },
    views: () =>
      Array.from({ length: added }, (_none, back) => viewOf(entryAt((next - 1 - back + kept) % kept))),
  };
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
