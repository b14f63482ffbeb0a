import { Type, type Static } from 'typebox';
import { Closed, DurationText, OneOf, SecretText } from './common.ts';

const Timeout = Type.Optional(DurationText('How long an answer is waited for; 10s when absent.'));
const CaFile = Type.Optional(
  Type.String({ description: 'Certificate of the authority that signed the server.' }),
);
const SendResolved = Type.Optional(Type.Boolean({ description: 'true when absent.' }));

const Webhook = Closed(
  {
    url: SecretText('Where the message is posted, in the JSON of Alertmanager.'),
    send_resolved: SendResolved,
    timeout: Timeout,
    bearer: Type.Optional(SecretText('Token in the Authorization header.')),
    ca_file: CaFile,
  },
  'An address that takes alerts over HTTP.',
);

const Robot = Closed(
  {
    url: SecretText('Address of the robot, with its key.'),
    secret: Type.Optional(SecretText('With which messages are signed.')),
    send_resolved: SendResolved,
    timeout: Timeout,
  },
  'A robot in a group chat.',
);

const Command = Closed(
  {
    run: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      description: 'The program and its arguments; no shell. The JSON of the webhook is its standard input.',
    }),
    send_resolved: SendResolved,
    timeout: Type.Optional(DurationText('After which it is ended; 10s when absent.')),
  },
  'A program of this machine.',
);

const PHONE = '^\\+?[0-9]{3,15}$';

/** The ways to a receiver, each a list. */
export const WAYS = {
  mail: Type.Optional(
    Type.Array(Type.String({ pattern: '^[^\\s@<>"]+@[^\\s@<>"]+$' }), { description: 'Addresses.' }),
  ),
  webhook: Type.Optional(Type.Array(Webhook)),
  sms: Type.Optional(
    Type.Array(Type.String({ pattern: PHONE }), { description: 'Numbers, by the gateway under `sms`.' }),
  ),
  modem: Type.Optional(
    Type.Array(Type.String({ pattern: PHONE }), {
      description: 'Numbers that get a text message by the GSM modem under `modem`.',
    }),
  ),
  ring: Type.Optional(
    Type.Array(Type.String({ pattern: PHONE }), {
      description: 'Numbers that the GSM modem rings; nothing is said.',
    }),
  ),
  wecom: Type.Optional(Type.Array(Robot)),
  dingtalk: Type.Optional(Type.Array(Robot)),
  feishu: Type.Optional(Type.Array(Robot)),
  mqtt: Type.Optional(
    Type.Array(Type.String({ pattern: '^[^#+\\u0000]{1,200}$' }), {
      description: 'Topics, at the broker under `mqtt`.',
    }),
  ),
  command: Type.Optional(Type.Array(Command)),
  alertmanager: Type.Optional(Type.Array(Webhook)),
};
const Ways = Type.Object(WAYS);
export type WaysFile = Static<typeof Ways>;
export type WebhookFile = Static<typeof Webhook>;
export type RobotFile = Static<typeof Robot>;
export type CommandFile = Static<typeof Command>;

/** What text messages leave by. */
export const SmsGatewayFile = Closed(
  {
    url: SecretText(
      'Address of the gateway; {phone} and {text} stand for what they say, encoded for an address.',
    ),
    method: Type.Optional(OneOf(['POST', 'GET'], 'POST when absent.')),
    content_type: Type.Optional(
      OneOf(
        ['application/json', 'application/x-www-form-urlencoded'],
        'How {phone} and {text} in the body are encoded; JSON when absent.',
      ),
    ),
    body: Type.Optional(SecretText('Body of the request, with {phone} and {text}.')),
    headers: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Za-z0-9-]+$' }), SecretText('A header.'))),
    accepted: Type.Optional(
      Type.String({ description: 'Regular expression that the answer has when the message was taken.' }),
    ),
    timeout: Timeout,
    ca_file: CaFile,
  },
  'A gateway for text messages.',
);
export type SmsGatewayFile = Static<typeof SmsGatewayFile>;

/** The modem that rings and sends text messages where there is no network. */
export const ModemFile = Closed(
  {
    device: Type.String({
      pattern: '^/',
      description: 'Its serial port; a name under /dev/serial/by-id stays when it is plugged in again.',
    }),
    baud: Type.Optional(
      Type.Integer({ minimum: 1_200, maximum: 4_000_000, description: '115200 when absent.' }),
    ),
    pin: Type.Optional(
      SecretText('PIN of the SIM card; tried once, so that a wrong one does not lock the card.'),
    ),
    ring_for: Type.Optional(DurationText('How long a call rings; 25s when absent.')),
  },
  'A GSM modem on a serial port.',
);
export type ModemFile = Static<typeof ModemFile>;

/** The broker that alerts are published at. */
export const MqttFile = Closed(
  {
    url: Type.String({ pattern: '^mqtts?://', description: 'mqtt://HOST:1883 or mqtts://HOST:8883.' }),
    user: Type.Optional(Type.String({ minLength: 1 })),
    password: Type.Optional(SecretText('Password at the broker.')),
    ca_file: CaFile,
  },
  'An MQTT broker.',
);
export type MqttFile = Static<typeof MqttFile>;
