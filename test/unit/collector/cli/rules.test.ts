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
