import { Type } from 'typebox';
import type { Alerting } from '../../../alerting/alerting.ts';
import type { EndedPhases, Ending } from '../../../alerting/engine/ending.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { Closed } from '../../../config/schema/common.ts';
import { saveAlertChanges } from '../../records/alerts.ts';
import type { Db } from '../../records/tables.ts';
import { afterCommit } from '../../records/transaction.ts';
import type { ApiPlugin } from '../api.ts';
import { commandRoute } from '../commands.ts';
import { nameOf } from './care-deps.ts';
import { Fingerprint } from './fingerprint.ts';

export interface EndDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly alerting: Pick<Alerting, 'endings'>;
}

/** Ends an alert whose data will not come back, such as of a sensor that was taken away. */
export function endAlert(deps: EndDeps): ApiPlugin {
  const keep = async (step: Db, ending: Ending): Promise<void> => {
    await saveAlertChanges(step, ending.changes);
    afterCommit(step, () => deps.alerting.endings().took(ending));
  };
  return commandRoute(deps, {
    name: 'end-alert',
    input: Closed(
      {
        fingerprint: Fingerprint,
        reason: Type.String({ pattern: '\\S', maxLength: 1_000, description: 'Why it ends.' }),
      },
      'Ends an alert that is held.',
    ),
    async plan(_db, { fingerprint, reason }, { account, atMs }) {
      const by = { person: account.name, reason: reason.trim(), atMs };
      const ending = deps.alerting.endings().end(fingerprint, by);
      const { before } = ending;
      const { alertname = '', device } = before.labels;
      const alert = nameOf(device === undefined ? { name: alertname } : { name: alertname, device });
      return {
        effects: [{ code: 'alert_ends', params: { alert } }, { code: 'alert_fires_anew' }],
        target: fingerprint,
        basis: { fingerprint, phase: before.phase },
        details: ending,
        after: { reason: by.reason },
      };
    },
    async act(step, { details }) {
      await keep(step, details);
      const { before, after } = details;
      return { undo: { fingerprint: after.fingerprint, held: before.phase, ended: after.phase } };
    },
    async undo(step, undo, { account, atMs }) {
      const { fingerprint, ...phases } = undo as EndedPhases & { readonly fingerprint: string };
      await keep(step, deps.alerting.endings().takeBack(fingerprint, phases, { person: account.name, atMs }));
      return [{ code: 'alert_is_held' }];
    },
  });
}
