import type { AlertInstance } from '../../config/model/alert.ts';
import { silenceState, type Silence } from '../../config/model/silence.ts';
import { isDangerToLife } from '../danger.ts';
import { compileMatchers, type LabelTest } from '../../config/runtime/matchers.ts';
import type { Seen } from './inhibit.ts';

/** Which silence or maintenance keeps an alert from being told of; `undefined` when none does. */
export type Silencer = (seen: Seen) => Silence | undefined;

const tests = new WeakMap<Silence, LabelTest>();

function testOf(silence: Silence): LabelTest {
  const known = tests.get(silence) ?? compileMatchers(silence.matchers);
  tests.set(silence, known);
  return known;
}

/** Prepares those silences of a kind that are in force at an instant. */
export function silencerOf(silences: readonly Silence[], kind: Silence['kind'], atMs: number): Silencer {
  const active = silences.filter(
    (silence) => silence.kind === kind && silenceState(silence, atMs) === 'active',
  );
  if (active.length === 0) return () => undefined;
  return ({ alert, labels }) =>
    active.find((silence) => counts(silence, alert, atMs) && testOf(silence)(labels));
}

/** How long what is a danger to life may be silent where nobody knows when the shift ends. */
const LONGEST_DANGER_SILENCE_MS = 12 * 3_600_000;

/** Until when an agreed silence counts for what is a danger to life: it ends with the shift. */
export function dangerSilenceEndMs({ startsAtMs, endsAtMs, shiftEndsAtMs }: Silence): number {
  return Math.min(endsAtMs, shiftEndsAtMs ?? startsAtMs + LONGEST_DANGER_SILENCE_MS);
}

/** What is a danger to life falls silent only when two people have said so, and not beyond their shift. */
function counts(silence: Silence, alert: AlertInstance, atMs: number): boolean {
  if (!isDangerToLife(alert)) return true;
  const { approvedBy, owner } = silence;
  return approvedBy !== undefined && approvedBy !== owner && atMs < dangerSilenceEndMs(silence);
}
