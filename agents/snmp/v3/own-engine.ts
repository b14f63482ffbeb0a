import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_BOOTS } from './engine.ts';

/** This agent as an engine of SNMP version 3, whom informs are sent to (RFC 3414 section 2.2). */
export interface OwnEngine {
  readonly id: Uint8Array;
  /** How often it has started; the higher, the later. */
  readonly boots: number;
  readonly startedAtMs: number;
}

const FILE = 'snmp-engine.json';
/** RFC 5612: the number of an enterprise that is nobody's; format 5, octets (RFC 3411 section 5). */
const PREFIX = Buffer.from('80007ed905', 'hex');
const RANDOM_BYTES = 12;

/**
 * The engine kept in a data folder, started once more; a new one where there is none or it cannot be read.
 * `fault` tells why it will not be remembered: senders of informs then have to find it anew after each start.
 */
export function openOwnEngine(
  folder: string | undefined,
  startedAtMs: number,
): { readonly engine: OwnEngine; readonly fault?: unknown } {
  const kept = folder === undefined ? undefined : readKept(join(folder, FILE));
  const engine =
    kept === undefined || kept.boots >= MAX_BOOTS - 1
      ? { id: Buffer.concat([PREFIX, randomBytes(RANDOM_BYTES)]), boots: 1, startedAtMs }
      : { id: kept.id, boots: kept.boots + 1, startedAtMs };
  if (folder === undefined) return { engine };
  try {
    const file = join(folder, FILE);
    const text = `${JSON.stringify({ id: engine.id.toString('hex'), boots: engine.boots })}\n`;
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return { engine };
  } catch (fault) {
    return { engine, fault };
  }
}

function readKept(file: string): { id: Buffer; boots: number } | undefined {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isKept(kept) ? { id: Buffer.from(kept.id, 'hex'), boots: kept.boots } : undefined;
  } catch {
    return undefined;
  }
}

function isKept(kept: unknown): kept is { id: string; boots: number } {
  if (typeof kept !== 'object' || kept === null || !('id' in kept) || !('boots' in kept)) return false;
  const { id, boots } = kept;
  return (
    typeof id === 'string' &&
    /^([0-9a-f]{2}){5,32}$/.test(id) &&
    Number.isSafeInteger(boots) &&
    Number(boots) >= 1
  );
}

/** Seconds since the engine started. */
export function ownTime({ startedAtMs }: OwnEngine, nowMs: number): number {
  return Math.min(MAX_BOOTS, Math.max(0, Math.floor((nowMs - startedAtMs) / 1000)));
}
