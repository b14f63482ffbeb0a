import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WatchkeeperError } from '../../../../config/model/errors.ts';
import { formatFault } from '../../../../config/yaml-file.ts';
import type { RuleQuery } from '../../../../alerting/ports.ts';
import { loadRules } from '../../../../alerting/rules/load.ts';
import { isAlertRule, type AlertRule } from '../../../../alerting/rules/rule.ts';
import { folderWith } from '../../../support/folder.ts';

/** Takes every expression but those that hold `!!`. */
const query: RuleQuery = {
  compile(expression) {
    if (expression.includes('!!')) throw new WatchkeeperError('query_invalid', '1:3: unexpected !!');
    return { evaluate: () => [], unfiltered: () => [] };
  },
};

function load(text: string) {
  const file = join(folderWith({ 'r.yaml': text }), 'r.yaml');
  const { groups, faults } = loadRules([file], query);
  return {
    groups,
    rules: groups.flatMap(({ rules }) => rules),
    faults: faults.map((fault) => formatFault({ ...fault, file: 'r.yaml' })),
  };
}

function alerts(text: string): readonly AlertRule[] {
  return load(text).rules.filter(isAlertRule);
}

describe('a rule file', () => {
  it('gives each alert its delays, templates and what is ours in its annotations', () => {
    const { rules, groups, faults } = load(`
groups:
  - name: ups
    interval: 30s
    limit: 5
    query_offset: 1m
    rules:
      - alert: UpsOnBattery
        expr: ups_on_battery_seconds > 0
        for: 1m30s
        keep_firing_for: 2m
        labels: { severity: critical }
        annotations:
          summary_en: '{{ $labels.device }} is on battery'
          no_data: hold
`);
    expect(faults).toEqual([]);
    expect(groups[0]).toMatchObject({ name: 'ups', intervalMs: 30_000, limit: 5, offsetMs: 60_000 });
    expect(rules[0]).toMatchObject({
      kind: 'alert',
      id: 'UpsOnBattery{severity="critical"}',
      name: 'UpsOnBattery',
      query: 'ups_on_battery_seconds > 0',
      line: 8,
      forMs: 90_000,
      keepFiringForMs: 120_000,
      holds: true,
    });
  });

  it('may record series', () => {
    const { rules, faults } = load(`
groups:
  - name: g
    labels: { site: east, level: 1 }
    rules:
      - { record: 'room:watts:sum', expr: sum(pdu_load_watts), labels: { level: '2' } }
`);
    expect(faults).toEqual([]);
    expect(rules[0]).toMatchObject({
      kind: 'record',
      name: 'room:watts:sum',
      labels: { site: 'east', level: '2' },
    });
  });

  it('may leave out or leave empty what has a default', () => {
    expect(load('groups:').faults).toEqual([]);
    expect(load('').faults).toEqual([]);
    expect(load('groups: [{ name: g, rules: }]').groups).toHaveLength(1);
    const [rule] = alerts(
      'groups: [{ name: g, rules: [{ alert: A, expr: 1, for: 0, labels: , annotations: }] }]',
    );
    expect(rule).toMatchObject({ query: '1', forMs: 0, keepFiringForMs: 0, holds: false });
  });

  it('takes numbers and truth values as texts of labels', () => {
    const [rule] = alerts(
      'groups: [{ name: g, rules: [{ alert: A, expr: x, labels: { level: 1, paged: true, none: } }] }]',
    );
    const labels = Object.entries(rule?.labels ?? {}).map(([name, { source }]) => [name, source]);
    expect(labels).toEqual([
      ['level', '1'],
      ['paged', 'true'],
      ['none', ''],
    ]);
  });

  it('keeps apart rules of the same name, in their order', () => {
    const ids = alerts(`
groups:
  - name: g
    rules:
      - { alert: A, expr: x > 1, labels: { severity: minor } }
      - { alert: A, expr: x > 2, labels: { severity: major } }
      - { alert: A, expr: y > 2, labels: { severity: major } }
`).map(({ id }) => id);
    expect(ids).toEqual(['A{severity="minor"}', 'A{severity="major"}', 'A{severity="major"}#2']);
  });
});

describe('a rule file with faults', () => {
  it('loads the other rules and tells each fault with file, line and rule', () => {
    const { rules, faults } = load(`
groups:
  - name: g
    rules:
      - alert: Good
        expr: up == 0
      - alert: BadExpression
        expr: up !! 0
      - alert: BadTemplate
        expr: up == 0
        annotations:
          summary: 'on {{ $labels.device'
          response: '{{ nothing }}'
      - alert: BadField
        expr: up == 0
        forr: 5m
      - expr: up
      - alert: Both
        record: both
        expr: up
      - alert: BadLabel
        expr: up
        labels: { 'a-b': x, __name__: y }
      - alert: BadHold
        expr: up
        annotations: { no_data: resolve, 'x-y': '' }
      - record: 'bad name'
        expr: up
        for: 5m
      - alert: BadWait
        expr: up
        for: soon
      - alert: AlsoGood
        expr: up == 1
`);
    expect(rules.map(({ name }) => name)).toEqual(['Good', 'AlsoGood']);
    expect(faults).toEqual([
      'r.yaml:8: groups[0].rules[1].expr: BadExpression: the expression is wrong: 1:3: unexpected !!',
      'r.yaml:12: groups[0].rules[2].annotations.summary: BadTemplate: line 1 of the template: an action {{ has no end }}',
      'r.yaml:13: groups[0].rules[2].annotations.response: BadTemplate: line 1 of the template: the function "nothing" is not defined',
      'r.yaml:16: groups[0].rules[3].forr: is not a field that is known here',
      'r.yaml:17: groups[0].rules[4]: a rule has either alert or record',
      'r.yaml:18: groups[0].rules[5]: Both: a rule has either alert or record',
      'r.yaml:23: groups[0].rules[6].labels.a-b: BadLabel: is no name of a label',
      'r.yaml:23: groups[0].rules[6].labels.__name__: BadLabel: is no name of a label',
      'r.yaml:26: groups[0].rules[7].annotations.x-y: BadHold: is no name of an annotation',
      'r.yaml:26: groups[0].rules[7].annotations.no_data: BadHold: no_data can only be hold',
      'r.yaml:27: groups[0].rules[8].record: bad name: is no name of a metric',
      'r.yaml:29: groups[0].rules[8].for: bad name: belongs to alerts, not to recording rules',
      'r.yaml:32: groups[0].rules[9].for: has none of the forms that are possible here',
    ]);
  });

  it('is told when it is no YAML, cannot be read, or has a group without a name or twice the same', () => {
    expect(load('groups: [').faults[0]).toMatch(/^r\.yaml:1: /);
    expect(load('groups: [{ rules: [] }, { name: a }, { name: a }]').faults).toEqual([
      'r.yaml:1: groups[0]: lacks name',
      'r.yaml:1: groups[2].name: a is already the name of a group in this file',
    ]);
    expect(loadRules(['/nowhere/r.yaml'], query).faults[0]?.message).toMatch(/^cannot be read/);
    expect(load('rules: []').faults).toEqual(['r.yaml:1: rules: is not a field that is known here']);
  });

  it('leaves the rules of other files in force', () => {
    const folder = folderWith({
      'a.yaml': 'groups: [',
      'b.yaml': 'groups: [{ name: g, rules: [{ alert: B, expr: up }] }]',
    });
    const { groups } = loadRules([join(folder, 'a.yaml'), join(folder, 'b.yaml')], query);
    expect(groups.map(({ name }) => name)).toEqual(['g']);
  });
});
