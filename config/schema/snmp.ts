import { Type, type Static } from 'typebox';
import { AUTH_PROTOCOLS, PRIVACY_PROTOCOLS } from '../model/snmp.ts';
import { Closed, Id, OneOf, Port, SecretText } from './common.ts';

/** `snmp` of a device in `site.yaml`. */
export const Snmp = Closed(
  {
    host: Type.String({ minLength: 1, description: 'Address or name of the device.' }),
    port: Type.Optional(Port),
    version: Type.Optional(
      Type.Enum(['1', '2c', '3', 1, 3], {
        description: 'Version of SNMP; when absent, 3 where there is a user, else 2c.',
      }),
    ),
    community: Type.Optional(SecretText('Community; public when absent.')),
    user: Type.Optional(Type.String({ minLength: 1, maxLength: 32, description: 'User of version 3.' })),
    auth: Type.Optional(
      Closed(
        {
          protocol: OneOf(AUTH_PROTOCOLS, 'How messages are signed.'),
          password: SecretText('Eight characters at least.'),
        },
        'Authentication of version 3.',
      ),
    ),
    privacy: Type.Optional(
      Closed(
        {
          protocol: OneOf(PRIVACY_PROTOCOLS, 'How messages are encrypted.'),
          password: SecretText('Eight characters at least.'),
        },
        'Privacy of version 3.',
      ),
    ),
    context: Type.Optional(
      Type.String({ maxLength: 32, description: 'Context of version 3; the default one when absent.' }),
    ),
    context_engine_id: Type.Optional(
      Type.String({
        pattern: '^([0-9A-Fa-f]{2}){5,32}$',
        description:
          'Engine that the context belongs to, in hexadecimal digits; the device itself when absent.',
      }),
    ),
    timeout_ms: Type.Optional(Type.Integer({ minimum: 50, maximum: 60_000 })),
    retries: Type.Optional(Type.Integer({ minimum: 0, maximum: 5 })),
    max_repetitions: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 200,
        description: 'Rows in one answer of a walk; 50 when absent.',
      }),
    ),
    profiles: Type.Optional(
      Type.Array(Id('Name of a profile.'), { description: 'Instead of those that discovery finds.' }),
    ),
    optional: Type.Optional(
      Type.Boolean({
        description: 'Not missed while it has never answered: another source may tell of the device.',
      }),
    ),
  },
  'How the device is read over SNMP.',
);
export type SnmpFile = Static<typeof Snmp>;
