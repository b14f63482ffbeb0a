import { Type, type Static } from 'typebox';
import type { Alerting } from '../../alerting/alerting.ts';
import type { PostedAlert } from '../../alerting/inbox.ts';
import { defined } from '../../config/model/defined.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Labels } from '../../config/model/labels.ts';
import type { ApiPlugin } from './api.ts';
import { InvalidRequestError } from './refusals.ts';

export interface PostedAlertDeps {
  readonly alerting: Pick<Alerting, 'post'>;
}

/** Prometheus sends 64 at once, others as many as they have. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const MAX_FAULTS = 50;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const Words = Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 20_000 }), {
  maxProperties: 200,
});
const Instant = Type.Optional(Type.String({ maxLength: 60 }));
/** What else stands there is another version's; it is passed over, as Alertmanager does. */
const Alert = Type.Object({
  labels: Words,
  annotations: Type.Optional(Words),
  startsAt: Instant,
  endsAt: Instant,
  generatorURL: Type.Optional(Type.String({ maxLength: 20_000 })),
});
const Body = Type.Array(Alert, { maxItems: 20_000 });

/**
 * `POST /api/v2/alerts`, as Alertmanager takes alerts (its `api/v2/openapi.yaml`): those that are whole are taken, and
 * who sent others is told which. Prometheus and whatever else speaks to an Alertmanager can speak to it.
 */
export function postedAlertRoutes({ alerting }: PostedAlertDeps): ApiPlugin {
  return (api) => {
    api.post(
      '/api/v2/alerts',
      { schema: { body: Body }, bodyLimit: MAX_BODY_BYTES },
      async ({ body }): Promise<Record<string, never>> => {
        const faults = body.flatMap((alert, index) => {
          const message = faultOf(alert);
          return message === undefined ? [] : [{ path: `[${index}]`, message }];
        });
        const alerts = body.filter((alert) => faultOf(alert) === undefined).map(postedAlert);
        const refused = alerts.length === 0 ? 0 : await alerting.post(alerts);
        if (refused > 0)
          throw new WatchkeeperError('too_many_requests', `There is no room for ${refused} of the alerts.`);
        if (faults.length > 0) throw new InvalidRequestError(faults.slice(0, MAX_FAULTS));
        return {};
      },
    );
  };
}

type AlertBody = Static<typeof Alert>;

/** What is wrong with it; `undefined` where it is whole. */
function faultOf({ labels, annotations = {}, startsAt, endsAt }: AlertBody): string | undefined {
  const own = Object.keys(withoutEmpty(labels));
  const wrong = [...own, ...Object.keys(annotations)].find((name) => !LABEL_NAME.test(name));
  if (wrong !== undefined) return `${JSON.stringify(wrong)} is no name of a label`;
  if (own.length === 0) return 'an alert has at least one label';
  const [startsAtMs, endsAtMs] = [instantMs(startsAt), instantMs(endsAt)];
  if (Number.isNaN(startsAtMs)) return 'startsAt is no instant of RFC 3339';
  if (Number.isNaN(endsAtMs)) return 'endsAt is no instant of RFC 3339';
  return (endsAtMs ?? Number.POSITIVE_INFINITY) < (startsAtMs ?? 0) ? 'endsAt is before startsAt' : undefined;
}

function postedAlert({ labels, annotations = {}, startsAt, endsAt }: AlertBody): PostedAlert {
  return defined({
    labels: withoutEmpty(labels),
    annotations: withoutEmpty(annotations),
    startsAtMs: instantMs(startsAt),
    endsAtMs: instantMs(endsAt),
  });
}

function withoutEmpty(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

/** RFC 3339, to whatever fraction of a second. */
const INSTANT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
/** Go's zero time stands for none. */
const YEAR_1 = '0001-01-01T00:00:00';

/** `undefined` for none, NaN for what is no instant. */
function instantMs(text: string | undefined): number | undefined {
  if (text === undefined || text === '' || text.startsWith(YEAR_1)) return undefined;
  return INSTANT.test(text) ? Date.parse(text.replace(/(\.\d{3})\d+/, '$1').toUpperCase()) : Number.NaN;
}
