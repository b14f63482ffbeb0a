import type { AlertView } from '../../../../config/model/api.ts';
import type { Severity } from '../../../../config/model/severity.ts';
import { silenceState, type Silence } from '../../../../config/model/silence.ts';
import type { SheetLine } from '../../../../config/model/sheet.ts';
import { historyBetween } from '../../../records/alerts.ts';
import type { SheetBlock } from './block.ts';

export interface AlertBlockDeps {
  readonly active: () => readonly AlertView[];
  readonly silences: () => readonly Silence[];
}

const WEIGHTS: Readonly<Record<Severity, SheetLine['weight']>> = {
  critical: 'grave',
  major: 'heed',
  minor: 'plain',
  info: 'plain',
};

/** The alerts that go on: nobody's first, then those that somebody sees to, with owner and age. */
export function openAlerts({ active }: Pick<AlertBlockDeps, 'active'>): SheetBlock {
  return {
    id: 'alerts_open',
    async lines() {
      const alerts = active().filter(({ phase }) => phase.kind === 'firing' || phase.kind === 'held');
      const unowned = alerts.filter(({ claim }) => claim === undefined);
      const owned = alerts.filter(({ claim }) => claim !== undefined);
      return [...unowned, ...owned].map(openLine);
    },
  };
}

function openLine(alert: AlertView): SheetLine {
  const { fingerprint, severity, phase, device = '', claim, summary } = alert;
  const sinceMs = 'firedAtMs' in phase ? phase.firedAtMs : phase.sinceMs;
  const params = { device, sinceMs, level: severity };
  const common = { key: fingerprint, name: summary, weight: WEIGHTS[severity] };
  if (claim === undefined) {
    return { ...common, code: phase.kind === 'held' ? 'alert_held' : 'alert_unowned', params };
  }
  const { person, endsAtMs: untilMs, note } = claim;
  return { ...common, code: 'alert_owned', params: { ...params, person, untilMs, note } };
}

/** Those that ended in the time of the sheet, each once. */
export function resolvedAlerts(): SheetBlock {
  return {
    id: 'alerts_resolved',
    async lines({ db, since, through }) {
      const entries = await historyBetween(db, since.history, through.history, ['resolved']);
      return entries.map(({ id, atMs, alert, person = '' }): SheetLine => {
        const { phase, summary, device = '', severity } = alert;
        const firedAtMs = phase.kind === 'resolved' ? phase.firedAtMs : atMs;
        return {
          key: String(id),
          code: person === '' ? 'alert_resolved' : 'alert_ended',
          name: summary,
          params: { device, firedAtMs, atMs, level: severity, person },
          weight: 'plain',
        };
      });
    },
  };
}

/** What is silent now or will be, the next to end first: the incoming answers for it. */
export function silencesBlock({ silences }: Pick<AlertBlockDeps, 'silences'>): SheetBlock {
  return {
    id: 'silences',
    async lines({ atMs }) {
      return silences()
        .filter((silence) => silenceState(silence, atMs) !== 'expired')
        .sort((a, b) => a.endsAtMs - b.endsAtMs)
        .map(({ id, kind, owner, reason, startsAtMs, endsAtMs, matchers }): SheetLine => {
          const what = matchers.map(({ name, op, value }) => `${name}${op}${value}`).join(', ');
          return {
            key: id,
            code: kind,
            params: { what, owner, reason, startsAtMs, endsAtMs },
            weight: 'heed',
          };
        });
    },
  };
}
