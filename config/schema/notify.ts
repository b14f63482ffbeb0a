import { Type, type Static } from 'typebox';
import { LANGUAGES } from '../model/localized.ts';
import { SEVERITIES } from '../model/severity.ts';
import { Closed, Id, OneOf, Port, SecretText } from './common.ts';

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

/** `notify.yaml`: who is told of alerts. */
export const NotifyFile = Closed(
  {
    smtp: Type.Optional(Mail),
    receivers: Type.Array(
      Closed(
        {
          name: Id('Name of the receiver.'),
          mail: Type.Array(Type.String({ pattern: '^[^\\s@<>"]+@[^\\s@<>"]+$' }), {
            minItems: 1,
            description: 'Addresses.',
          }),
          language: Type.Optional(OneOf(LANGUAGES, 'Language of the reader; zh-CN when absent.')),
          severities: Type.Optional(
            Type.Array(OneOf(SEVERITIES, 'A severity.'), { description: 'Only these; all when absent.' }),
          ),
        },
        'A receiver.',
      ),
    ),
  },
  'Notification.',
);
export type NotifyFile = Static<typeof NotifyFile>;
