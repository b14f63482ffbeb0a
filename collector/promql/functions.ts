import type { ValueType } from './ast.ts';

/** What a function takes and yields. */
export interface Signature {
  readonly args: readonly ValueType[];
  /** How many of the last arguments may be absent; -1: the last one may be there any number of times. */
  readonly optional: number;
  readonly returns: ValueType;
}

type Entry = readonly [string, Signature];

const signature = (args: readonly ValueType[], optional = 0, returns: ValueType = 'vector'): Signature => ({
  args,
  optional,
  returns,
});

const named = (names: string, shape: Signature): readonly Entry[] =>
  names.split(' ').map((name): Entry => [name, shape]);

/** Every function of the language that works on plain numbers. */
export const FUNCTIONS: Readonly<Record<string, Signature>> = Object.fromEntries([
  ...named(
    'abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor ln log10 log2 rad sgn sin sinh ' +
      'sort sort_desc sqrt tan tanh timestamp',
    signature(['vector']),
  ),
  ...named(
    'absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate last_over_time ' +
      'max_over_time min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time',
    signature(['matrix']),
  ),
  ...named(
    'day_of_month day_of_week day_of_year days_in_month hour minute month year',
    signature(['vector'], 1),
  ),
  ...named('clamp_max clamp_min', signature(['vector', 'scalar'])),
  ...named(
    'histogram_avg histogram_count histogram_stddev histogram_stdvar histogram_sum',
    signature(['vector']),
  ),
  ...named('pi time', signature([], 0, 'scalar')),
  ['clamp', signature(['vector', 'scalar', 'scalar'])],
  ['histogram_fraction', signature(['scalar', 'scalar', 'vector'])],
  ['histogram_quantile', signature(['scalar', 'vector'])],
  ['label_join', signature(['vector', 'string', 'string', 'string'], -1)],
  ['label_replace', signature(['vector', 'string', 'string', 'string', 'string'])],
  ['predict_linear', signature(['matrix', 'scalar'])],
  ['quantile_over_time', signature(['scalar', 'matrix'])],
  ['round', signature(['vector', 'scalar'], 1)],
  ['scalar', signature(['vector'], 0, 'scalar')],
  ['vector', signature(['scalar'])],
]);
