import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { bundle, inAscii } from '../../../../collector/bundle/bundle.ts';

const run = (code: string): unknown => runInThisContext(`(${code})`);

describe('code in ASCII', () => {
  it.each([
    "'机房 — 值守 \\\\é'",
    '`温度 ${1 + 1} °C 😀`',
    '"😀".replace(/[😀-😂]/u, "é")',
    '/^[\\u4e00-龥]+$/.test("巡检")',
    '(() => { const größe = { größe: 3 }; return größe.größe; })()',
  ])('%s says what it said', (code) => {
    const escaped = inAscii(code);
    expect(escaped).toMatch(/^[\0-\x7f]*$/);
    expect(run(escaped)).toEqual(run(code));
  });

  it('refuses a character behind a backslash, of which the escape would be another', () => {
    expect(() => inAscii("'\\é'")).toThrow('a backslash stands before é');
  });
});

describe('the bundle of a program', () => {
  it('is one file with all that it imports outright, its functions by their names', async () => {
    const files = await bundle('agents/tools/metrics-main.ts');
    expect(files.map(({ name }) => name)).toEqual(['agents-tools-metrics-main.js']);
    const [{ text } = { text: '' }] = files;
    expect(text).toContain('function metricsTool(');
    expect(text).not.toMatch(/from ?"\./);
  });
});
