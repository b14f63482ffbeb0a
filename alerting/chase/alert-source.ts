import { isActive } from '../../config/model/alert.ts';
import type { Overdue } from '../../config/model/chase.ts';
import { claimEndMs, type Claim } from '../../config/model/claim.ts';
import { silenceState, type Silence } from '../../config/model/silence.ts';
import type { ChaseSettings } from '../../config/notify-chase.ts';
import { claimOf, latestClaims, type ClaimsByAlert } from '../claim/claims.ts';
import type { Seen } from '../mute/inhibit.ts';
import { firedAtMs } from '../notify/urgency.ts';
import { alertView } from '../view.ts';

export interface AlertsOverdueView {
  /** Those that nothing keeps from being told. */
  readonly told: readonly Seen[];
  readonly claims: readonly Claim[];
  readonly settings: Pick<ChaseSettings, 'unacknowledgedMs'>;
  readonly nowMs: number;
}

/** Alerts that nobody has acknowledged in time, and those whose acknowledgement ended while they go on. */
export function alertsOverdue({ told, claims, settings, nowMs }: AlertsOverdueView): readonly Overdue[] {
  const latest = latestClaims(claims);
  return told.flatMap((seen): readonly Overdue[] => {
    const { alert } = seen;
    if (!isActive(alert) || claimOf(latest, alert.fingerprint, nowMs) !== undefined) return [];
    const common = {
      title: alertView(alert).summary,
      alert: alert.fingerprint,
      path: `/alerts?alert=${alert.fingerprint}`,
    };
    const expired = expiredClaim(latest, seen);
    if (expired !== undefined)
      return [
        {
          ...common,
          id: `claim_expired:${expired.id}`,
          kind: 'claim_expired',
          dueAtMs: claimEndMs(expired),
          whose: [expired.person],
        },
      ];
    const waitMs = settings.unacknowledgedMs[alert.severity];
    if (waitMs === undefined) return [];
    const firedMs = firedAtMs(alert);
    const id = `unacknowledged:${alert.fingerprint}:${firedMs}`;
    return [{ ...common, id, kind: 'unacknowledged', dueAtMs: firedMs + waitMs, whose: [] }];
  });
}

/** Of this episode, and ended by its time alone: who gave it back has said so. */
function expiredClaim(latest: ClaimsByAlert, { alert }: Seen): Claim | undefined {
  const last = latest.get(alert.fingerprint);
  if (last === undefined || last.ended !== undefined || claimEndMs(last) < firedAtMs(alert)) return undefined;
  return last;
}

/** The owner of a silence is reminded so long before its end. */
export const REMIND_BEFORE_MS = 15 * 60_000;

/** Silences that end soon, and those that have had nothing to keep for hours: their owners are told once. */
export function silencesDue(
  silences: readonly Silence[],
  isIdle: (silence: Silence) => boolean,
  nowMs: number,
): readonly Overdue[] {
  return silences
    .filter((silence) => silenceState(silence, nowMs) === 'active')
    .flatMap((silence): readonly Overdue[] => {
      const { id, reason, owner, startsAtMs, endsAtMs } = silence;
      const common = { title: { 'zh-CN': reason, en: reason }, whose: [owner], path: '/silences' };
      // One that was made for less is still in mind.
      const isLong = endsAtMs - startsAtMs > 2 * REMIND_BEFORE_MS;
      const dueAtMs = endsAtMs - REMIND_BEFORE_MS;
      return [
        ...(isLong
          ? [{ ...common, id: `silence_ends:${id}:${endsAtMs}`, kind: 'silence_ends' as const, dueAtMs }]
          : []),
        ...(isIdle(silence)
          ? [{ ...common, id: `silence_idle:${id}`, kind: 'silence_idle' as const, dueAtMs: nowMs }]
          : []),
      ];
    });
}
