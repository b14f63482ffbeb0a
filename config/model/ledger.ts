import type { WatchPost } from './watch.ts';

/**
 * Who really keeps the watch: an append-only ledger of signatures. Each line names from which instant on one person,
 * or nobody, answers for a post; it holds until the next line of that post.
 */
export interface LedgerLine {
  /** Grows with each line; of two lines of one instant the later counts. */
  readonly id: number;
  readonly post: WatchPost;
  readonly atMs: number;
  /** Name of the account; absent: nobody. */
  readonly person?: string;
  readonly cause: LedgerCause;
  /** Number of the handover that moved it. */
  readonly handover?: number;
}

/**
 * `handed_over`: by the second signature; `relieved`: by leader and incoming, as the outgoing could not sign; `taken`: an
 * empty post by one signature; `given_up`: a post that nobody needs now; `transcribed`: from paper.
 */
export const LEDGER_CAUSES = ['handed_over', 'relieved', 'taken', 'given_up', 'transcribed'] as const;
export type LedgerCause = (typeof LEDGER_CAUSES)[number];

/** The one answer to "who is responsible?". `nobody` is an answer, and an alarm. */
export type Responsible =
  | { readonly kind: 'person'; readonly person: string; readonly sinceMs: number; readonly line: LedgerLine }
  /** `sinceMs` is absent while nobody ever was. */
  | { readonly kind: 'nobody'; readonly sinceMs?: number };

const NOBODY: Responsible = { kind: 'nobody' };

/** Who answers for a post at an instant. Total: any lines in any order, any instant. */
export function responsibleAt(ledger: readonly LedgerLine[], post: WatchPost, atMs: number): Responsible {
  const lines = ledger.filter((line) => line.post === post && line.atMs <= atMs);
  const last = lines.reduce<LedgerLine | undefined>((found, line) => later(found, line), undefined);
  return responsibleBy(last);
}

/** What the line in force says; no line, nobody. */
export function responsibleBy(line: LedgerLine | undefined): Responsible {
  if (line === undefined) return NOBODY;
  const { person, atMs: sinceMs } = line;
  return person === undefined ? { kind: 'nobody', sinceMs } : { kind: 'person', person, sinceMs, line };
}

function later(found: LedgerLine | undefined, line: LedgerLine): LedgerLine {
  if (found === undefined || line.atMs > found.atMs) return line;
  return line.atMs === found.atMs && line.id > found.id ? line : found;
}
