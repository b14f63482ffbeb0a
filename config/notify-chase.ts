import { defined } from './model/defined.ts';
import { parseDurationMs } from './model/duration.ts';
import { SEVERITIES, type Severity } from './model/severity.ts';
import type { NotifyFile } from './schema/notify.ts';
import type { Step } from './schema-faults.ts';

/** How what is overdue is chased. */
export interface ChaseSettings {
  /** Receiver that is told where nobody in particular has it: the watch. Absent: nobody. */
  readonly receiver?: string;
  /** Receiver that answers for them. Absent: nobody. */
  readonly supervisor?: string;
  /** After how long an alert that nobody acknowledges is overdue; never where a severity is not named. */
  readonly unacknowledgedMs: Readonly<Partial<Record<Severity, number>>>;
  readonly remindEachMs: number;
  /** How long a thing is overdue before who answers for it is told. */
  readonly supervisorAfterMs: number;
}

const MINUTE_MS = 60_000;
const USUAL_MS = { critical: 10 * MINUTE_MS, major: 60 * MINUTE_MS } as const;

export const NO_CHASE: ChaseSettings = {
  unacknowledgedMs: {},
  remindEachMs: 15 * MINUTE_MS,
  supervisorAfterMs: 30 * MINUTE_MS,
};

export function chaseSettings(
  { chase }: NotifyFile,
  names: readonly string[],
  fault: (path: readonly Step[], message: string) => void,
): ChaseSettings {
  if (chase === undefined) return NO_CHASE;
  for (const field of ['receiver', 'supervisor'] as const) {
    const name = chase[field];
    if (name !== undefined && !names.includes(name))
      fault(['chase', field], `there is no receiver ${name}: name one of ${names.join(', ')}`);
  }
  return defined({
    receiver: chase.receiver,
    supervisor: chase.supervisor,
    unacknowledgedMs: waitsOf(chase.unacknowledged_after),
    remindEachMs: parseDurationMs(chase.remind_each ?? '') ?? NO_CHASE.remindEachMs,
    supervisorAfterMs: parseDurationMs(chase.supervisor_after ?? '') ?? NO_CHASE.supervisorAfterMs,
  });
}

function waitsOf(
  written: NonNullable<NotifyFile['chase']>['unacknowledged_after'],
): ChaseSettings['unacknowledgedMs'] {
  if (written === undefined) return USUAL_MS;
  const waits = SEVERITIES.map((severity) => [severity, parseDurationMs(written[severity] ?? '')] as const);
  return Object.fromEntries(waits.filter(([, waitMs]) => waitMs !== undefined));
}
