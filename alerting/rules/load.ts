import { defined } from '../../config/model/defined.ts';
import { parseDurationMs } from '../../config/model/duration.ts';
import { messageOf } from '../../config/model/errors.ts';
import { formatLabels } from '../../config/model/labels.ts';
import { RuleFile, RuleGroupText, RuleText } from '../../config/schema/rule-file.ts';
import { checkPart, readYamlFile, type Fault, type YamlFile } from '../../config/yaml-file.ts';
import type { RuleExpression, RuleQuery } from '../ports.ts';
import { parseTemplate, type Template } from '../templates/template.ts';
import type { AlertRule, RecordRule, Rule, RuleGroup } from './rule.ts';

/** The rules that can be in force, and what is wrong with the others. */
export interface RuleSet {
  readonly groups: readonly RuleGroup[];
  readonly faults: readonly Fault[];
}

/** Reads rule files. A faulty rule is told with its file and line and left out; the others load. */
export function loadRules(files: readonly string[], query: RuleQuery): RuleSet {
  return rulesOf(
    files.map((file) => readYamlFile(file, RuleFile)),
    query,
  );
}

/** As `loadRules`, of files that were read already. */
export function rulesOf(files: readonly YamlFile<RuleFile>[], query: RuleQuery): RuleSet {
  const faults: Fault[] = [];
  const ids = new Map<string, number>();
  const groups = files.flatMap((file) => {
    faults.push(...file.faults);
    return groupsOf(file, { query, faults, ids });
  });
  return { groups, faults };
}

interface Loading {
  readonly query: RuleQuery;
  readonly faults: Fault[];
  /** How many rules of the same name and labels there are so far. */
  readonly ids: Map<string, number>;
}

function groupsOf(file: YamlFile<RuleFile>, loading: Loading): readonly RuleGroup[] {
  const names = new Set<string>();
  return (file.value?.groups ?? []).flatMap((part, index): readonly RuleGroup[] => {
    const path = ['groups', index];
    const { value: group, faults } = checkPart(file, path, part, RuleGroupText);
    loading.faults.push(...faults);
    if (group === undefined) return [];
    if (names.has(group.name)) {
      loading.faults.push(
        file.faultAt([...path, 'name'], `${group.name} is already the name of a group in this file`),
      );
      return [];
    }
    names.add(group.name);
    const intervalMs = group.interval === undefined ? undefined : parseDurationMs(group.interval);
    return [
      defined({
        file: file.file,
        name: group.name,
        intervalMs: intervalMs === 0 ? undefined : intervalMs,
        offsetMs: waitMs(group.query_offset),
        limit: group.limit ?? 0,
        rules: (group.rules ?? []).flatMap((rule, at) => {
          const place: Place = { file, path: [...path, 'rules', at], group, loading };
          return ruleOf(rule, place) ?? [];
        }),
      }),
    ];
  });
}

interface Place {
  readonly file: YamlFile<RuleFile>;
  readonly path: readonly (string | number)[];
  readonly group: RuleGroupText;
  readonly loading: Loading;
}

function ruleOf(part: unknown, place: Place): Rule | undefined {
  const { file, path, loading } = place;
  const { value: text, faults: shapeFaults } = checkPart(file, path, part, RuleText);
  const faults: Fault[] = [...shapeFaults];
  const checked = text === undefined ? undefined : checkRule(text, place, faults);
  loading.faults.push(...faults);
  return faults.length === 0 ? checked : undefined;
}

const METRIC_NAME = /^[A-Za-z_:][\w:]*$/;
const LABEL_NAME = /^[A-Za-z_]\w*$/;

