import type { AlertHistoryEntry, AlertTransition, AlertView } from '../../config/model/api.ts';
import type { MutedKind, PointView } from '../../config/model/attention.ts';
import { defined } from '../../config/model/defined.ts';

/** A line of the history as the load of the watch is counted by it. */
export interface JournalLine {
  readonly atMs: number;
  readonly transition: AlertTransition;
  readonly point: PointView;
  readonly isDanger: boolean;
  /** When the episode fired. */
  readonly firedAtMs: number;
  /** Why it asked nothing of anybody when it was raised. */
  readonly muted?: MutedKind;
  readonly person?: string;
  readonly text?: string;
}

export function lineOf({
  atMs,
  transition,
  alert,
  person,
  reason,
}: Omit<AlertHistoryEntry, 'id'>): JournalLine {
  const { phase, danger, muted } = alert;
  return defined({
    atMs,
    transition,
    point: pointOf(alert),
    isDanger: danger === 'life',
    firedAtMs: phase.kind === 'pending' ? atMs : phase.firedAtMs,
    muted: muted?.kind,
    person,
    text: reason,
  });
}

export function pointOf({ fingerprint, name, rule, summary, severity, device }: AlertView): PointView {
  return defined({ fingerprint, name, rule, summary, severity, device });
}

/** Whether people had to look at it: what endangers life counts whatever is silent. */
export function isOwn({ transition, muted, isDanger }: JournalLine): boolean {
  return transition === 'fired' && (muted === undefined || isDanger);
}
