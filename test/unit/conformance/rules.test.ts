import { describe, expect, it } from 'vitest';
import { rules } from '../../conformance/rules.ts';
import { folderWith } from '../../support/folder.ts';

const TEST = (value: number): string =>
  `tests: [{ input_series: [{ series: m, values: 1 }], promql_expr_test: [{ expr: m, eval_time: 0, exp_samples: [{ labels: m, value: ${value} }] }] }]`;
const HISTOGRAM = 'tests: [{ input_series: [{ series: m, values: "{{sum:1}}" }] }]';

describe('the suite of rules', () => {
  it('counts the files that load and evaluate, and the tests that end as they should', async () => {
    const folder = folderWith({
      'public/good.yml': 'groups: [{ name: g, rules: [{ alert: A, expr: up == 0 }] }]',
      'public/empty.yml': 'groups: []',
      'public/broken.yml': 'groups: [{ name: g, rules: [{ alert: A, expr: up == }] }]',
      'public/template.yml':
        'groups: [{ name: g, rules: [{ alert: A, expr: up, annotations: { a: "{{ index $labels 1 }}" } }] }]',
      'unit/good.yml': TEST(1),
      'unit/bad.yml': TEST(2),
      'unit/new.yml': HISTOGRAM,
      'unit/verdicts.tsv':
        'file\tverdict\ngood.yml\tpass\nbad.yml\tfail\nnew.yml\tpass|refused\ngood.yml\tfail\nbad.yml\tpass\nnew.yml\tpass\n',
    });
    const { passed, total, failures } = await rules.run(folder);
    expect({ passed, total }).toEqual({ passed: 5, total: 10 });
    expect(failures).toEqual([
      expect.stringContaining('broken.yml:1: groups[0].rules[0].expr'),
      expect.stringContaining('template.yml:1: A: '),
      'good.yml: pass, not fail: ',
      'bad.yml: fail, not pass: m at 0s',
      expect.stringContaining('new.yml: refused, not pass: '),
    ]);
  });

  it('does with what there is of it', async () => {
    const folder = folderWith({ 'unit/verdicts.tsv': 'file\tverdict\n' });
    expect(await rules.run(folder)).toMatchObject({ passed: 0, total: 0 });
  });
});
