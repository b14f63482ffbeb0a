import { basename } from 'node:path';
import { defined } from '../config/model/defined.ts';
import type { Labels } from '../config/model/labels.ts';
import type { RuleGroupView, RuleState, RuleView } from '../config/model/rules-api.ts';
import { isSeverity } from '../config/model/severity.ts';
import type { GroupRun, RuleRun } from './engine/group.ts';
import type { Template } from './templates/template.ts';
import { localText } from './view.ts';

/** A group at work as a page shows it. */
export function ruleGroupView({
  group,
  intervalMs,
  runs,
  lastEvaluatedAtMs,
  durationMs,
}: GroupRun): RuleGroupView {
  return defined({
    file: basename(group.file),
    name: group.name,
    intervalMs,
    lastEvaluatedAtMs,
    durationMs,
    rules: runs.map(ruleView),
  });
}

function ruleView(run: RuleRun): RuleView {
  const { rule, health, lastError, lastEvaluatedAtMs, durationMs } = run;
  const { id, kind, name, query, line } = rule;
  const isAlert = rule.kind === 'alert';
  const labels = isAlert ? sources(rule.labels) : rule.labels;
  const annotations = isAlert ? sources(rule.annotations) : {};
  const severity = labels['severity'];
  return defined({
    id,
    kind,
    name,
    query,
    line,
    health,
    lastError,
    lastEvaluatedAtMs,
    durationMs,
    state: stateOf(run),
    severity: isSeverity(severity) ? severity : undefined,
    forMs: isAlert ? rule.forMs : 0,
    keepFiringForMs: isAlert ? rule.keepFiringForMs : 0,
    labels,
    summary: localText(annotations, ['summary', 'description', 'message'], name),
    response: localText(annotations, ['response'], ''),
    consequence: localText(annotations, ['consequence'], ''),
    timeToAct: annotations['time_to_act'],
    isHeldWithoutData: isAlert && rule.holds,
  });
}

/** From the gravest on. */
const STATES = ['firing', 'held', 'pending'] as const satisfies readonly RuleState[];

function stateOf({ instances }: RuleRun): RuleState {
  const kinds = new Set([...instances.values()].map(({ phase }) => phase.kind));
  return STATES.find((state) => kinds.has(state)) ?? 'inactive';
}

function sources(templates: Readonly<Record<string, Template>>): Labels {
  return Object.fromEntries(Object.entries(templates).map(([name, { source }]) => [name, source]));
}
