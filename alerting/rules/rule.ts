import type { Labels } from '../../config/model/labels.ts';
import type { RuleExpression } from '../ports.ts';
import type { Template } from '../templates/template.ts';

export interface RuleGroup {
  readonly file: string;
  readonly name: string;
  /** Absent: the collector's own interval. */
  readonly intervalMs?: number;
  /** How far back its expressions look. */
  readonly offsetMs: number;
  /** A rule with more results fails; 0 is no limit. */
  readonly limit: number;
  readonly rules: readonly Rule[];
}

export type Rule = AlertRule | RecordRule;

interface RuleBase {
  /** Unique among all rules, and the same after a restart or a move to another file. */
  readonly id: string;
  readonly file: string;
  /** Where it stands in its file, from 1. */
  readonly line: number;
  readonly name: string;
  readonly query: string;
  readonly expression: RuleExpression;
}

export interface AlertRule extends RuleBase {
  readonly kind: 'alert';
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly labels: Readonly<Record<string, Template>>;
  readonly annotations: Readonly<Record<string, Template>>;
  /** Annotation `no_data: hold`: an instance whose data ends is held, not resolved. */
  readonly holds: boolean;
}

export interface RecordRule extends RuleBase {
  readonly kind: 'record';
  readonly labels: Labels;
}

export function isAlertRule(rule: Rule): rule is AlertRule {
  return rule.kind === 'alert';
}
