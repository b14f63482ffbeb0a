import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../../collector/promql/parse.ts';

describe('an expression that is wrong', () => {
  it.each([
    ['', '1:1: parse error: no expression found in input'],
    ['sum(', '1:5: parse error: unexpected end of input in expression'],
    ['a b', '1:3: parse error: unexpected identifier "b" in expression'],
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
    ['1 > 2', '1:1: parse error: comparisons between scalars must use BOOL modifier'],
    ['1 + bool 2', '1:1: parse error: bool modifier can only be used on comparison operators'],
    ['1 and x', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
    ['x[5m] + 1', '1:1: parse error: binary expression must contain only scalar and instant vector types'],
    [
      '-x[5m]',
      '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "range vector"',
    ],
    ['x and on(a) group_left y', '1:1: parse error: no grouping allowed for "and" operation'],
    [
      'x + on(a) group_left(a) y',
      '1:1: parse error: label "a" must not occur in ON and GROUP clause at once',
    ],
    ['{}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['{a=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['x{a="b" c="d"}', '1:9: parse error: unexpected identifier "c" in label matching, expected "}"'],
    ['{a=~"(b?)*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['{a!~"b"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['x{a=~"b(c"}', '1:6: parse error: error parsing regexp: missing closing )'],
    ['x{"y"}', '1:3: parse error: metric name must not be set twice: "x" or "y"'],
    ['x{__name__="y"}', '1:3: parse error: metric name must not be set twice: "x" or "y"'],
    ['x[0s]', '1:3: parse error: duration must be greater than 0'],
    ['(x + y)[5m]', '1:8: parse error: ranges only allowed for vector selectors'],
    ['1 offset 5m', '1:3: parse error: offset modifier must be preceded by an instant vector selector'],
    ['x offset 1m offset 2m', '1:13: parse error: offset may not be set multiple times'],
    ['"abc', '1:1: parse error: unterminated quoted string'],
    ['5mm', '1:1: parse error: bad number or duration syntax'],
    ['x ; y', '1:3: parse error: unexpected character: ";"'],
    ['1[5m:1m]', '1:1: parse error: subquery is only allowed on instant vector, got scalar instead'],
    [`${'('.repeat(500)}x${')'.repeat(500)}`, 'expression is nested too deeply'],
    [`x${' + x'.repeat(20_000)}`, 'expression is nested too deeply'],
  ])('%.40s is refused with its place', (text, message) => {
    expect(() => parseExpression(text)).toThrow(message);
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
