import type { AlertView, MutedView } from './api.ts';
import type { Localized } from './localized.ts';
import type { Severity } from './severity.ts';

/**
 * What alerts ask of the people on watch, held against ISA-18.2 / IEC 62682: each figure is per operating position, that
 * is per person on watch. An alert counts when it is raised, unless another explains it or a silence covers it.
 */

export const TEN_MINUTES_MS = 600_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Raises per person: what is aimed at, and what can just be managed (ISA-18.2, table 5). */
export const LOAD_TARGETS = {
  tenMinutes: { target: 1, most: 2 },
  hour: { target: 6, most: 12 },
  day: { target: 150, most: 300 },
} as const;
export type LoadSpan = keyof typeof LOAD_TARGETS;

/** A flood begins with more raises than these in ten minutes, and ends when a window holds fewer than those. */
export const FLOOD_BEGINS_ABOVE = 10;
export const FLOOD_ENDS_BELOW = 5;
/** The share of windows of ten minutes that may hold more than `FLOOD_BEGINS_ABOVE`. */
export const BUSY_WINDOWS_RATIO = 0.01;
/** One point that is raised so often in so short a time chatters. */
export const CHATTER_RAISES = 3;
export const CHATTER_WITHIN_MS = 60_000;
/** An alert that stands for longer is stale; on no day should there be so many. */
export const STALE_AFTER_MS = DAY_MS;
export const STALE_MOST = 5;
/** The share of the ten points that raise most. */
export const TOP_TEN_RATIO = 0.05;

export const PRIORITIES = ['low', 'medium', 'high'] as const;
/** The standard knows three priorities. */
export type Priority = (typeof PRIORITIES)[number];
export const PRIORITY_TARGETS: Readonly<Record<Priority, number>> = { low: 0.8, medium: 0.15, high: 0.05 };
export const PRIORITY_OF: Readonly<Record<Severity, Priority>> = {
  critical: 'high',
  major: 'medium',
  minor: 'low',
  info: 'low',
};

/** How a figure compares with what is aimed at. */
export type Judgement = 'good' | 'managed' | 'over';

export function judgeLoad(span: LoadSpan, perPerson: number): Judgement {
  const { target, most } = LOAD_TARGETS[span];
  if (perPerson <= target) return 'good';
  return perPerson <= most ? 'managed' : 'over';
}

/** More alerts than anybody can read: from then on they are told together. */
export interface FloodView {
  readonly sinceMs: number;
  /** How many were raised in it so far. */
  readonly raised: number;
  /** The alert that stands for all: the gravest of it, of those the first. Absent once it is over. */
  readonly root?: string;
}

/** Whether an alert is one that a flood may fold: what endangers life never is. */
export function isOfFlood({ danger, muted, phase }: AlertView, sinceMs: number): boolean {
  return danger !== 'life' && muted === undefined && phase.kind !== 'pending' && phase.firedAtMs >= sinceMs;
}

/** Value under the key `attention`: what the alerts ask of the watch now. */
export interface AttentionView {
  /** On watch; one where nobody has signed. */
  readonly people: number;
  /** Raises of the last ten minutes, hour and day. */
  readonly tenMinutes: number;
  readonly hour: number;
  readonly day: number;
  readonly flood?: FloodView;
  /** Points that have chattered in the last hour. */
  readonly chattering: number;
  /** Alerts that have stood for longer than a day. */
  readonly stale: number;
}

/** `GET /api/attention?month=YYYY-MM`, by the site's calendar. */
export interface AttentionReport {
  readonly fromMs: number;
  /** The month's end, or now. */
  readonly toMs: number;
  /** On watch, on the average. */
  readonly people: number;
  /** The history has more lines than are read: the figures are of the latest. */
  readonly isCut: boolean;
  readonly raised: RaisedCount;
  readonly load: Readonly<Record<LoadSpan, LoadView>>;
  /** Share of windows of ten minutes with more than `FLOOD_BEGINS_ABOVE` raises per person. */
  readonly busyRatio: number;
  readonly floods: readonly { readonly fromMs: number; readonly toMs?: number; readonly raised: number }[];
  readonly days: readonly DayView[];
  readonly mix: Readonly<Record<Priority, number>>;
  /** Share of the ten points that raise most. */
  readonly topTenRatio: number;
  readonly offenders: readonly OffenderView[];
  readonly chattering: readonly ChatterView[];
  /** Those that have stood for longer than a day by the end of the period. */
  readonly stale: readonly StaleView[];
  readonly acknowledged: ResponseView;
  readonly firstAction: ResponseView;
  /** Alerting rules that do not say what to do, why or by when. */
  readonly unexplained: readonly UnexplainedView[];
  readonly rules: number;
}

export interface RaisedCount {
  /** That people had to look at. */
  readonly own: number;
  /** That another alert explained. */
  readonly folded: number;
  /** That a silence or maintenance covered. */
  readonly silenced: number;
}

/** Raises per person in windows of one length, empty ones included. */
export interface LoadView {
  readonly mean: number;
  readonly most: number;
  /** Where the fullest window begins; absent where nothing was raised. */
  readonly mostAtMs?: number;
}

export interface DayView extends RaisedCount {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Alerts that were stale at some instant of it. */
  readonly stale: number;
}

/** One point: an instance of a rule. */
export interface PointView {
  readonly fingerprint: string;
  readonly name: string;
  readonly rule: string;
  readonly summary: Localized;
  readonly severity: Severity;
  readonly device?: string;
}

export interface OffenderView extends PointView {
  readonly raised: number;
  /** Of all raises. */
  readonly ratio: number;
  readonly proposal?: Proposal;
}

/** What would quieten a point, and how many of its raises that would have spared. */
export type Proposal =
  /** It is usually over by itself: waiting longer before it is raised. `forMs` is the rule's whole `for`. */
  | { readonly kind: 'delay'; readonly forMs: number; readonly spared: number; readonly of: number }
  /** It comes back at once: letting it stand a while after its end. */
  | { readonly kind: 'hold'; readonly keepFiringForMs: number; readonly spared: number; readonly of: number }
  /** Its value dances about the limit: an end that lies apart from the beginning. */
  | {
      readonly kind: 'dead_band';
      readonly limit: number;
      /** The value at which it should end. */
      readonly ends: number;
      readonly spared: number;
      readonly of: number;
    };

export interface ChatterView extends PointView {
  /** How often it began to chatter. */
  readonly times: number;
  readonly lastAtMs: number;
}

export interface StaleView extends PointView {
  readonly firedAtMs: number;
  /** Who sees to it, and what he means to do: both are asked of a stale alert. */
  readonly owner?: string;
  readonly plan?: string;
}

/** How long it took people, of the alerts that they had to look at. */
export interface ResponseView {
  readonly count: number;
  /** Alerts that ended, or still stand, without it. */
  readonly never: number;
  readonly medianMs?: number;
  /** Nine of ten were quicker. */
  readonly p90Ms?: number;
}

export const EXPLANATIONS = ['response', 'consequence', 'time_to_act'] as const;
export interface UnexplainedView {
  readonly rule: string;
  readonly name: string;
  readonly missing: readonly (typeof EXPLANATIONS)[number][];
}

/** Why a raise asked nothing of anybody. */
export type MutedKind = MutedView['kind'];