function checkRule(text: RuleText, place: Place, faults: Fault[]): Rule | undefined {
  const { file, path, group } = place;
  const name = text.alert ?? text.record;
  const tell = (field: readonly string[], message: string): void => {
    faults.push(file.faultAt([...path, ...field], name === undefined ? message : `${name}: ${message}`));
  };
  if (name === undefined || (text.alert !== undefined && text.record !== undefined)) {
    tell([], 'a rule has either alert or record');
    return undefined;
  }
  const labels = { ...texts(group.labels), ...texts(text.labels) };
  for (const label of Object.keys(labels)) {
    if (!LABEL_NAME.test(label) || label === '__name__') tell(['labels', label], 'is no name of a label');
  }
  const expression = compiled(String(text.expr), place.loading.query, (message) => tell(['expr'], message));
  const base = { file: file.file, line: file.faultAt(path, '').line ?? 1, name, query: String(text.expr) };
  const checking = { tell, base, expression, ids: place.loading.ids };
  return text.alert === undefined ? recordRule(text, labels, checking) : alertRule(text, labels, checking);
}

interface Checking extends Pick<Loading, 'ids'> {
  readonly tell: (field: readonly string[], message: string) => void;
  readonly base: Pick<Rule, 'file' | 'line' | 'name' | 'query'>;
  readonly expression: RuleExpression | undefined;
}

function recordRule(
  text: RuleText,
  labels: Readonly<Record<string, string>>,
  { tell, base, expression, ids }: Checking,
): RecordRule | undefined {
  if (!METRIC_NAME.test(base.name)) tell(['record'], 'is no name of a metric');
  for (const field of ['for', 'keep_firing_for', 'annotations'] as const) {
    if (text[field] !== undefined) tell([field], 'belongs to alerts, not to recording rules');
  }
  return (
    expression && { kind: 'record', ...base, id: idOf(`${base.name} =`, labels, ids), expression, labels }
  );
}

function alertRule(
  text: RuleText,
  labels: Readonly<Record<string, string>>,
  { tell, base, expression, ids }: Checking,
): AlertRule | undefined {
  const annotations = texts(text.annotations);
  for (const annotation of Object.keys(annotations)) {
    if (!LABEL_NAME.test(annotation)) tell(['annotations', annotation], 'is no name of an annotation');
  }
  const noData = annotations['no_data'];
  if (noData !== undefined && noData !== 'hold') tell(['annotations', 'no_data'], 'no_data can only be hold');
  const rule = {
    labels: templates(labels, (label, message) => tell(['labels', label], message)),
    annotations: templates(annotations, (annotation, message) => tell(['annotations', annotation], message)),
  };
  return (
    expression && {
      kind: 'alert',
      id: idOf(base.name, labels, ids),
      ...base,
      expression,
      forMs: waitMs(text.for),
      keepFiringForMs: waitMs(text.keep_firing_for),
      ...rule,
      holds: noData === 'hold',
    }
  );
}

/** A rule is known by its name and labels; where several share both, by their order too. */
function idOf(name: string, labels: Readonly<Record<string, string>>, ids: Map<string, number>): string {
  const id = name + formatLabels(labels);
  const count = (ids.get(id) ?? 0) + 1;
  ids.set(id, count);
  return count === 1 ? id : `${id}#${count}`;
}

function compiled(
  expression: string,
  query: RuleQuery,
  tell: (message: string) => void,
): RuleExpression | undefined {
  try {
    return query.compile(expression);
  } catch (error) {
    tell(`the expression is wrong: ${messageOf(error)}`);
    return undefined;
  }
}

function templates(
  sources: Readonly<Record<string, string>>,
  tell: (name: string, message: string) => void,
): Readonly<Record<string, Template>> {
  const parsed: Record<string, Template> = {};
  for (const [name, source] of Object.entries(sources)) {
    try {
      parsed[name] = parseTemplate(source);
    } catch (error) {
      tell(name, messageOf(error));
    }
  }
  return parsed;
}

/** YAML reads `level: 1` as a number and an empty field as null; a label is a text. */
function texts(values: RuleText['labels']): Record<string, string> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, String(value ?? '')]));
}

function waitMs(text: string | 0 | undefined): number {
  return text === undefined ? 0 : (parseDurationMs(String(text)) ?? 0);
}
