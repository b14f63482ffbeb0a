import { describe, expect, it } from 'vitest';
import { compileMatchers, formatMatchers, parseMatchers } from '../../../../config/runtime/matchers.ts';

const read = (text: string) => {
  const matchers = parseMatchers(text);
  return typeof matchers === 'string' ? matchers : formatMatchers(matchers);
};

describe('conditions as Alertmanager writes them', () => {
  it.each([
    ['severity="critical"', '{severity="critical"}'],
    ['severity=critical', '{severity="critical"}'],
    [' room =~ "main|annex" ', '{room=~"main|annex"}'],
    ['{a="1",b!="2",c!~"3.*"}', '{a="1",b!="2",c!~"3.*"}'],
    ['a="1", b=~2', '{a="1",b=~"2"}'],
    ['"温度.max"="高"', '{温度.max="高"}'],
    [String.raw`a="say \"x, y\" \\ {z}"`, String.raw`{a="say \"x, y\" \\ {z}"}`],
    ['a=""', '{a=""}'],
    ['{}', '{}'],
    ['a=', '{a=""}'],
  ])('reads %s', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    ['severity', 'severity: is no list of conditions like severity="critical"'],
    ['{a="1"', '{a="1": a brace is missing'],
    ['a="1" b="2"', expect.stringContaining('is no list of conditions')],
    ['1a="1"', '1a="1": 1a is no name of a label'],
    ['a=~"("', expect.stringMatching(/^a=~"\(": \( is no regular expression: /)],
    ['a="1', expect.stringContaining('is no list of conditions')],
  ])('refuses %s and says why', (text, expected) => expect(read(text)).toEqual(expected));

  it.each([
    ['a="1"', { a: '1' }, true],
    ['a="1"', {}, false],
    ['a=""', {}, true],
    ['a!="1"', {}, true],
    ['a=~"1|2"', { a: '12' }, false],
    ['a=~".*"', {}, true],
    ['a=~".+"', {}, false],
    ['a!~"x.y"', { a: 'x\ny' }, false],
    ['a="1",b="2"', { a: '1', b: '3' }, false],
    ['{}', {}, true],
  ])('%s of %j is %s', (text, labels, expected) => {
    const matchers = parseMatchers(text);
    if (typeof matchers === 'string') throw new Error(matchers);
    expect(compileMatchers(matchers)(labels as Record<string, string>)).toBe(expected);
  });
});
