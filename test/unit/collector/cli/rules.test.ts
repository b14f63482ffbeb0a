import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rules } from '../../../../collector/cli/rules.ts';
import { DEMO_FOLDER, loadConfig } from '../../../../config/load.ts';
import { folderWith } from '../../../support/folder.ts';

function listen(): { readonly out: () => string; readonly err: () => string } {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const textOf = (spy: typeof out): string => spy.mock.calls.map(([text]) => String(text)).join('');
  return { out: () => textOf(out), err: () => textOf(err) };
}

afterEach(() => vi.restoreAllMocks());

describe('watchkeeper rules check', () => {
  it('finds nothing wrong with the shipped rules', async () => {
    const { err } = listen();
    expect(await rules.run(['check', ...loadConfig(DEMO_FOLDER, {}).ruleFiles])).toBe(0);
    expect(err()).toBe('');
  });

  it('tells every fault with file and line, and counts the good rules', async () => {
    const file = join(
      folderWith({
        'r.yaml': `groups:
  - name: g
    rules:
      - { alert: Good, expr: up == 0 }
      - { alert: Bad, expr: up == }
      - { alert: Worse, expr: up, annotations: { summary: '{{ x }}' } }
      - { alert: Odd, expr: 'up[5m]' }
`,
      }),
      'r.yaml',
    );
    const { out, err } = listen();
    expect(await rules.run(['check', file])).toBe(1);
    expect(out()).toBe(`${file}: 1 rules are valid, 3 faults.\n`);
    const lines = err().trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain(`${file}:5: groups[0].rules[1].expr: Bad: the expression is wrong: 1:`);
    expect(lines[1]).toContain(
      `${file}:6: groups[0].rules[2].annotations.summary: Worse: line 1 of the template`,
    );
    expect(lines[2]).toContain(`${file}:7: groups[0].rules[3].expr: Odd: the expression is wrong`);
  });

  it('says how it is used', async () => {
    const { err } = listen();
    expect(await rules.run([])).toBe(2);
    expect(await rules.run(['check'])).toBe(2);
    expect(err()).toContain('watchkeeper rules check FILE…');
  });
});

const RULES = `groups:
  - name: climate
    rules:
      - record: room:heat
        expr: max(heat)
      - alert: Hot
        expr: heat > 28
        for: 1m
        annotations: { summary: '{{ $labels.device }} is at {{ $value }}' }
`;

const testOf = (expected: string): string => `rule_files: [rules.yaml]
evaluation_interval: 30s
tests:
  - name: too hot
    interval: 30s
    input_series: [{ series: 'heat{device="a"}', values: 20 30x4 }]
    alert_rule_test: [${expected}]
    promql_expr_test:
      - { expr: room:heat, eval_time: 1m, exp_samples: [{ labels: room:heat, value: 30 }] }
`;

describe('watchkeeper rules test', () => {
  async function testing(expected: string) {
    const file = join(folderWith({ 'rules.yaml': RULES, 'my.test.yaml': testOf(expected) }), 'my.test.yaml');
    const { out } = listen();
    const code = await rules.run(['test', file]);
    return { code, out: out().replaceAll(file, 'my.test.yaml') };
  }

  it('passes what is as expected', async () => {
    const expected =
      '{ eval_time: 1m30s, alertname: Hot, exp_alerts: [{ exp_labels: { device: a }, exp_annotations: { summary: a is at 30 } }] }';
    expect(await testing(expected)).toEqual({ code: 0, out: 'my.test.yaml: 1 tests passed.\n' });
  });

  it('shows what was expected and what was got instead', async () => {
    const expected =
      '{ eval_time: 1m30s, alertname: Hot, exp_alerts: [{ exp_labels: { device: a }, exp_annotations: { summary: a is at 31 } }] }';
    expect(await testing(expected)).toEqual({
      code: 1,
      out: `my.test.yaml:4: too hot
  alert Hot at 1m30s: - expected, + got
      {alertname="Hot",device="a"}
    -     summary: a is at 31
    +     summary: a is at 30
my.test.yaml: 1 of 1 tests failed.
`,
    });
  });

  it('shows what fires and should not, and what should and does not', async () => {
    const { code, out } = await testing(
      '{ eval_time: 1m30s, alertname: Hot }, { eval_time: 1m, alertname: Hot, exp_alerts: [{ exp_labels: { device: b } }] }',
    );
    expect(code).toBe(1);
    expect(out).toContain(`alert Hot at 1m: - expected, + got\n    - {alertname="Hot",device="b"}\n`);
    expect(out).toContain(`alert Hot at 1m30s: - expected, + got\n    + {alertname="Hot",device="a"}\n`);
  });

  it('runs nothing of a file with faults', async () => {
    const { err } = listen();
    expect(err()).toBe('');
    const { code, out } = await testing('{ eval_time: soon, alertname: Hot }');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^my\.test\.yaml:7: tests\[0\]\.alert_rule_test\[0\]\.eval_time: .*\nmy\.test\.yaml: cannot be run\.\n$/,
    );
  });
});
