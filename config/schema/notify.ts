import { Type, type Static } from 'typebox';
import { ACCOUNT_NAME } from '../model/account.ts';
import { LANGUAGES } from '../model/localized.ts';
import { SEVERITIES } from '../model/severity.ts';
import { PERSONAL_WAYS, WATCH_POSTS } from '../model/watch.ts';
import { Closed, DurationText, OneOf, Port, SecretText } from './common.ts';
import { HoursFile } from './hours.ts';
import { ModemFile, MqttFile, SmsGatewayFile, WAYS } from './ways.ts';

const Mail = Closed(
  {
    host: Type.String({ minLength: 1, description: 'The SMTP server.' }),
    port: Type.Optional(Port),
    security: Type.Optional(
      OneOf(
        ['starttls', 'tls', 'none'],
        'starttls (port 587) when absent: refuses a server that offers no encryption.',
      ),
    ),
    user: Type.Optional(Type.String({ minLength: 1 })),
    password: Type.Optional(SecretText('Password at the SMTP server.')),
    ca_file: Type.Optional(
      Type.String({ description: 'Certificate of the authority that signed the server.' }),
    ),
    from: Type.String({ minLength: 3, description: 'The sender.' }),
  },
  'How mail leaves.',
);

const Names = (description: string) =>
  Type.Array(Type.String({ pattern: ACCOUNT_NAME }), { maxItems: 200, description });

const Receiver = Closed(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'Name of the receiver.' }),
    ...WAYS,
    people: Type.Optional(Names('Accounts: each person is told by what his account says, in his language.')),
    watch: Type.Optional(OneOf(WATCH_POSTS, 'Whoever holds this post on the watch at that instant.')),
    fallback: Type.Optional(Names('Accounts that are told where nobody holds the post.')),
    by: Type.Optional(
      Type.Array(OneOf(PERSONAL_WAYS, 'A way.'), {
        minItems: 1,
        description: 'How people are told, as far as they have it; mail, sms and modem when absent.',
      }),
    ),
    language: Type.Optional(OneOf(LANGUAGES, 'Language of the reader; zh-CN when absent.')),
    severities: Type.Optional(
      Type.Array(OneOf(SEVERITIES, 'A severity.'), { description: 'Only these; all when absent.' }),
    ),
  },
  'A receiver.',
);

const Heartbeat = Closed(
  {
    url: Type.Optional(
      SecretText('Address that is asked (GET) as long as alerts are judged, kept and told.'),
    ),
    every: Type.Optional(DurationText('How often; 1m when absent.')),
    mail: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^\\s@<>"]+@[^\\s@<>"]+$' }), {
        minItems: 1,
        description: 'Addresses that get a mail as long as alerts are judged, kept and told.',
      }),
    ),
    mail_every: Type.Optional(DurationText('How often a mail leaves; 1h when absent.')),
    timeout: Type.Optional(DurationText('How long an answer is waited for; 10s when absent.')),
  },
  "Dead man's switch: whoever listens there calls somebody when nothing comes any more.",
);

