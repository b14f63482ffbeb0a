import { Type, type Static } from 'typebox';
import { Closed, DurationText } from './common.ts';

/** A rule file as Prometheus defines it. Its groups and rules are checked one by one: a faulty one leaves the others in force. */
export const RuleFile = Closed(
  {
    groups: Type.Optional(
      Type.Union([Type.Array(Type.Unknown()), Type.Null()], { description: 'Groups of rules.' }),
    ),
  },
  'A rule file in Prometheus format.',
);
export type RuleFile = Static<typeof RuleFile>;

const Texts = (description: string) =>
  Type.Union(
    [
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
      Type.Null(),
    ],
    { description },
  );

const Wait = (description: string) =>
  Type.Union([DurationText(description), Type.Literal('0'), Type.Literal(0)], { description });

export const RuleGroupText = Closed(
  {
    name: Type.String({ minLength: 1, description: 'Unique in its file.' }),
    interval: Type.Optional(DurationText("How often it is evaluated; the collector's setting when absent.")),
    limit: Type.Optional(
      Type.Integer({ minimum: 0, description: 'A rule with more results than this fails; 0 is no limit.' }),
    ),
    query_offset: Type.Optional(Wait('How far back the expressions look.')),
    labels: Type.Optional(Texts('Labels of all its rules, which may replace them.')),
    rules: Type.Optional(Type.Union([Type.Array(Type.Unknown()), Type.Null()])),
  },
  'A group of rules: evaluated together, in their order, at one instant.',
);
export type RuleGroupText = Static<typeof RuleGroupText>;

export const RuleText = Closed(
  {
    alert: Type.Optional(Type.String({ minLength: 1, description: 'Name of the alert.' })),
    record: Type.Optional(Type.String({ minLength: 1, description: 'Name of the series that it writes.' })),
    expr: Type.Union([Type.String({ minLength: 1 }), Type.Number()], { description: 'PromQL.' }),
    for: Type.Optional(Wait('How long it must be true before the alert fires.')),
    keep_firing_for: Type.Optional(Wait('How long the alert fires on after it became false.')),
    labels: Type.Optional(Texts('Labels to add; `severity` is critical, major, minor or info.')),
    annotations: Type.Optional(
      Texts('Texts: summary, response, consequence (…_zh, …_en), time_to_act, unit, no_data.'),
    ),
  },
  'An alerting or a recording rule.',
);
export type RuleText = Static<typeof RuleText>;
