import type { Alerting } from '../../alerting/alerting.ts';
import type {
  AlertFileBody,
  AlertsBody,
  OutboxMessageView,
  TriedView,
  VerdictsBody,
} from '../../config/model/api.ts';
import { defined } from '../../config/model/defined.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { Closed } from '../../config/schema/common.ts';
import { alertFile } from '../records/alerts.ts';
import { messagesAbout } from '../records/messages.ts';
import type { Db } from '../records/tables.ts';
import { endAlert } from './care/end-command.ts';
import { Fingerprint } from './care/fingerprint.ts';
import type { ApiPlugin } from './api.ts';

export interface AlertRoutesDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly alerting: Pick<Alerting, 'active' | 'verdicts' | 'escalation' | 'chases' | 'endings'>;
}

/** How many messages about one alert are shown. */
const MESSAGES_SHOWN = 50;

const AlertParams = Closed({ fingerprint: Fingerprint }, 'An alert.');

/** The alerts that are active, and why people were or were not told of them. */
export function alertRoutes({ db, clock, alerting }: AlertRoutesDeps): ApiPlugin {
  return (api) => {
    api.get(
      '/api/alerts',
      (): AlertsBody => ({
        alerts: alerting.active(),
      }),
    );
    api.get(
      '/api/alerts/:fingerprint/verdicts',
      { schema: { params: AlertParams } },
      async ({ params: { fingerprint } }): Promise<VerdictsBody> => {
        const messages = await messagesAbout(db, fingerprint, MESSAGES_SHOWN);
        return defined({
          receivers: alerting.verdicts(fingerprint),
          messages: messages.map(triedView),
          escalation: alerting.escalation(fingerprint),
          chases: alerting.chases().filter(({ alert, chased }) => alert === fingerprint && chased.length > 0),
        });
      },
    );
    api.get(
      '/api/alerts/:fingerprint/history',
      { schema: { params: AlertParams } },
      ({ params }): Promise<AlertFileBody> => alertFile(db, params.fingerprint),
    );
    endAlert({ db, clock, alerting })(api);
  };
}

function triedView({ text: _text, html: _html, ...tried }: OutboxMessageView): TriedView {
  return tried;
}
