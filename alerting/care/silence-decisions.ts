import { randomUUID } from 'node:crypto';
import { defined } from '../../config/model/defined.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { silenceState, type Silence } from '../../config/model/silence.ts';
import type { CareAct } from '../ports.ts';
import { actOf, goneOn, textOf, type By, type Decided, type Sight } from './acts.ts';

export type NewSilence = Omit<Silence, 'id' | 'approvedBy' | 'shiftEndsAtMs' | 'owner'>;

/** Silences and maintenance: what each act changes. Each throws where it is not allowed. */
export interface SilenceDecisions {
  /** @throws {WatchkeeperError} `invalid_request` without a reason, a condition, or an end that lies ahead. */
  readonly silence: (silence: NewSilence, by: By) => Decided<Silence>;
  /**
   * The second person's word, for what is a danger to life.
   * @param shiftEndsAtMs when the shift of its beginning, or else of now, ends; `undefined` where none is planned.
   * @throws {WatchkeeperError} `not_found`, or `conflict` when it is the owner's own or it has ended.
   */
  readonly approve: (id: string, by: By, shiftEndsAtMs?: number) => Decided<Silence>;
  /** @throws {WatchkeeperError} `not_found`, `conflict` when it has ended, `invalid_request` for the end. */
  readonly moveEnd: (id: string, endsAtMs: number, by: By) => Decided<Silence>;
  /** @throws {WatchkeeperError} `not_found`, or `conflict` when it has ended already. */
  readonly endSilence: (id: string, by: By) => Decided<Silence>;
  /**
   * Puts back what was before one of these acts.
   * @throws {WatchkeeperError} `conflict` when something has happened since.
   */
  readonly takeBackSilence: (done: Pick<Decided<Silence>, 'before' | 'after'>, by: By) => Decided<Silence>;
}

/** Nobody answers for a silence for longer without saying so again. */
export const LONGEST_SILENCE_MS = 30 * 24 * 3_600_000;

/** What the acts have in common. */
function groundOf({ silenceNamed, nowMs }: Sight) {
  const change = (
    after: Silence,
    act: { readonly action: CareAct['action']; readonly by: By; readonly before?: Silence },
  ): Decided<Silence> => {
    const { by, before, action } = act;
    const decided = {
      change: { silences: [after], act: actOf(action, after.id, { atMs: nowMs(), by, before, after }) },
      after,
    };
    return before === undefined ? decided : { ...decided, before };
  };
  const running = (id: string): Silence => {
    const silence = silenceNamed(id);
    if (silenceState(silence, nowMs()) === 'expired')
      throw new WatchkeeperError('conflict', 'It has ended already.');
    return silence;
  };
  const checkEnd = ({ startsAtMs, endsAtMs }: Pick<Silence, 'startsAtMs' | 'endsAtMs'>): void => {
    const fromMs = Math.max(startsAtMs, nowMs());
    if (endsAtMs <= fromMs || endsAtMs - fromMs > LONGEST_SILENCE_MS)
      throw new WatchkeeperError(
        'invalid_request',
        'The end must lie behind the beginning and ahead of now, within 30 days.',
      );
  };
  return { change, running, checkEnd };
}

export function silenceDecisions(sight: Sight): SilenceDecisions {
  const { silenceNamed, nowMs } = sight;
  const { change, running, checkEnd } = groundOf(sight);
  return {
    silence(wanted, by) {
      const reason = textOf(wanted.reason);
      if (reason === '') throw new WatchkeeperError('invalid_request', 'A silence needs a reason.');
      if (wanted.matchers.length === 0)
        throw new WatchkeeperError('invalid_request', 'A silence needs at least one condition.');
      checkEnd(wanted);
      return change(
        { ...wanted, reason, id: randomUUID(), owner: by.person },
        { action: 'make_silence', by },
      );
    },
    approve(id, by, shiftEndsAtMs) {
      const before = running(id);
      if (before.owner === by.person)
        throw new WatchkeeperError('conflict', 'The second word must be another person’s.');
      const after = defined({ ...before, approvedBy: by.person, shiftEndsAtMs });
      return change(after, { action: 'approve_silence', by, before });
    },
    moveEnd(id, endsAtMs, by) {
      const before = running(id);
      const after = { ...before, endsAtMs };
      checkEnd(after);
      // The second person agreed to the end that he saw.
      const { approvedBy: _word, shiftEndsAtMs: _shift, ...unapproved } = after;
      const isLonger = endsAtMs > before.endsAtMs;
      return change(isLonger ? unapproved : after, { action: 'change_silence', by, before });
    },
    endSilence(id, by) {
      const before = running(id);
      return change({ ...before, endsAtMs: nowMs() }, { action: 'end_silence', by, before });
    },
    takeBackSilence({ before, after }, by) {
      if (JSON.stringify(silenceNamed(after.id)) !== JSON.stringify(after)) throw goneOn();
      if (before === undefined)
        return change(
          { ...after, endsAtMs: Math.min(after.endsAtMs, nowMs()) },
          { action: 'end_silence', by, before: after },
        );
      if (silenceState(before, nowMs()) === 'expired') throw goneOn();
      return change(before, { action: 'change_silence', by, before: after });
    },
  };
}
