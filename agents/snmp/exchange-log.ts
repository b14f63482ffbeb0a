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

export function createExchangeLog(kept: number): ExchangeLog {
  const entries: Entry[] = [];
  let next = 0;
  return {
    add({ atMs, durationMs, request: { kind, oids, bytes }, outcome }) {
      entries[next] = { atMs, durationMs, kind, objects: oids.length, bytes: bytes.length, outcome };
      next = (next + 1) % kept;
    },
    views: () => [...entries.slice(next), ...entries.slice(0, next)].map(viewOf).reverse(),
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
