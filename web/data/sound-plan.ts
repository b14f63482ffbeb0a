import type { AlertView } from '../../config/model/api.ts';
import type { Severity } from '../../config/model/severity.ts';
import { worstSeverity } from './urgency.ts';

/** How an alarm sounds: tones of one strike, and whether it repeats until somebody stops it. */
export interface Strike {
  readonly tonesHz: readonly number[];
  readonly toneMs: number;
  readonly repeatAfterMs?: number;
}

/** The graver, the more urgent: three rising tones again and again, down to one soft tone once. */
export const STRIKES: Readonly<Record<Severity, Strike | undefined>> = {
  critical: { tonesHz: [880, 1175, 880, 1175], toneMs: 170, repeatAfterMs: 4000 },
  major: { tonesHz: [784, 988], toneMs: 220, repeatAfterMs: 12_000 },
  minor: { tonesHz: [659], toneMs: 260 },
  info: undefined,
};

/** The collector is heard no more: falling, unlike any alarm, and again and again. */
export const LOST_STRIKE: Strike = { tonesHz: [523, 392, 523, 392], toneMs: 260, repeatAfterMs: 6000 };

/** Who was already heard: alerts whose sound was stopped, or that were there when sound was turned on and are once-only. */
export function fingerprints(alerts: readonly AlertView[]): ReadonlySet<string> {
  return new Set(alerts.map((alert) => alert.fingerprint));
}

/** The alerts that nobody has silenced yet. A stopped sound stays stopped for these alerts; a new one sounds. */
function unheard(alerts: readonly AlertView[], silenced: ReadonlySet<string>): readonly AlertView[] {
  return alerts.filter((alert) => !silenced.has(alert.fingerprint));
}

/** What must sound now, if anything. */
export function soundingSeverity(
  alerts: readonly AlertView[],
  silenced: ReadonlySet<string>,
): Severity | undefined {
  const worst = worstSeverity(unheard(alerts, silenced));
  return worst !== undefined && STRIKES[worst] !== undefined ? worst : undefined;
}
