import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSeriesText } from '../../../../collector/ingest/series-text.ts';

describe('the labels of a line', () => {
  it.each([
    ['up', { __name__: 'up' }],
    ['up{}', { __name__: 'up' }],
    ['up {a="b"}', { __name__: 'up', a: 'b' }],
    ['job:rate5m{a="1",b="2"}', { __name__: 'job:rate5m', a: '1', b: '2' }],
    ['m{ a = "1" , b="2" , }', { __name__: 'm', a: '1', b: '2' }],
    ['m{a=""}', { __name__: 'm' }],
    ['m{a="}"}', { __name__: 'm', a: '}' }],
    [String.raw`m{a="say \"hi\"\n\\ \t"}`, { __name__: 'm', a: 'say "hi"\n\\ \\t' }],
    ['m{a="机房"}', { __name__: 'm', a: '机房' }],
    ['{"a.name",b="1"}', { __name__: 'a.name', b: '1' }],
    ['m{"a.label"="1"}', { __name__: 'm', 'a.label': '1' }],
    ['{__name__="m"}', { __name__: 'm' }],
  ])('%s', (text, labels) => {
    expect(parseSeriesText(text)).toEqual(labels);
  });

  it.each([
    ['', 'no name'],
    ['{}', 'no name'],
    ['1m', 'after the labels'],
    ['m{', 'no name'],
    ['m{a}', 'has no value'],
    ['m{a=b}', 'not quoted'],
    ['m{a="b}', 'not quoted'],
    ['m{a="b" c="d"}', 'commas'],
    ['m{,}', 'no name'],
    ['m{a="1",a="2"}', 'twice'],
    ['m{"n"}', 'twice'],
    ['m{a="1"}x', 'after the labels'],
  ])('%s is refused', (text, fault) => {
    expect(parseSeriesText(text)).toContain(fault);
  });

  it('do not reach the prototype of anything', () => {
    const labels = parseSeriesText('m{__proto__="x",constructor="y"}');
    expect(Object.entries(labels)).toContainEqual(['__proto__', 'x']);
    expect(Object.getPrototypeOf(labels)).toBe(Object.prototype);
  });

  it('are read or refused, never thrown at, whatever the text', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('m', '{', '}', '"', '\\', ',', '=', ' ', 'a', '\n', '机'),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const labels = parseSeriesText(text);
        if (typeof labels === 'object') expect(labels['__name__']).toBeTruthy();
      }),
    );
  });
});
