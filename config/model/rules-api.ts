import type { Labels } from './labels.ts';
import type { Localized } from './localized.ts';
import type { Severity } from './severity.ts';

/** What became of a rule at its last evaluation; `unknown` before the first. */
export type RuleHealth = 'unknown' | 'ok' | 'failed';

/** Where an alerting rule stands: the gravest of its instances. A recording rule is always `inactive`. */
export type RuleState = 'inactive' | 'pending' | 'firing' | 'held';

/** `GET /api/rules`: the rules in force, by group, and what is wrong with those that are not. */
export interface RulesBody {
  readonly groups: readonly RuleGroupView[];
  /** Faults of the rule files, `file:line: field: what is wrong`. */
  readonly faults: readonly string[];
}

export interface RuleGroupView {
  /** Name of its file, without the folder. */
  readonly file: string;
  readonly name: string;
  readonly intervalMs: number;
  readonly lastEvaluatedAtMs?: number;
  readonly durationMs?: number;
  readonly rules: readonly RuleView[];
}

export interface RuleView {
  /** Unique; `AlertView.rule` of its alerts. */
  readonly id: string;
  readonly kind: 'alert' | 'record';
  readonly name: string;
  readonly query: string;
  /** Where it stands in its file, from 1. */
  readonly line: number;
  readonly health: RuleHealth;
  readonly lastError?: string;
  readonly lastEvaluatedAtMs?: number;
  readonly durationMs?: number;
  readonly state: RuleState;
  readonly severity?: Severity;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly labels: Labels;
  /** As they are written: templates are not expanded. */
  readonly summary: Localized;
  readonly response: Localized;
  readonly consequence: Localized;
  /** How soon somebody has to act, as the rule says (`5m`). */
  readonly timeToAct?: string;
  readonly isHeldWithoutData: boolean;
}

/** `POST /api/rules/dry-run`: what a rule would have done over the samples at hand. */
export interface DryRunRequest {
  readonly query: string;
  /** The alert's name, for expressions that look at their own `ALERTS`. */
  readonly name?: string;
  readonly forMs?: number;
  readonly keepFiringForMs?: number;
  /** Whether an instance without data is held. */
  readonly isHeldWithoutData?: boolean;
  readonly hours: number;
}

export interface DryRunBody {
  readonly fromMs: number;
  readonly toMs: number;
  /** Between two instants that were judged. */
  readonly stepMs: number;
  /** The latest first. */
  readonly episodes: readonly DryRunEpisode[];
  /** How often it fired in all; more than `episodes` has where they are too many to list. */
  readonly fired: number;
  /** It took too long or failed before `toMs`, and why. */
  readonly stopped?: string;
}

/** One time that an alert would have fired. */
export interface DryRunEpisode {
  readonly labels: Labels;
  readonly firedAtMs: number;
  /** Absent: it still fires at the end. */
  readonly endedAtMs?: number;
  /** The expression's value when it fired. */
  readonly value: number;
}
