import { createHash } from 'node:crypto';
import { SHORTEST_RETENTION_MS } from '../../config/records.ts';

/** What the first line names as its predecessor. */
export const NO_HASH = '0'.repeat(64);

/** What the audit says of people is kept at least so long. */
export const PERSONAL_KEPT_MS = SHORTEST_RETENTION_MS;

/** One line as it is chained. */
export interface AuditLink {
  /** Without gaps, from 1. */
  readonly seq: number;
  readonly atMs: number;
  readonly action: string;
  readonly personalHash: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** What a line says of people, and the salt without which nobody can guess it from its hash. */
export interface AuditPersonal {
  readonly salt: string;
  readonly who: string;
  readonly target: string;
  /** JSON: what it was before and after. */
  readonly change: string;
  readonly origin: string;
}

/** The hash of a line, over all of it and over the hash of the line before. */
export function hashOfLink({
  seq,
  atMs,
  action,
  personalHash,
  previousHash,
}: Omit<AuditLink, 'hash'>): string {
  return sha256([seq, atMs, action, personalHash, previousHash]);
}

export function hashOfPersonal({ salt, who, target, change, origin }: AuditPersonal): string {
  return sha256([salt, who, target, change, origin]);
}

function sha256(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Why the chain does not hold. */
export type AuditBreak =
  /** A line is missing, or stands where it does not belong. */
  | 'line_missing'
  /** A line says something else than when it was written. */
  | 'line_changed'
  /** The line does not follow from the one before it. */
  | 'not_linked'
  /** What it says of people is not what was written. */
  | 'personal_changed'
  /** What it says of people is gone before its time. */
  | 'personal_missing'
  /** Lines at the end are missing. */
  | 'end_missing';

/** What a walk along the chain found: how many lines hold, the last hash of them, and the first break if there is one. */
export interface AuditVerdict {
  readonly lines: number;
  readonly head: string;
  /** Lines whose part about people was forgotten in time. */
  readonly forgotten: number;
  readonly broken?: { readonly at: number; readonly why: AuditBreak };
  /** The line that the printed head names; absent when none was named, or no line has it. */
  readonly anchorAt?: number;
}

/** Walks along a chain, one line after the other, from the first. */
export interface ChainWalk {
  /** Takes the next line; `false` when the chain is broken there, and nothing more needs to be told. */
  take(line: AuditLink, personal: AuditPersonal | undefined): boolean;
  /** Ends the walk where the chain should end. */
  end(expected?: { readonly seq: number; readonly hash: string }): AuditVerdict;
}

/** @param anchor a head that was printed or noted: some line must have this hash. */
export function walkChain(anchor?: string): ChainWalk {
  let lines = 0;
  let head = NO_HASH;
  let forgotten = 0;
  let newestForgottenMs = -Infinity;
  let newestForgotten = 0;
  let newestMs = -Infinity;
  let anchorAt: number | undefined;
  let broken: AuditVerdict['broken'];
  const breakOf = (line: AuditLink, personal: AuditPersonal | undefined): AuditBreak | undefined => {
    if (line.seq !== lines + 1) return 'line_missing';
    if (line.previousHash !== head) return 'not_linked';
    if (line.hash !== hashOfLink(line)) return 'line_changed';
    const isSame = personal === undefined || hashOfPersonal(personal) === line.personalHash;
    return isSame ? undefined : 'personal_changed';
  };
  return {
    take(line, personal) {
      const why = breakOf(line, personal);
      if (why !== undefined) {
        broken = { at: lines + 1, why };
        return false;
      }
      lines = line.seq;
      head = line.hash;
      newestMs = Math.max(newestMs, line.atMs);
      if (head === anchor) anchorAt = lines;
      if (personal === undefined) {
        forgotten += 1;
        if (line.atMs > newestForgottenMs) [newestForgottenMs, newestForgotten] = [line.atMs, line.seq];
      }
      return true;
    },
    end(expected) {
      if (broken === undefined && newestForgottenMs > newestMs - PERSONAL_KEPT_MS) {
        broken = { at: newestForgotten, why: 'personal_missing' };
      }
      if (
        broken === undefined &&
        expected !== undefined &&
        (expected.seq !== lines || expected.hash !== head)
      ) {
        broken = { at: lines + 1, why: 'end_missing' };
      }
      return {
        lines,
        head,
        forgotten,
        ...(broken === undefined ? {} : { broken }),
        ...(anchorAt === undefined ? {} : { anchorAt }),
      };
    },
  };
}