const LabelName = Type.String({ pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$' });
const Matchers = Type.Array(Type.String({ minLength: 1 }), {
  description: 'Conditions, severity="critical".',
});
const Values = (description: string) => Type.Record(LabelName, Type.String(), { description });

const ROUTE = {
  receiver: Type.Optional(Type.String({ description: "Who is told; the parent's when absent." })),
  matchers: Type.Optional(Matchers),
  match: Type.Optional(Values('Labels and their values; `matchers` says the same.')),
  match_re: Type.Optional(Values('Labels and patterns of their values.')),
  group_by: Type.Optional(
    Type.Array(Type.Union([LabelName, Type.Literal('...')]), {
      description:
        'Labels that tell groups apart; `...` for all. `room`, `kind` and `layer` are of the device.',
    }),
  ),
  group_wait: Type.Optional(DurationText('How long a new group waits for others like it.')),
  group_interval: Type.Optional(DurationText('Shortest time between two words on a group.')),
  repeat_interval: Type.Optional(DurationText('After how long the same is told again.')),
  urgent: Type.Optional(
    Type.Array(OneOf(SEVERITIES, 'A severity.'), { description: 'Told at once, whatever the waits.' }),
  ),
  mute_time_intervals: Type.Optional(Type.Array(Type.String())),
  active_time_intervals: Type.Optional(Type.Array(Type.String())),
  continue: Type.Optional(Type.Boolean({ description: 'The routes after it are asked too.' })),
  escalation: Type.Optional(Type.String({ description: 'What begins when nobody acknowledges.' })),
};

const RouteFile = Type.Cyclic(
  {
    Route: Type.Object(
      { ...ROUTE, routes: Type.Optional(Type.Array(Type.Ref('Route'))) },
      { additionalProperties: false, description: 'A route of the tree.' },
    ),
  },
  'Route',
);

const EscalationFile = Closed(
  {
    name: Type.String({ minLength: 1, description: 'What routes call it.' }),
    steps: Type.Array(
      Closed(
        {
          after: DurationText('How long after the alert fired, or after its claim ended.'),
          receiver: Type.String({ minLength: 1, description: 'Who is told then.' }),
        },
        'A step.',
      ),
      { minItems: 1 },
    ),
  },
  'Who is told of an alert that nobody acknowledges, one after the other.',
);
export type EscalationFile = Static<typeof EscalationFile>;

const InhibitRuleFile = Type.Union([
  Type.Null(),
  Closed(
    {
      source_matchers: Type.Optional(Matchers),
      source_match: Type.Optional(Values('Labels of the alert that inhibits.')),
      source_match_re: Type.Optional(Values('Likewise, patterns.')),
      target_matchers: Type.Optional(Matchers),
      target_match: Type.Optional(Values('Labels of the alert that is inhibited.')),
      target_match_re: Type.Optional(Values('Likewise, patterns.')),
      equal: Type.Optional(Type.Array(Type.String(), { description: 'Labels that both must share.' })),
    },
    'An alert that keeps others from being told of.',
  ),
]);

const AfterEach = (description: string) => Type.Optional(DurationText(description));

const ChaseFile = Closed(
  {
    receiver: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Who is reminded of what nobody in particular has: the watch.',
      }),
    ),
    supervisor: Type.Optional(
      Type.String({ minLength: 1, description: 'Who is told when reminding did not help.' }),
    ),
    unacknowledged_after: Type.Optional(
      Closed(
        {
          critical: AfterEach('After how long one that nobody acknowledges is overdue.'),
          major: AfterEach('Likewise.'),
          minor: AfterEach('Likewise.'),
          info: AfterEach('Likewise.'),
        },
        'By severity; critical 10m and major 1h when absent, never for one that is not named.',
      ),
    ),
    remind_each: AfterEach('How often it is said again; 15m when absent.'),
    supervisor_after: AfterEach('How long it is overdue before the supervisor is told; 30m when absent.'),
  },
  'How what is overdue is chased.',
);

/** `notify.yaml`: who is told of alerts, of which, when, and how together. Routes are as Alertmanager has them. */
export const NotifyFile = Closed(
  {
    smtp: Type.Optional(Mail),
    sms: Type.Optional(SmsGatewayFile),
    modem: Type.Optional(ModemFile),
    mqtt: Type.Optional(MqttFile),
    heartbeat: Type.Optional(Heartbeat),
    receivers: Type.Array(Receiver),
    chase: Type.Optional(ChaseFile),
    route: Type.Optional(RouteFile),
    escalations: Type.Optional(Type.Array(EscalationFile)),
    inhibit_rules: Type.Optional(Type.Array(InhibitRuleFile)),
    time_intervals: Type.Optional(Type.Array(HoursFile)),
    mute_time_intervals: Type.Optional(Type.Array(HoursFile)),
    resolve_timeout: Type.Optional(
      DurationText('After how long an alert that others post is over if they say no more; 5m when absent.'),
    ),
  },
  'Notification.',
);
export type NotifyFile = Static<typeof NotifyFile>;

/** One node of the tree as it is written. */
export type RouteFile = {
  readonly [K in keyof typeof ROUTE]?: Static<(typeof ROUTE)[K]>;
} & { readonly routes?: readonly RouteFile[] };
export type InhibitRuleFile = Static<typeof InhibitRuleFile>;
