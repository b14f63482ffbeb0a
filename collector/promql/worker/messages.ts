import type { MessagePort } from 'node:worker_threads';
import type { ErrorCode } from '../../../config/model/errors.ts';
import type { Labels } from '../../../config/model/labels.ts';
import type { CoarseReach, Detail, Matcher } from '../../../config/model/series.ts';
import type { DryRunBody, DryRunRequest } from '../../../config/model/rules-api.ts';
import type { QueryResult, Range } from '../engine.ts';

/** What the worker is started with. */
export interface WorkerStart {
  /** Series are asked for and come here. */
  readonly series: MessagePort;
  /** Raised when an answer lies at that port. */
  readonly flag: SharedArrayBuffer;
  readonly limitMs: number;
  readonly maxSamples: number;
}

/** A query, one at a time. */
export type Ask =
  | { readonly kind: 'instant'; readonly expression: string; readonly atMs: number }
  | { readonly kind: 'range'; readonly expression: string; readonly range: Range }
  /** What a rule would have done until then. */
  | { readonly kind: 'dry_run'; readonly request: DryRunRequest; readonly toMs: number };

export type Told = { readonly result: QueryResult } | { readonly dryRun: DryRunBody };
export type Answer = Told | { readonly error: Refusal };

export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Asks for series, or with nothing for the next of those asked for. */
export interface SeriesAsk {
  readonly selection?: {
    readonly matchers: readonly Matcher[];
    readonly fromMs: number;
    readonly toMs: number;
    readonly detail?: Detail;
  };
}

/**
 * Some of the series: `counts[i]` samples of the labels with the number `numbers[i]`, behind each other in both columns.
 * Labels come once: the numbers of `fresh` follow on the highest before, or begin at 0 where all before are forgotten.
 */
export type SeriesAnswer =
  | {
      readonly numbers: readonly number[];
      readonly fresh: readonly Labels[];
      readonly isForgotten: boolean;
      readonly counts: readonly number[];
      readonly timesMs: Float64Array<ArrayBuffer>;
      readonly values: Float64Array<ArrayBuffer>;
      readonly coarse?: CoarseReach;
      readonly isLast: boolean;
    }
  | { readonly error: Refusal };
