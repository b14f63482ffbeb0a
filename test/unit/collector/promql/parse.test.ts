import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../../collector/promql/parse.ts';

describe('an expression that is wrong', () => {
  it.each([
    ['', '1:1: parse error: no expression found in input'],
    ['a b', '1:3: parse error: unexpected identifier "b"'],
    ['nofunc(x)', '1:1: parse error: unknown function with name "nofunc"'],
    [
      '1 +\n rate(x)',
      '2:7: parse error: expected type range vector in call to function "rate", got instant vector',
    ],
    ['rate(x[5m], 1)', '1:1: parse error: expected 1 argument(s) in call to "rate", got 2'],
    ['round()', '1:1: parse error: expected at least 1 argument(s) in call to "round", got 0'],
    [
      'sum(x[5m])',
      '1:5: parse error: expected type instant vector in aggregation expression, got range vector',
    ],
    ['topk(x, x)', '1:6: parse error: expected type scalar in aggregation parameter, got instant vector'],
    ['1 > 2', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
    ['1 + bool 2', '1:3: parse error: bool modifier can only be used on comparison operators'],
    ['1 and x', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
    ['x[5m] + 1', '1:1: parse error: binary expression must contain only scalar and instant vector types'],
    [
      '-x[5m]',
      '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "range vector"',
    ],
    ['x and on(a) group_left y', '1:1: parse error: no grouping allowed for "and" operation'],
    [
      'x + on(a) group_left(a) y',
      '1:3: parse error: label "a" must not occur in ON and GROUP clause at once',
    ],
    ['{}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['{a=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['x{a="b" c="d"}', '1:9: parse error: unexpected identifier "c" in label matching, expected "," or "}"'],
    ['{a=~"(b?)*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['{a!~"b"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['x{a=~"b(c"}', '1:6: parse error: error parsing regexp: missing closing )'],
    ['x{"y"}', '1:1: parse error: metric name must not be set twice: "x" or "y"'],
    ['load{__name__="x"}', '1:1: parse error: metric name must not be set twice: "load" or "x"'],
    ['sum(x{a="b",__name__!~"y"})', '1:5: parse error: metric name must not be set twice: "x" or "y"'],
    ['x[0s]', '1:3: parse error: duration must be greater than 0'],
    ['(x + y)[5m]', '1:8: parse error: ranges only allowed for vector selectors'],
    ['1 offset 5m', '1:1: parse error: offset modifier must be preceded by an instant vector selector'],
    ['1 + x offset 1m offset 2m', '1:5: parse error: offset may not be set multiple times'],
    ['x[1m] @ 1 @ 2', '1:1: parse error: @ <timestamp> may not be set multiple times'],
    ['"abc', '1:1: parse error: unterminated quoted string'],
    ['5mm', '1:1: parse error: bad number or duration syntax'],
    ['x ; y', "1:3: parse error: unexpected character: ';'"],
    ['1[5m:1m]', '1:1: parse error: subquery is only allowed on instant vector, got scalar instead'],
    [`${'('.repeat(500)}x${')'.repeat(500)}`, 'expression is nested too deeply'],
    [`x${' + x'.repeat(20_000)}`, 'expression is nested too deeply'],
  ])('%.40s is refused with its place', (text, message) => {
    expect(() => parseExpression(text)).toThrow(message);
  });
});

describe('what stands where it cannot', () => {
  it.each([
    ['sum(', '1:5: parse error: unclosed left parenthesis'],
    ['rate(x[5m', '1:10: parse error: unclosed left parenthesis'],
    ['x[5m', '1:5: parse error: unclosed left bracket'],
    ['x[', '1:3: parse error: unexpected end of input in duration expression'],
    ['sum(x{a="b"', '1:12: parse error: unexpected end of input inside braces'],
    ['(x))', "1:5: parse error: unexpected right parenthesis ')'"],
    ['x]', "1:2: parse error: unexpected right bracket ']'"],
    ['x}', "1:2: parse error: unexpected character: '}'"],
    ['()', '1:2: parse error: unexpected ")"'],
    ['1 +', '1:4: parse error: unexpected end of input'],
    ['1 + == 2', '1:5: parse error: unexpected <op:==>'],
    ['sum((x y))', '1:8: parse error: unexpected identifier "y" in aggregation'],
    ['rate(x[5m] y)', '1:12: parse error: unexpected identifier "y"'],
    ['rate(x[5m],)', '1:11: parse error: trailing commas not allowed in function call args'],
    ['sum(x, )', '1:6: parse error: trailing commas not allowed in function call args'],
    ['sum(,x)', '1:5: parse error: unexpected "," in aggregation'],
    ['x{a="b",,}', '1:9: parse error: unexpected "," in label matching, expected identifier or "}"'],
    ['x{a=b}', '1:5: parse error: unexpected identifier "b" in label matching, expected string'],
    ['sum by (a,,) (x)', '1:11: parse error: unexpected "," in grouping opts, expected label'],
    ['x + on y', '1:8: parse error: unexpected identifier "y" in grouping opts, expected "("'],
    ['x offset y', '1:10: parse error: unexpected identifier "y" in offset, expected number or duration'],
    ['x @ start', '1:10: parse error: unexpected end of input in @, expected timestamp'],
    ['x "a longer text"', '1:3: parse error: unexpected string "\\"a longer "...'],
    ['mad_over_time(x[5m])', '1:1: parse error: function "mad_over_time" is not enabled'],
    ['limitk(1, x)', '1:1: parse error: limitk() is experimental and must be enabled'],
    ['limit_ratio by (a) (1, x)', '1:1: parse error: limit_ratio() is experimental and must be enabled'],
  ])('%s', (text, message) => {
    expect(() => parseExpression(text)).toThrow(message);
  });
});

describe('a word of the language', () => {
  it.each(['bool', 'on', 'ON', 'ignoring', 'group_left', 'group_right'])('%s is no metric', (word) => {
    expect(() => parseExpression(word)).toThrow(`1:1: parse error: unexpected <${word}>`);
  });

  it.each(['and', 'or', 'unless', 'by', 'without', 'offset', 'start', 'end', 'sum', 'limitk'])(
    '%s is a metric where only a name can stand, and no function',
    (word) => {
      expect(parseExpression(word)).toMatchObject({ kind: 'selector', matchers: [{ value: word }] });
      if (word === 'sum' || word === 'limitk') return;
      const place = `1:${word.length + 1}: parse error: unexpected "("`;
      expect(() => parseExpression(`${word}(x)`)).toThrow(place);
    },
  );

  it('is a label in braces, and in lists unless it is a number or `without`', () => {
    for (const word of ['bool', 'on', 'inf', 'without', 'by']) {
      expect(parseExpression(`x{${word}="1"}`)).toMatchObject({ matchers: [{}, { name: word }] });
    }
    for (const word of ['bool', 'on', 'by', 'atan2', 'group_left', 'offset', 'sum', 'start']) {
      expect(parseExpression(`sum by (${word}) (x)`)).toMatchObject({ grouping: { labels: [word] } });
    }
    for (const [word, told] of [
      ['without', '<without>'],
      ['inf', 'number "inf"'],
      ['a:b', 'identifier "a:b"'],
    ]) {
      expect(() => parseExpression(`sum by (${word}) (x)`)).toThrow(
        `1:9: parse error: unexpected ${told} in grouping opts, expected label`,
      );
    }
  });

  it('for an operator is told as one', () => {
    expect(() => parseExpression('atan2')).toThrow('1:1: parse error: unexpected <op:atan2>');
  });
});

describe('an expression', () => {
  it('binds a modifier to the selector before it, whatever stands in front', () => {
    expect(parseExpression('a + b offset 5m * c')).toMatchObject({
      op: '+',
      left: { kind: 'selector', shift: { offsetMs: 0 } },
      right: { op: '*', left: { shift: { offsetMs: 300_000 } }, right: { shift: { offsetMs: 0 } } },
    });
  });

  it('takes words of the language for names where only names can stand', () => {
    expect(parseExpression('sum{by="x"} + on(sum) offset')).toMatchObject({
      left: { kind: 'selector' },
      right: { kind: 'selector', matchers: [{ value: 'offset' }] },
    });
  });

  it('reads names in quotes, comments and keywords in any case', () => {
    expect(parseExpression('SUM by ("room no") ({"dotted.name"}) # why')).toMatchObject({
      op: 'sum',
      grouping: { labels: ['room no'] },
      expr: { matchers: [{ name: '__name__', op: '=', value: 'dotted.name' }] },
    });
  });
});
