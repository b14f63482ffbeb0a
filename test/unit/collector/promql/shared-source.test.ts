import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../../collector/promql/engine.ts';
import { createSharedSource } from '../../../../collector/promql/shared-source.ts';
import { createHead } from '../../../../collector/series/head.ts';
import type { Matcher } from '../../../../config/model/series.ts';

function shared() {
  const head = createHead();
  const asked: string[] = [];
  const note = (matchers: readonly Matcher[]) => asked.push(matchers.map(({ value }) => value).join());
  const source = createSharedSource({
    select(matchers, fromMs, toMs) {
      note(matchers);
      return head.select(matchers, fromMs, toMs);
    },
    newest(matchers, afterMs, toMs) {
      note(matchers);
      return head.newest(matchers, afterMs, toMs);
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

  it('leave what they share as it was, whatever they make of it', () => {
    const { head, engine } = shared();
    for (const device of ['2', '3']) head.append({ __name__: 'a', device }, 1_000, 9 - Number(device));
    const plain = engine.compile('a');
    const before = structuredClone(plain.evaluate(1_000));
    const makers = ['a > 6', 'topk(2, a)', 'sort(a)', '-a', 'a * 2', 'a or b', 'a unless a{device="2"}'];
    for (const maker of makers) engine.compile(`${maker} or sum without (device) (a)`).evaluate(1_000);
    expect(before).toHaveLength(3);
    expect(plain.evaluate(1_000)).toEqual(before);
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
