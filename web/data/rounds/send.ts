import type { HandedIn, RoundHandIn } from '../../../config/model/round-api.ts';
import { photosOf } from '../../../config/model/round.ts';
import type { Answer } from '../api.ts';
import { DeviceStorageError, type LocalRound, type RoundStore } from './store.ts';

export interface SendDeps {
  readonly store: RoundStore;
  readonly handIn: (body: RoundHandIn) => Promise<Answer<HandedIn>>;
  readonly putPhoto: (id: string, photo: Blob) => Promise<Answer<unknown>>;
  /** The clock of the phone: all times of a round are by it. */
  readonly phoneNowMs: () => number;
}

/** Refusals that pass by themselves: whoever is signed in next, or the next try, may do better. */
const PASSING = new Set([
  'unreachable',
  'unauthenticated',
  'too_many_requests',
  'records_failed',
  'setup_required',
]);

/**
 * Sends a round that is finished, its photos first. What cannot be sent now waits; what is refused says why. The same
 * round sent twice is one round, so nothing is lost and nothing doubled if the answer gets lost.
 */
export async function sendRound(deps: SendDeps, local: LocalRound): Promise<LocalRound> {
  const { store, handIn, putPhoto, phoneNowMs } = deps;
  const { round } = local;
  for (const id of photosOf(round)) {
    const photo = await photoOf(store, id);
    if (photo === 'unreadable') return local;
    if (photo === undefined) continue;
    const answer = await putPhoto(id, photo);
    if (!answer.ok) return settle(store, local, answer);
  }
  return settle(store, local, await handIn({ round, phoneNowMs: Math.round(phoneNowMs()) }));
}

/** Absent where it was sent before; unreadable as long as the device gives nothing. */
async function photoOf(store: RoundStore, id: string): Promise<Blob | 'unreadable' | undefined> {
  try {
    return await store.photo(id);
  } catch (error) {
    if (error instanceof DeviceStorageError) return 'unreadable';
    throw error;
  }
}

async function settle(store: RoundStore, local: LocalRound, answer: Answer<unknown>): Promise<LocalRound> {
  if (!answer.ok && PASSING.has(answer.refusal.code)) return local;
  const settled: LocalRound = answer.ok
    ? { ...local, state: { kind: 'sent', handedIn: answer.body as HandedIn } }
    : { ...local, state: { kind: 'refused', why: answer.refusal.message } };
  await store.save(settled);
  return settled;
}

/** Sends all that waits, in the order in which it was walked; stops at the first that cannot be sent now. */
export async function sendWaiting(deps: SendDeps): Promise<readonly LocalRound[]> {
  const rounds = await deps.store.rounds();
  const waiting = rounds
    .filter(({ state }) => state.kind === 'waiting')
    .toSorted((a, b) => a.round.endedAtMs - b.round.endedAtMs);
  const sent: LocalRound[] = [];
  for (const local of waiting) {
    const after = await sendRound(deps, local);
    if (after.state.kind === 'waiting') break;
    sent.push(after);
  }
  return sent;
}
