import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { Override, PlannedShift, Swap, SwapSide, SwapState } from '../../../config/model/roster.ts';

export type SwapAct = 'accept' | 'decline' | 'withdraw' | 'approve' | 'refuse';

export interface SwapActor {
  readonly name: string;
  readonly isLeader: boolean;
  readonly atMs: number;
}

/**
 * What becomes of a swap: the other side accepts or declines, who offered it withdraws, a leader who is neither approves
 * what was accepted or refuses it.
 * @throws {WatchkeeperError} `forbidden` for whom it is not, `conflict` for a swap that is not open to that.
 */
export function actOnSwap(swap: Swap, act: SwapAct, { name, isLeader, atMs }: SwapActor): Swap {
  requireActor(swap, act, name, isLeader);
  const state = NEXT[act](swap.state, { atMs, by: name });
  if (state === undefined) {
    throw new WatchkeeperError('conflict', 'This swap is not open to that any more.');
  }
  return { ...swap, state };
}

const isOpen = ({ kind }: SwapState): boolean => kind === 'offered' || kind === 'accepted';

/** The state after an act; none where the swap is not open to it. */
const NEXT: Readonly<
  Record<
    SwapAct,
    (state: SwapState, on: { readonly atMs: number; readonly by: string }) => SwapState | undefined
  >
> = {
  accept: (state, { atMs }) =>
    state.kind === 'offered' ? { kind: 'accepted', acceptedAtMs: atMs } : undefined,
  decline: (state, { atMs }) => (isOpen(state) ? { kind: 'declined', atMs } : undefined),
  withdraw: (state, { atMs }) => (isOpen(state) ? { kind: 'withdrawn', atMs } : undefined),
  approve: (state, { atMs, by }) =>
    state.kind === 'accepted' ? { ...state, kind: 'approved', approvedAtMs: atMs, by } : undefined,
  refuse: (state, { atMs, by }) => (state.kind === 'accepted' ? { kind: 'refused', atMs, by } : undefined),
};

function requireActor(swap: Swap, act: SwapAct, name: string, isLeader: boolean): void {
  const isSide = name === swap.from || name === swap.to;
  const isAllowed = {
    accept: name === swap.to,
    decline: name === swap.to,
    withdraw: name === swap.from,
    approve: isLeader && !isSide,
    refuse: isLeader && !isSide,
  }[act];
  if (isAllowed) return;
  throw new WatchkeeperError('forbidden', 'This is for somebody else to answer.');
}

/**
 * What the plan is to say once a swap counts.
 * @throws {WatchkeeperError} `conflict` when one of them is not planned there any more, or already serves in the other's shift.
 */
export function overridesOfSwap(
  { id, from, to, gives, takes }: Swap,
  shifts: readonly PlannedShift[],
): readonly Override[] {
  return [
    replaced(shifts, gives, { leaves: from, comes: to, swap: id }),
    ...(takes === undefined ? [] : [replaced(shifts, takes, { leaves: to, comes: from, swap: id })]),
  ];
}

function replaced(
  shifts: readonly PlannedShift[],
  { shift: shiftId, post }: SwapSide,
  { leaves, comes, swap }: { readonly leaves: string; readonly comes: string; readonly swap: string },
): Override {
  const names = shifts.find(({ id }) => id === shiftId)?.posts[post] ?? [];
  if (!names.includes(leaves)) {
    throw new WatchkeeperError('conflict', `${leaves} is not planned there (any more).`);
  }
  if (names.includes(comes)) throw new WatchkeeperError('conflict', `${comes} is planned there already.`);
  return { shift: shiftId, post, names: names.map((name) => (name === leaves ? comes : name)), swap };
}
