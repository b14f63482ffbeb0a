import { Type, type Static } from 'typebox';
import { Closed } from './common.ts';
import { TrapRuleFile } from './profile-traps.ts';

/** The grammar of a number is checked by the loader, which can say more than that a pattern does not fit. */
const OidText = (description: string) => Type.String({ minLength: 1, description });
const OidTexts = (description: string) =>
  Type.Union([OidText(description), Type.Array(OidText(description), { minItems: 1 })], { description });
const Numbers = Type.Array(Type.Number(), { minItems: 1 });
const Whole = Type.Integer({ minimum: 1 });
const ByNumber = <S extends Type.TSchema>(value: S, description: string) =>
  Type.Record(Type.String({ pattern: '^-?[0-9]+$' }), value, { description });
const ByTold = <S extends Type.TSchema>(value: S, description: string) =>
  Type.Record(Type.String({ minLength: 1 }), value, { description });
const Invalid = Type.Array(Type.Number(), { minItems: 1, description: 'Numbers that mean "not known".' });

/** In a table, a column's number below the entry, or the whole object identifier of a column with the same index. */
const Column = Type.Union([
  Whole,
  OidText(
    'A column of this or of another table with the same index; one that ends in .0 is a single object.',
  ),
]);

/**
 * Where a label's value is: the row's index, a column, or a text; of a list, the first that is not empty. A text with
 * braces is put together: `{index}`, `{index.2}`, `{5}` a column, `{3@1}` the column 3 of the row that the first part of
 * the index names, `{3@#4}` of the row that the column 4 names; empty as soon as one of them is.
 */
const LabelSource = Type.Union([
  Column,
  Type.Object({ text: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
]);

const Labels = Type.Record(
  Type.String(),
  Type.Union([LabelSource, Type.Array(LabelSource, { minItems: 1 })]),
);

const conditionOf = <S extends Type.TSchema>(place: S) =>
  Closed(
    {
      column: place,
      is: Type.Optional(
        Type.Array(Type.Union([Type.Number(), Type.String()]), {
          minItems: 1,
          description: 'Numbers or texts, one of which it is.',
        }),
      ),
      not: Type.Optional(
        Type.Array(Type.Union([Type.Number(), Type.String()]), {
          minItems: 1,
          description: 'Numbers or texts, none of which it is.',
        }),
      ),
      matches: Type.Optional(
        Type.String({ description: 'Regular expression that is found in it, in either case.' }),
      ),
    },
    'What another object of the same row must be when the device is explored.',
  );

const readingOf = <S extends Type.TSchema>(place: S) => ({
  metric: Type.String({ minLength: 1, description: 'A name of the catalogue; it says the unit.' }),
  unit: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'What the device counts in, where that is not the base unit: min, kWh, %, F.',
    }),
  ),
  multiply: Type.Optional(Whole),
  divide: Type.Optional(Whole),
  decibels: Type.Optional(
    Type.Literal(true, {
      description: 'Told in proportion: the reading is ten times its decimal logarithm.',
    }),
  ),
  offset: Type.Optional(Type.Number({ description: 'Added after scaling.' })),
  multiply_by: Type.Optional(place),
  powers_of_ten: Type.Optional(
    Closed(
      { column: place, values: ByNumber(Type.Integer(), 'Number told there → power of ten.') },
      'A scale that the device tells.',
    ),
  ),
  decimals: Type.Optional(place),
  minus: Type.Optional(Type.Array(place, { minItems: 1, description: 'Taken off before scaling.' })),
  over: Type.Optional(place),
  invalid: Type.Optional(Invalid),
  extract: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'Regular expression whose first group is what counts of a text.',
    }),
  ),
  bit: Type.Optional(Type.Integer({ minimum: 0, maximum: 31, description: 'Bit of a number, from 0.' })),
  map: Type.Optional(ByTold(Type.Number(), 'Number or text told → value; any other is not known.')),
  states: Type.Optional(
    ByTold(Type.String(), 'Number or text told → state of the catalogue; any other is not known.'),
  ),
  when: Type.Optional(Type.Array(conditionOf(place), { minItems: 1, description: 'All must hold.' })),
  only_while: Type.Optional(
    Closed({ column: place, is: Numbers }, 'The reading counts while another object is one of these.'),
  ),
  lane: Type.Optional(
    Type.Union([Type.Literal('fast'), Type.Literal('ordinary'), Type.Literal('slow')], {
      description: 'How often it is asked for, where that is not as the metric is elsewhere.',
    }),
  ),
});

const HEAD = {
  title: Type.String({ minLength: 1 }),
  match: Type.Array(
    Closed(
      {
        object_id: Type.Optional(OidTexts('What sysObjectID begins with.')),
        descr: Type.Optional(Type.String({ description: 'Regular expression found in sysDescr.' })),
        has: Type.Optional(OidText('An object or table that the device must have something below.')),
      },
      'All that it names must hold.',
    ),
    { minItems: 1, description: 'The profile serves a device that one of these describes.' },
  ),
  root: Type.Optional(
    OidTexts('What object identifiers that begin with a dot are below; of several, each for itself.'),
  ),
};

/** What tells whom a profile serves; it stands first in its file. */
export const ProfileHead = Closed(HEAD, 'The head of a device profile.');
export type ProfileHead = Static<typeof ProfileHead>;

/** A device profile: where the numbers of a family of devices are. What they mean stands in the catalogue. */
export const ProfileFile = Closed(
  {
    ...HEAD,
    invalid: Type.Optional(Invalid),
    shared: Type.Optional(Type.Unknown({ description: 'A place for YAML anchors; nothing else reads it.' })),
    info: Type.Optional(
      Closed(
        {
          vendor: Type.Optional(OidTexts('Objects; the first that tells something counts.')),
          model: Type.Optional(OidTexts('Likewise.')),
          firmware: Type.Optional(OidTexts('Likewise.')),
          system_name: Type.Optional(OidTexts('Likewise.')),
        },
        'What the device says of itself.',
      ),
    ),
    changes_with: Type.Optional(
      Type.Array(OidText('An object whose change means that there are other rows.'), { minItems: 1 }),
    ),
    values: Type.Optional(
      Type.Array(
        Closed(
          {
            oid: OidText('The leaf, with its last number.'),
            labels: Type.Optional(Labels),
            ...readingOf(OidText('Another leaf.')),
          },
          'One object.',
        ),
      ),
    ),
    tables: Type.Optional(
      Type.Array(
        Closed(
          {
            entry: OidText('The entry object, below which the columns are.'),
            labels: Type.Optional(Labels),
            invalid: Type.Optional(Invalid),
            when: Type.Optional(
              Type.Array(conditionOf(Column), { minItems: 1, description: 'For every column.' }),
            ),
            values: Type.Array(
              Closed(
                {
                  column: Column,
                  labels: Type.Optional(Labels),
                  part: Type.Optional(
                    Type.String({
                      minLength: 1,
                      description: "What of the row it is; stands behind the row's name in the first label.",
                    }),
                  ),
                  ...readingOf(Column),
                },
                'One column.',
              ),
              { minItems: 1 },
            ),
          },
          'A table: what holds for each of its rows.',
        ),
      ),
    ),
    traps: Type.Optional(
      Type.Array(TrapRuleFile, { minItems: 1, description: 'What it reports by itself.' }),
    ),
  },
  'A device profile.',
);
export type ProfileFile = Static<typeof ProfileFile>;
export type LabelSourceFile = Static<typeof LabelSource>;
