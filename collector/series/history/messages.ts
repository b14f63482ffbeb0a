import type { HistorySettings } from '../../../config/history.ts';
import type { ErrorCode } from '../../../config/model/errors.ts';
import type { Labels } from '../../../config/model/labels.ts';
import type { Matcher } from '../../../config/model/series.ts';
import type { Tier } from '../../../config/model/tiers.ts';
import type { Pieces } from './pieces.ts';
import type { HistoryAsk } from './store.ts';
import type { UpkeepStep } from './upkeep-plan.ts';

/** What the process of history is asked. */
export type Question =
  | { readonly kind: 'open'; readonly folder: string }
  /** Samples for the next flush. */
  | { readonly kind: 'pieces'; readonly pieces: Pieces }
  | { readonly kind: 'flush'; readonly fromMs: number; readonly toMs: number; readonly isLate: boolean }
  /** Forgets the samples that came for a flush. */
  | { readonly kind: 'give_up' }
  | { readonly kind: 'read'; readonly ask: HistoryAsk }
  | { readonly kind: 'names'; readonly matchers: readonly Matcher[] }
  | { readonly kind: 'label_values'; readonly name: string }
  | { readonly kind: 'label_names' }
  /** Samples of each series in a span. */
  | { readonly kind: 'counts'; readonly fromMs: number; readonly toMs: number }
  | {
      readonly kind: 'upkeep';
      readonly settings: HistorySettings;
      readonly nowMs: number;
      /** Only what makes room. */
      readonly isMakingRoom: boolean;
    }
  | { readonly kind: 'close' };

export interface Asked {
  readonly id: number;
  readonly question: Question;
}

/** Some of the series of a read: `counts[i]` lines of `labels[i]`, behind each other in all columns. */
export interface ReadPart {
  readonly labels: readonly Labels[];
  readonly counts: readonly number[];
  readonly timesMs: Float64Array;
  readonly columns: readonly Float64Array[];
}

/** How history stands. */
export interface HistoryState {
  readonly flushedToMs?: number;
  readonly faults: readonly string[];
  readonly tiers: Readonly<Record<Tier, TierState>>;
  readonly series: number;
  readonly gaveWay: number;
  readonly freeBytes: number;
}

export interface TierState {
  readonly bytes: number;
  readonly files: number;
  readonly rows: number;
  /** The oldest that is kept; absent where there is nothing. */
  readonly fromMs?: number;
}

export type Result =
  | { readonly kind: 'done' }
  | { readonly kind: 'read'; readonly coarse?: { readonly toMs: number; readonly resolutionMs: number } }
  | { readonly kind: 'names'; readonly labels: readonly Labels[] }
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'counts'; readonly labels: readonly Labels[]; readonly counts: readonly number[] }
  | { readonly kind: 'upkeep'; readonly step?: UpkeepStep['kind'] };

export type Reply =
  | { readonly id: number; readonly part: ReadPart }
  | { readonly id: number; readonly result: Result; readonly state: HistoryState }
  | { readonly id: number; readonly error: { readonly code: ErrorCode; readonly message: string } };
