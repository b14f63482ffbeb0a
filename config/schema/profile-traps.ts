import { Type, type Static } from 'typebox';
import { Closed } from './common.ts';

const OidText = (description: string) => Type.String({ minLength: 1, description });

const Tell = Closed(
  {
    metric: Type.String({
      minLength: 1,
      description: 'A name of the catalogue that the device is read for.',
    }),
    state: Type.Optional(Type.String({ minLength: 1, description: 'Of a state set.' })),
    value: Type.Optional(Type.Number({ description: "Of any other metric, in the metric's unit." })),
    index_of: Type.Optional(
      OidText('Column among what the trap tells, whose index says which row it is about.'),
    ),
  },
  'What a reading of the device is now.',
);

/** One trap of a profile; several rules may be about the same, and each that holds counts. */
export const TrapRuleFile = Closed(
  {
    oid: OidText('What version 2c calls it.'),
    name: Type.String({ minLength: 1, maxLength: 64, description: 'What its MIB calls it.' }),
    when: Type.Optional(
      Type.Array(
        Closed(
          {
            oid: OidText('An object, or a column, among what the trap tells.'),
            is: Type.Optional(Type.Array(Type.Union([Type.Number(), Type.String()]), { minItems: 1 })),
            matches: Type.Optional(Type.String({ description: 'Regular expression, in either case.' })),
          },
          'What the trap must tell.',
        ),
        { minItems: 1, description: 'All must hold.' },
      ),
    ),
    tells: Type.Optional(
      Type.Array(Tell, { minItems: 1, description: 'Until the device is read, which happens at once.' }),
    ),
  },
  'A trap.',
);
export type TrapRuleFile = Static<typeof TrapRuleFile>;
