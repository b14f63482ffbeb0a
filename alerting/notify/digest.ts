import type { Way } from '../../config/ways.ts';
import type { FloodState } from '../attention/flood.ts';

/** While there is a flood, people are told of it together, each so often. */
export const DIGEST_MS = 5 * 60_000;
/** What is urgent takes all that waits along, but not more often than that. */
export const URGENT_DIGEST_MS = 60_000;

/** How the telling of a flood stands. */
export type Digest =
  | { readonly kind: 'off' }
  | { readonly kind: 'on'; readonly sinceMs: number; readonly lastMs: number; readonly dueMs: number };

export const NO_DIGEST: Digest = { kind: 'off' };

/** What a look at the groups does: tells each as usual, holds back what is for people, or tells them all at once. */
export type DigestTurn =
  | { readonly kind: 'as_usual' }
  | { readonly kind: 'hold'; readonly untilMs: number }
  | { readonly kind: 'together'; readonly sinceMs: number; readonly isLast: boolean };

export const AS_USUAL: DigestTurn = { kind: 'as_usual' };

/** The first word of a flood goes out at once, the next when it is due, the last when the flood is over. */
export function digestStep(
  digest: Digest,
  flood: FloodState,
  nowMs: number,
): { readonly digest: Digest; readonly turn: DigestTurn } {
  if (flood.kind === 'calm') {
    if (digest.kind === 'off') return { digest, turn: AS_USUAL };
    return { digest: NO_DIGEST, turn: { kind: 'together', sinceMs: digest.sinceMs, isLast: true } };
  }
  // A clock that was set back must not keep anybody waiting.
  const isDue = digest.kind === 'off' || nowMs >= digest.dueMs || nowMs < digest.lastMs;
  if (!isDue) return { digest, turn: { kind: 'hold', untilMs: digest.dueMs } };
  const { sinceMs } = digest.kind === 'on' ? digest : flood;
  return {
    digest: { kind: 'on', sinceMs, lastMs: nowMs, dueMs: nowMs + DIGEST_MS },
    turn: { kind: 'together', sinceMs, isLast: false },
  };
}

/**
 * Something urgent waits: the next word is brought forward.
 * @param beatMs of the group that it belongs to: it waits no longer than it would without a flood
 */
export function hastened(digest: Digest, nowMs: number, beatMs: number): Digest {
  if (digest.kind === 'off') return digest;
  const soonestMs = Math.max(nowMs, Math.min(digest.lastMs + URGENT_DIGEST_MS, nowMs + beatMs));
  return soonestMs < digest.dueMs ? { ...digest, dueMs: soonestMs } : digest;
}

/** Ways that end at a person; programs are told each thing by itself, flood or not. */
const PERSONAL: ReadonlySet<Way['kind']> = new Set([
  'mail',
  'sms',
  'modem',
  'ring',
  'wecom',
  'dingtalk',
  'feishu',
]);

export function isPersonal({ kind }: Pick<Way, 'kind'>): boolean {
  return PERSONAL.has(kind);
}
