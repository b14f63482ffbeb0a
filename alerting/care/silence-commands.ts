import { randomUUID } from 'node:crypto';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { silenceState, type Silence } from '../../config/model/silence.ts';
import type { CareAct } from '../ports.ts';
import { actOf, textOf, type Acts, type By } from './acts.ts';

export type NewSilence = Omit<Silence, 'id' | 'approvedBy' | 'owner'>;

/** Silences and maintenance: each command is durable before it is answered. */
export interface SilenceCommands {
  /** @throws {WatchkeeperError} `invalid_request` without a reason, a condition, or an end that lies ahead. */
  silence(silence: NewSilence, by: By): Promise<Silence>;
  /**
   * The second person's word, for what is a danger to life.
   * @throws {WatchkeeperError} `not_found`, or `conflict` when it is the owner's own.
   */
  approve(id: string, by: By): Promise<Silence>;
  /** @throws {WatchkeeperError} `not_found`, or `conflict` when it has ended already. */
  endSilence(id: string, by: By): Promise<Silence>;
}

export function silenceCommands({ save, silenceNamed, nowMs }: Acts): SilenceCommands {
  const keep = async (
    after: Silence,
    act: { readonly action: CareAct['action']; readonly by: By; readonly before?: Silence },
  ): Promise<Silence> => {
    const { by, before, action } = act;
    await save({ silences: [after], act: actOf(action, after.id, { atMs: nowMs(), by, before, after }) });
    return after;
  };
  return {
    async silence(wanted, by) {
      const reason = textOf(wanted.reason);
      if (reason === '') throw new WatchkeeperError('invalid_request', 'A silence needs a reason.');
      if (wanted.matchers.length === 0)
        throw new WatchkeeperError('invalid_request', 'A silence needs at least one condition.');
      if (wanted.endsAtMs <= Math.max(wanted.startsAtMs, nowMs()))
        throw new WatchkeeperError(
          'invalid_request',
          'The end must lie behind the beginning and ahead of now.',
        );
      return keep({ ...wanted, reason, id: randomUUID(), owner: by.person }, { action: 'silence_made', by });
    },
    async approve(id, by) {
      const silence = silenceNamed(id);
      if (silence.owner === by.person)
        throw new WatchkeeperError('conflict', 'The second word must be another person’s.');
      return keep({ ...silence, approvedBy: by.person }, { action: 'silence_approved', by, before: silence });
    },
    async endSilence(id, by) {
      const silence = silenceNamed(id);
      const atMs = nowMs();
      if (silenceState(silence, atMs) === 'expired')
        throw new WatchkeeperError('conflict', 'It has ended already.');
      return keep({ ...silence, endsAtMs: atMs }, { action: 'silence_ended', by, before: silence });
    },
  };
}
