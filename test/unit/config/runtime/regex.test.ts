import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../../config/runtime/regex.ts';

describe('a pattern', () => {
  it('is found anywhere unless it says where', () => {
    expect(compilePattern('b.').isIn('abc')).toBe(true);
    expect(compilePattern('^b').isIn('abc')).toBe(false);
  });

  it.each([
    ['(a)(?P<n>b)', 'xababy', '[$1-${n}-$$]', 'x[a-b-$][a-b-$]y'],
    ['(a)b', 'ab', '$9|$1x|${1}x|$none', '||ax|'],
    ['a*', 'baac', 'X', 'XbXcX'],
    ['(.*):.*', 'host:9100', '$1', 'host'],
    ['x', 'abc', 'y', 'abc'],
    ['(a)|b', 'b', '<$1>', '<>'],
  ])('%s in %s replaced by %s gives %s, as in Go', (pattern, text, replacement, want) => {
    expect(compilePattern(pattern).replaceAll(text, replacement)).toBe(want);
  });

  it('that is wrong is refused, backreferences among them', () => {
    expect(() => compilePattern('(')).toThrow();
    expect(() => compilePattern('(a)\\1')).toThrow();
  });

  it('takes time in proportion to its text', () => {
    expect(compilePattern('(a|aa)+$').isIn(`${'a'.repeat(20_000)}b`)).toBe(false);
  });
});
