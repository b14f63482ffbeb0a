import type { Severity } from '../severity.ts';

/**
 * What the product measures and in which unit. A device profile says where a number is; this says what it means, so
 * that no profile can misname a unit. Base units of Prometheus throughout.
 */
export interface Metric {
  readonly type: 'gauge' | 'counter' | 'state';
  readonly unit: Unit;
  /** One sentence. */
  readonly help: string;
  /** Beside `device`, which every series of a device has. */
  readonly labels: readonly string[];
  /**
   * For type `state`: each state's name with its severity, `undefined` when it is normal, in the order in which
   * they are told. On a page a state set has one series for each state, 1 for the present one, 0 for the others.
   */
  readonly states?: Readonly<Record<string, Severity | undefined>>;
}

export type Unit =
  | 'none'
  | 'state'
  | 'flag'
  | 'count'
  | 'celsius'
  | 'volts'
  | 'amperes'
  | 'watts'
  | 'volt_amperes'
  | 'volt_amperes_reactive'
  | 'joules'
  | 'hertz'
  | 'seconds'
  | 'timestamp_seconds'
  | 'bytes'
  | 'bytes_per_second'
  | 'pascals'
  | 'ratio'
  | 'rpm'
  | 'coulombs'
  | 'ohms'
  | 'meters'
  | 'meters_per_second'
  | 'cubic_meters_per_second'
  | 'lux'
  | 'decibels'
  | 'dbm';

type Options = Partial<Pick<Metric, 'labels' | 'states'>>;

export const gauge = (unit: Unit, help: string, ...labels: string[]): Metric => ({
  type: 'gauge',
  unit,
  help,
  labels,
});
export const counter = (unit: Unit, help: string, ...labels: string[]): Metric => ({
  type: 'counter',
  unit,
  help,
  labels,
});
export const state = (help: string, states: NonNullable<Options['states']>, ...labels: string[]): Metric => ({
  type: 'state',
  unit: 'state',
  help,
  labels,
  states,
});
