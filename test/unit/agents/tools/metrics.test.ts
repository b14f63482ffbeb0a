import { describe, expect, it } from 'vitest';
import { metricsTool } from '../../../../agents/tools/metrics-tool.ts';
import { METRICS } from '../../../../config/model/metrics.ts';

function listed(...args: readonly string[]): { code: number; out: string; err: string } {
  const told = { out: '', err: '' };
  const code = metricsTool(args, {
    out: (more) => (told.out += more),
    err: (more) => (told.err += more),
  });
  return { code, ...told };
}

describe('watchkeeper metrics', () => {
  it('lists every metric that a profile may read', () => {
    const { code, out } = listed();
    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => /^\w/.test(line))).toEqual(Object.keys(METRICS));
    expect(JSON.parse(listed('--json').out)).toEqual(METRICS);
  });

  it('of those with the words, with unit, labels and states', () => {
    const { out } = listed('battery', 'runtime', 'ups');
    expect(out).toContain('ups_battery_runtime_seconds\n');
    expect(out).toMatch(/^ {2}unit +seconds; told in .*\bmin\b/m);
    expect(listed('upsOutputSource').out).toMatch(/^ {2}states +normal, battery \(critical\)/m);
    expect(listed('rfc', 'upsbatterystatus').out).not.toContain('ups_output_source');
  });

  it('says when there is none, and when it was called wrongly', () => {
    expect(listed('nothing-like-it')).toMatchObject({ code: 1, out: '' });
    expect(listed('--colour')).toMatchObject({ code: 2, out: '' });
    expect(listed('--help').out).toContain('watchkeeper metrics [WORD…]');
  });
});
