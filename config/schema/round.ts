import { Type, type Static } from 'typebox';
import { DEVICE_KINDS } from '../model/device.ts';
import { PROOF_WAYS, ROUND_BLOCKS, ROUND_KINDS } from '../model/round.ts';
import { Closed, Id, Instant, LocalText, OneOf } from './common.ts';

const TimeOfDay = (description: string) =>
  Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description });

const Text = (description: string) => Type.String({ maxLength: 2_000, description });
const Name = LocalText('What people call it.');

const Option = Closed(
  { id: Id('What is kept.'), name: Name, abnormal: Type.Optional(Type.Boolean()) },
  'One that can be chosen.',
);

const Item = Closed(
  {
    id: Id('Stays when the item is reworded: its values remain one series.'),
    block: OneOf(ROUND_BLOCKS, 'The part of the form that it stands in.'),
    type: OneOf(['check', 'number', 'choice', 'text', 'photo'], 'What is answered.'),
    name: Name,
    help: Type.Optional(LocalText('What to look for.')),
    photo: Type.Optional(Type.Boolean({ description: 'A photo must be taken whatever was found.' })),
    unit: Type.Optional(Type.String({ maxLength: 16, description: 'Of a number, as it is printed.' })),
    low: Type.Optional(Type.Number({ description: 'Below it a number is abnormal.' })),
    high: Type.Optional(Type.Number({ description: 'Above it a number is abnormal.' })),
    sensor: Type.Optional(Type.String({ maxLength: 1_000, description: 'PromQL for what the sensors say.' })),
    sensor_scale: Type.Optional(Type.Number({ description: 'Multiplies what the sensors say; 1.' })),
    read_yourself: Type.Optional(
      Type.Boolean({ description: 'The sensor is shown only after what somebody read.' }),
    ),
    tolerance: Type.Optional(
      Type.Number({ minimum: 0, description: 'A larger difference between person and sensor is told.' }),
    ),
    options: Type.Optional(Type.Array(Option, { minItems: 2, maxItems: 12 })),
  },
  'Something to look at.',
);
export type ItemFile = Static<typeof Item>;

const Checkpoint = Closed(
  {
    id: Id('Of the place.'),
    name: Name,
    each: Type.Optional(
      OneOf(
        ['row', ...DEVICE_KINDS],
        'One such place for each row of racks, or for each device of a kind, of the room.',
      ),
    ),
    min_seconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600, description: '10 when absent.' })),
    items: Type.Array(Item, { minItems: 1, maxItems: 60 }),
  },
  'A place on the way.',
);
export type CheckpointFile = Static<typeof Checkpoint>;

const Schedule = Closed(
  {
    from: TimeOfDay('From when it can be done in time.'),
    by: TimeOfDay('Until when it must be done; not after `from`: on the next day.'),
    weekday: Type.Optional(Type.Integer({ minimum: 1, maximum: 7, description: '1 Monday … 7 Sunday.' })),
    month_day: Type.Optional(Type.Integer({ minimum: 1, maximum: 31 })),
  },
  'When it is due, in the zone of the site.',
);

/** A round as a file describes it, for every room of a site. */
export const RoundFile = Closed(
  {
    name: Name,
    kind: OneOf(ROUND_KINDS, 'How often it is due.'),
    schedule: Schedule,
    ordered: Type.Optional(Type.Boolean({ description: 'The places are to be walked in their order.' })),
    review: Type.Optional(Type.Boolean({ description: 'A second person looks through it and signs.' })),
    checkpoints: Type.Array(Checkpoint, { minItems: 1, maxItems: 100 }),
  },
  'An inspection round.',
);
export type RoundFile = Static<typeof RoundFile>;

export const RoundId = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
/** A photo is named by what it is: the SHA-256 of its bytes. */
export const PhotoId = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Photos = Type.Array(PhotoId, { maxItems: 20 });

