import type { Labels } from './labels.ts';
import type { Tier } from './tiers.ts';

/** `GET /api/growth`: what history takes, how long there is room, and what fills up. */
export interface GrowthBody {
  /** Absent where no history is kept, or nobody has asked it yet. */
  readonly history?: {
    readonly tiers: Readonly<Record<Tier, GrowthTier>>;
    readonly series: number;
    readonly diskFreeBytes: number;
    readonly keptFreeBytes: number;
    /** What is written in a day, all details together; 0 before the first whole day. */
    readonly bytesPerDay: number;
    /** Until there is no more room; absent where what expires makes room in time. */
    readonly daysLeft?: number;
  };
  /** Who keeps history instead; absent where it is kept here. */
  readonly engine?: EngineGrowth;
  /** The last whole day, where history is elsewhere the last hour as if it were a day: what costs most first. */
  readonly devices: readonly GrowthShare[];
  readonly metrics: readonly (GrowthShare & {
    /** No rule selects it. */
    readonly isUnused: boolean;
  })[];
  readonly forecasts: readonly Forecast[];
  /** When the forecasts were made; absent while they are not. */
  readonly forecastAtMs?: number;
}

/** An engine elsewhere, as far as it tells of itself. */
export interface EngineGrowth {
  /** Host and port. */
  readonly host: string;
  /** Of all who write there, as is everything that it tells. */
  readonly storedBytes?: number;
  readonly freeBytes?: number;
  readonly series?: number;
  readonly keepMs?: number;
  /** What it stores more in a day; absent before it has told of itself for a day. */
  readonly bytesPerDay?: number;
  /** Absent where it does not grow, or does not tell what is free. */
  readonly daysLeft?: number;
}

export interface GrowthTier {
  readonly bytes: number;
  readonly rows: number;
  readonly fromMs?: number;
  readonly keepMs: number;
}

export interface GrowthShare {
  readonly name: string;
  readonly series: number;
  readonly samplesPerDay: number;
  readonly share: number;
}

export const FORECAST_KINDS = ['storage', 'filesystem', 'receive', 'transmit'] as const;
export type ForecastKind = (typeof FORECAST_KINDS)[number];

/** Where the last thirty days lead, by a straight line. */
export interface Forecast {
  readonly kind: ForecastKind;
  readonly labels: Labels;
  readonly usedRatio: number;
  /** How much of the whole is added in a day; below 0 where it becomes less. */
  readonly perDayRatio: number;
  /** Absent where it does not grow, or not within five years. */
  readonly daysLeft?: number;
}
