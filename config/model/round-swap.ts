import { WatchkeeperError } from './errors.ts';

/** A due round that somebody gives to somebody else, maybe for one of theirs: it is the other's once that one accepts. */

export const SWAP_ANSWERS = ['accept', 'decline', 'withdraw'] as const;
export type SwapAnswer = (typeof SWAP_ANSWERS)[number];

export interface RoundSwap {
  readonly id: string;
  /** Accounts: who offers, and who may accept. */
  readonly from: string;
  readonly to: string;
  /** The due round that is given, by its id. */
  readonly gives: string;
  /** The due round that is taken for it; absent where it is a favour. */
  readonly takes?: string;
  readonly reason: string;
  readonly offeredAtMs: number;
  readonly state:
    | { readonly kind: 'offered' }
    | { readonly kind: 'accepted' | 'declined' | 'withdrawn'; readonly atMs: number };
}

const STATES = { accept: 'accepted', decline: 'declined', withdraw: 'withdrawn' } as const;

/**
 * A swap after somebody's word.
 * @throws {WatchkeeperError} `conflict` for one that is over, `forbidden` for a word that is not theirs to give.
 */
export function answeredSwap(
  swap: RoundSwap,
  answer: SwapAnswer,
  { name, atMs }: { readonly name: string; readonly atMs: number },
): RoundSwap {
  if (swap.state.kind !== 'offered')
    throw new WatchkeeperError('conflict', `This swap is over: ${swap.state.kind}.`);
  const whose = answer === 'withdraw' ? swap.from : swap.to;
  if (name !== whose) throw new WatchkeeperError('forbidden', `Only ${whose} can ${answer} this swap.`);
  return { ...swap, state: { kind: STATES[answer], atMs } };
}