const Answer = Closed(
  {
    item: Id('Of the template.'),
    atMs: Instant,
    value: Type.Union([Type.Boolean(), Type.Number(), Text('An option, or a text.')]),
    isConfirmed: Type.Optional(Type.Literal(true)),
    note: Type.Optional(Text('What was found.')),
    photos: Photos,
  },
  'What was found.',
);

const Visit = Closed(
  {
    checkpoint: Id('Of the template.'),
    beganAtMs: Instant,
    endedAtMs: Instant,
    way: OneOf(PROOF_WAYS, 'How somebody showed to be there.'),
    code: Type.String({ maxLength: 64 }),
    answers: Type.Array(Answer, { maxItems: 100 }),
  },
  'A place that somebody was at.',
);

/** A round that somebody walked. */
export const Submission = Closed(
  {
    id: RoundId,
    template: Id('What was to be looked at.'),
    version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    due: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]{1,63}@\\d{4}-\\d{2}-\\d{2}$' })),
    walkedBy: Type.String({ minLength: 1, maxLength: 64 }),
    beganAtMs: Instant,
    endedAtMs: Instant,
    visits: Type.Array(Visit, { maxItems: 200 }),
    paper: Type.Optional(Closed({ photos: Photos }, 'Entered from a sheet of paper.')),
    remark: Type.Optional(Text('Of the whole round.')),
  },
  'A round that somebody walked.',
);

const LocalName = Closed(
  {
    'zh-CN': Type.String({ minLength: 1, maxLength: 200 }),
    en: Type.String({ minLength: 1, maxLength: 200 }),
  },
  'In each language.',
);
const LocalHelp = Closed(
  { 'zh-CN': Type.String({ maxLength: 1_000 }), en: Type.String({ maxLength: 1_000 }) },
  'In each language.',
);

/** As `ItemFile`, the way a page sends it. */
const ItemInput = Closed(
  {
    id: Id('Stays when the item is reworded.'),
    block: OneOf(ROUND_BLOCKS, 'The part of the form that it stands in.'),
    type: OneOf(['check', 'number', 'choice', 'text', 'photo'], 'What is answered.'),
    name: LocalName,
    help: Type.Optional(LocalHelp),
    needsPhoto: Type.Boolean(),
    unit: Type.Optional(Type.String({ maxLength: 16 })),
    low: Type.Optional(Type.Number()),
    high: Type.Optional(Type.Number()),
    sensor: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
    sensorScale: Type.Optional(Type.Number()),
    isReadYourself: Type.Optional(Type.Boolean()),
    tolerance: Type.Optional(Type.Number({ minimum: 0 })),
    options: Type.Optional(
      Type.Array(
        Closed({ id: Id('What is kept.'), name: LocalName, isAbnormal: Type.Boolean() }, 'A choice.'),
        { minItems: 2, maxItems: 12 },
      ),
    ),
  },
  'Something to look at.',
);

/** A whole template as the page that edits it sends it; `version` is the one that was edited, 0 for a new one. */
export const TemplateInput = Closed(
  {
    id: Id('Of the round.'),
    version: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    name: LocalName,
    kind: OneOf(ROUND_KINDS, 'How often it is due.'),
    room: Type.Optional(Id('Of the site.')),
    schedule: Closed(
      {
        from: TimeOfDay('From when it can be done in time.'),
        by: TimeOfDay('Until when it must be done.'),
        weekday: Type.Integer({ minimum: 1, maximum: 7 }),
        monthDay: Type.Integer({ minimum: 1, maximum: 31 }),
      },
      'When it is due.',
    ),
    isOrdered: Type.Boolean(),
    needsReview: Type.Boolean(),
    isRetired: Type.Boolean(),
    checkpoints: Type.Array(
      Closed(
        {
          id: Id('Of the place.'),
          name: LocalName,
          minSeconds: Type.Integer({ minimum: 0, maximum: 3_600 }),
          items: Type.Array(ItemInput, { minItems: 1, maxItems: 60 }),
        },
        'A place on the way.',
      ),
      { minItems: 1, maxItems: 100 },
    ),
  },
  'An inspection round.',
);
export type TemplateInput = Static<typeof TemplateInput>;
