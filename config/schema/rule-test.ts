import { Type, type Static } from 'typebox';
import { Closed } from './common.ts';

const Length = (description: string) =>
  Type.Union([Type.String({ pattern: '^([0-9]+(ms|s|m|h|d|w|y))+$' }), Type.Literal('0'), Type.Literal(0)], {
    description,
  });

const Texts = (description: string) =>
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]), {
    description,
  });

const InputSeries = Closed(
  {
    series: Type.String({ minLength: 1, description: 'Name and labels, `up{job="x"}`.' }),
    values: Type.Union([Type.String(), Type.Number()], {
      description: 'One for each interval: `1+2x3` is 1 3 5 7, `_` none, `stale` the end of the series.',
    }),
  },
  'A series to judge.',
);

const ExpectedAlert = Closed(
  {
    exp_labels: Type.Optional(Texts('Its labels without `alertname`.')),
    exp_annotations: Type.Optional(Texts('Its annotations, all of them.')),
  },
  'An alert that has to fire.',
);

const AlertTest = Closed(
  {
    eval_time: Length('When to look, from the start.'),
    alertname: Type.String({ minLength: 1, description: 'Which alerts to look at.' }),
    exp_alerts: Type.Optional(
      Type.Array(ExpectedAlert, { description: 'All that have to fire, and no other.' }),
    ),
  },
  'Which alerts of a name fire at an instant.',
);

const ExpectedSample = Closed(
  {
    labels: Type.Optional(Type.String({ description: 'Name and labels.' })),
    value: Type.Optional(
      Type.Union([Type.Number(), Type.String()], { description: '0 when it is not told.' }),
    ),
    histogram: Type.Optional(Type.String({ description: 'Refused: there are no native histograms.' })),
  },
  'An element of the answer.',
);

const ExpressionTest = Closed(
  {
    expr: Type.String({ minLength: 1, description: 'PromQL.' }),
    eval_time: Length('When to evaluate it, from the start.'),
    exp_samples: Type.Optional(
      Type.Array(ExpectedSample, { description: 'All elements of the answer, in any order.' }),
    ),
  },
  'What an expression yields at an instant.',
);

export const TestGroup = Closed(
  {
    name: Type.Optional(Type.String({ description: 'What is shown when it fails.' })),
    interval: Type.Optional(Length('Between two samples; the interval of the evaluation when absent.')),
    start_timestamp: Type.Optional(
      Type.Union([Type.Number(), Type.String()], {
        description: 'When it begins: seconds since 1970 or a date of RFC 3339; 0 when absent.',
      }),
    ),
    input_series: Type.Optional(Type.Array(InputSeries, { description: 'The samples.' })),
    alert_rule_test: Type.Optional(Type.Array(AlertTest, { description: 'Which alerts fire.' })),
    promql_expr_test: Type.Optional(Type.Array(ExpressionTest, { description: 'What expressions yield.' })),
    external_labels: Type.Optional(Texts('`$externalLabels` of templates.')),
    external_url: Type.Optional(Type.String({ description: '`externalURL` of templates.' })),
  },
  'Samples, and what the rules make of them.',
);
export type TestGroup = Static<typeof TestGroup>;

/** A file of rule tests, as promtool defines it. Its tests are checked one by one, without the fields that are left empty. */
export const RuleTestFile = Closed(
  {
    rule_files: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Files of rules, from the folder of this file; `*` stands for any.',
      }),
    ),
    evaluation_interval: Type.Optional(Length('Between two evaluations; 1m when absent.')),
    group_eval_order: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Groups that are evaluated before the others, in this order.',
      }),
    ),
    fuzzy_compare: Type.Optional(Type.Boolean({ description: 'Only false: numbers have to be equal.' })),
    tests: Type.Optional(
      Type.Union([Type.Array(Type.Unknown()), Type.Null()], { description: 'Each on samples of its own.' }),
    ),
  },
  'Tests of rules, in the format of promtool.',
);
export type RuleTestFile = Static<typeof RuleTestFile>;
