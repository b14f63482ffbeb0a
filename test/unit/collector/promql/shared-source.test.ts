import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../../collector/promql/engine.ts';
import { createSharedSource } from '../../../../collector/promql/shared-source.ts';
import { createHead } from '../../../../collector/series/head.ts';
import type { Matcher } from '../../../../config/model/series.ts';

function shared() {
  const head = createHead();
  const asked: string[] = [];
  const source = createSharedSource({
    select(matchers, fromMs, toMs) {
      asked.push(matchers.map(({ value }) => value).join());
      return head.select(matchers, fromMs, toMs);
    },
  });
  const engine = createEngine({ source });
  head.append({ __name__: 'a', device: '1' }, 1_000, 5);
  head.append({ __name__: 'b', device: '1' }, 1_000, 7);
  return { head, source, engine, asked };
}

describe('rules that select the same series', () => {
  it('share the work at one instant, whatever they do with it', () => {
    const { engine, asked } = shared();
    const rules = ['a > 1', 'a > 2 and a < 9', 'max(a)'].map((text) => engine.compile(text));
    for (const rule of rules) expect(rule.evaluate(1_000)).toHaveLength(1);
    for (const rule of rules) rule.unfiltered(1_000);
    expect(asked).toEqual(['a']);
  });

  it('do not share what they select at another instant, or over another time', () => {
    const { engine, asked } = shared();
    const latest = engine.compile('a');
    latest.evaluate(1_000);
    latest.evaluate(2_000);
    engine.compile('max_over_time(a[1m])').evaluate(1_000);
    expect(asked).toEqual(['a', 'a', 'a']);
  });

  it('see what a rule before them wrote, and share on what it did not', () => {
    const { head, source, engine, asked } = shared();
    const first = engine.compile('a');
    const other = engine.compile('b');
    const any = engine.compile('{device="1"}');
    for (const rule of [first, other, any]) rule.evaluate(2_000);
    head.append({ __name__: 'a', device: '1' }, 2_000, 6);
    source.wrote('a');
    expect(first.evaluate(2_000)[0]?.value).toBe(6);
    other.evaluate(2_000);
    expect(any.evaluate(2_000).map(({ value }) => value)).toEqual([6, 7]);
    expect(asked).toEqual(['a', 'b', '1', 'a', '1']);
  });

  it('ask anew after others may have written', () => {
    const { head, source, engine } = shared();
    const rule = engine.compile('a');
    rule.evaluate(2_000);
    head.append({ __name__: 'a', device: '1' }, 2_000, 6);
    source.forget();
    expect(rule.evaluate(2_000)[0]?.value).toBe(6);
  });

  it('are not taken for the same where only their order or a part differs', () => {
    const { source } = shared();
    const matcher = (name: string, value: string): Matcher => ({ name, op: '=', value });
    const devices = (matchers: readonly Matcher[]) => [...source.select(matchers, 0, 2_000)].length;
    expect(devices([matcher('__name__', 'a'), matcher('device', '1')])).toBe(1);
    expect(devices([matcher('__name__', 'a'), matcher('device', '2')])).toBe(0);
  });
});
