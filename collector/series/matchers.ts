import { RE2JS } from 're2js';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import type { Matcher } from '../../config/model/series.ts';

/** A matcher ready for use. */
export interface CompiledMatcher {
  readonly name: string;
  /** The only value that it accepts, where there is only one. */
  readonly equals: string | undefined;
  /** Whether it accepts a series that lacks the label. */
  readonly acceptsAbsent: boolean;
  readonly accepts: (value: string) => boolean;
}

/** How many regular expressions are kept compiled. */
const KEPT_EXPRESSIONS = 500;

/** How many values each of them remembers its verdict on. */
const KEPT_VERDICTS = 2_000;

type Predicate = (value: string) => boolean;

/** A compiler that remembers the regular expressions it was asked for, and what they said of each value. */
export function createMatcherCompiler(): (matcher: Matcher) => CompiledMatcher {
  const expressions = new Map<string, Predicate>();
  const expressionOf = (pattern: string): Predicate => {
    const known = expressions.get(pattern);
    if (known !== undefined) return known;
    const expression = remembering(compileExpression(pattern));
    if (expressions.size >= KEPT_EXPRESSIONS) expressions.clear();
    expressions.set(pattern, expression);
    return expression;
  };
  const predicateOf = ({ op, value }: Matcher): Predicate => {
    switch (op) {
      case '=':
        return (text) => text === value;
      case '!=':
        return (text) => text !== value;
      case '=~':
        return expressionOf(value);
      case '!~': {
        const isMatch = expressionOf(value);
        return (text) => !isMatch(text);
      }
      default:
        throw op satisfies never;
    }
  };
  return (matcher) => {
    const accepts = predicateOf(matcher);
    const equals = matcher.op === '=' ? matcher.value : undefined;
    return { name: matcher.name, equals, acceptsAbsent: accepts(''), accepts };
  };
}

function remembering(judge: Predicate): Predicate {
  const verdicts = new Map<string, boolean>();
  return (value) => {
    const known = verdicts.get(value);
    if (known !== undefined) return known;
    const verdict = judge(value);
    if (verdicts.size >= KEPT_VERDICTS) verdicts.clear();
    verdicts.set(value, verdict);
    return verdict;
  };
}

/** Anchored at both ends; a dot accepts line ends: as Prometheus compiles them. */
function compileExpression(pattern: string): Predicate {
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (cause) {
    const message = `the regular expression ${pattern} is not valid: ${messageOf(cause)}`;
    throw new WatchkeeperError('query_invalid', message, { cause });
  }
  return (value) => expression.testExact(value);
}
