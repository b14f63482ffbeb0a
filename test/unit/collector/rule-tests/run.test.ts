import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labelsIn, numberIn, valuesIn } from '../../../../collector/rule-tests/notation.ts';
import { runTestFile, type TestFileOutcome } from '../../../../collector/rule-tests/run.ts';
import { formatFault } from '../../../../config/yaml-file.ts';
import { folderWith } from '../../../support/folder.ts';

const RULES = `groups:
  - name: late
    rules: [{ record: sum, expr: base + 1 }]
  - name: early
    rules: [{ record: base, expr: m }]
  - name: alerts
    rules:
      - { alert: High, expr: m > 1, for: 1m, labels: { site: '{{ $externalLabels.site }}' }, annotations: { link: '{{ externalURL }}/x' } }
`;

function run(test: string, rules = RULES): TestFileOutcome {
  const folder = folderWith({ 'r.yaml': rules, 't.yaml': test });
  return runTestFile(join(folder, 't.yaml'));
}

const SERIES = 'input_series: [{ series: m, values: "1 2x9" }]';
const verdict = ({ faults, failures }: TestFileOutcome): readonly string[] => [
  ...faults.map((fault) => formatFault(fault).replace(/^\S*\//, '')),
  ...failures.map(({ what, lines }) => `${what} ${lines.join(' ')}`),
];

describe('a test of rules', () => {
  it('fails on each wrong expectation and on no right one', () => {
    const outcome = run(`
rule_files: [r.yaml]
tests:
  - ${SERIES}
    promql_expr_test:
      - { expr: m, eval_time: 1m, exp_samples: [{ labels: m, value: 2 }] }
      - { expr: m, eval_time: 1m, exp_samples: [{ labels: m, value: 3 }] }
      - { expr: m, eval_time: 1m, exp_samples: [{ labels: 'm{a="1"}', value: 2 }] }
      - { expr: m, eval_time: 1m }
      - { expr: m > 5, eval_time: 1m, exp_samples: [{ labels: m, value: 2 }] }
      - { expr: m + on() m2, eval_time: 1m }
      - { expr: 'm[1m]', eval_time: 1m }
    alert_rule_test:
      - { eval_time: 1m, alertname: High }
      - { eval_time: 2m, alertname: High }
`);
    expect(verdict(outcome)).toEqual([
      'alert High at 2m + {alertname="High"} +     link: /x',
      'm at 1m   m -     value: 3 +     value: 2',
      'm at 1m - m{a="1"} -     value: 2 + m +     value: 2',
      'm at 1m + m +     value: 2',
      'm > 5 at 1m - m -     value: 2',
      expect.stringContaining('m[1m] at 1m   it failed: '),
    ]);
  });

  it('looks at the alerts of the evaluation before its time', () => {
    const outcome = run(`
rule_files: [r.yaml]
tests:
  - ${SERIES}
    external_labels: { site: centre }
    external_url: http://watch
    alert_rule_test:
      - { eval_time: 1m59s, alertname: High }
      - { eval_time: 2m1s, alertname: High, exp_alerts: [{ exp_labels: { site: centre }, exp_annotations: { link: http://watch/x } }] }
`);
    expect(verdict(outcome)).toEqual([]);
  });

  it('evaluates groups in the order that the file names', () => {
    const test = (order: string) =>
      run(`
rule_files: [r*.yaml]
group_eval_order: ${order}
tests: [{ ${SERIES}, promql_expr_test: [{ expr: sum, eval_time: 0, exp_samples: [{ labels: sum, value: 2 }] }] }]
`);
    expect(verdict(test('[early, late]'))).toEqual([]);
    expect(verdict(test('[late, early]'))).toEqual(['sum at 0s - sum -     value: 2']);
  });

  it('ends with the first evaluation in which a rule fails', () => {
    const outcome = run(
      `
rule_files: [r.yaml]
tests: [{ input_series: [{ series: 'm{a="1"}', values: _ 1 }, { series: 'm{a="2"}', values: _ 1 }], promql_expr_test: [{ expr: m, eval_time: 5m }] }]
`,
      'groups: [{ name: g, rules: [{ record: one, expr: m, labels: { a: "" } }] }]',
    );
    expect(verdict(outcome)).toEqual([
      expect.stringContaining('rule one at 1m   it failed: vector contains metrics with the same labelset'),
    ]);
  });

  it('may begin at an instant', () => {
    const outcome = run(`
tests:
  - start_timestamp: "2024-01-01T00:00:00Z"
    ${SERIES}
    promql_expr_test: [{ expr: timestamp(m), eval_time: 1m, exp_samples: [{ value: 1704067260 }] }]
`);
    expect(verdict(outcome)).toEqual([]);
  });

  it.each([
    ['fuzzy_compare: true', 't.yaml:1: fuzzy_compare: is not done here'],
    ['rule_files: [none.yaml]', 'cannot be read'],
    ['rule_files: ["none*.yaml"]', 't.yaml:1: rule_files[0]: no file is like none*.yaml'],
    ['tests: [{ input_series: [{ series: m, values: 1 two }] }]', '"two" is no value of a series'],
    ['tests: [{ input_series: [{ series: m, values: "1x2000000" }] }]', 'more than 1000000 values'],
    ['tests: [{ input_series: [{ series: m, values: "{{sum:1}}" }] }]', 'no native histograms'],
    ['tests: [{ input_series: [{ series: "m > 1", values: 1 }] }]', '"m > 1" is no series'],
    ['tests: [{ input_series: [{ series: \'{a="1"}\', values: 1 }] }]', 'has no name'],
    ['tests: [{ promql_expr_test: [{ expr: m, eval_time: 9999999d }] }]', 'more than 1000000 evaluations'],
    ['tests: [{ start_timestamp: noon }]', '"noon" is no instant'],
    ['tests: [{ intervall: 1m }]', 'intervall'],
  ])('is refused with the place where it is wrong: %s', (text, message) => {
    const outcome = run(text);
    expect(outcome.tests).toBe(0);
    expect(verdict(outcome).join('\n')).toContain(message);
  });
});

describe('the notation of samples', () => {
  it.each([
    ['1 2 3', [1, 2, 3]],
    ['1+2x3', [1, 3, 5, 7]],
    ['1-0.5x2', [1, 0.5, 0]],
    ['4x2', [4, 4, 4]],
    ['_ _x2 1', [undefined, undefined, undefined, 1]],
    ['1 stale NaN -Inf', [1, 'stale', Number.NaN, Number.NEGATIVE_INFINITY]],
    ['', []],
  ])('%s', (text, values) => {
    expect(valuesIn(text)).toEqual(values);
  });

  it('names a series with its labels, or with none', () => {
    expect(labelsIn('m{a="1", b=""}')).toEqual({ __name__: 'm', a: '1' });
    expect(labelsIn('{}')).toEqual({});
    expect(numberIn('+Inf')).toBe(Number.POSITIVE_INFINITY);
  });
});
