import type { Labels } from '../model/labels.ts';
import type { Matcher } from '../model/series.ts';
import { compilePattern } from './regex.ts';

/** Whether labels fulfil conditions. A label that is absent counts as empty, as in Alertmanager. */
export type LabelTest = (labels: Labels) => boolean;

/** Prepares conditions, all of which must hold. Their patterns must be valid: `parseMatchers` has checked them. */
export function compileMatchers(matchers: readonly Matcher[]): LabelTest {
  const tests = matchers.map(compileMatcher);
  return (labels) => tests.every((test) => test(labels));
}

function compileMatcher({ name, op, value }: Matcher): LabelTest {
  if (op === '=') return (labels) => (labels[name] ?? '') === value;
  if (op === '!=') return (labels) => (labels[name] ?? '') !== value;
  const pattern = compilePattern(`^(?s:${value})$`);
  return (labels) => pattern.isIn(labels[name] ?? '') === (op === '=~');
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** A name, an operator, and a value that may stand in quotes or bare. */
const ONE =
  /\s*(?:("(?:[^"\\]|\\.)*")|([^\s"{}=!~,]+))\s*(=~|!~|!=|=)\s*(?:("(?:[^"\\]|\\.)*")|([^",{}]*?))\s*(?:,|$)/suy;

/**
 * Reads conditions as Alertmanager writes them: `severity="critical"`, `{room=~"main|annex",layer!="host"}`, a bare
 * value as in `severity=critical`. A text answered is what is wrong.
 */
export function parseMatchers(text: string): readonly Matcher[] | string {
  const trimmed = text.trim();
  if (trimmed.startsWith('{') !== trimmed.endsWith('}')) return `${text}: a brace is missing`;
  const inner = trimmed.startsWith('{') ? trimmed.slice(1, -1).trim() : trimmed;
  const matchers: Matcher[] = [];
  ONE.lastIndex = 0;
  while (ONE.lastIndex < inner.length) {
    const found = ONE.exec(inner);
    if (found === null) return `${text}: is no list of conditions like severity="critical"`;
    const [, quotedName, bareName, op, quotedValue, bareValue] = found;
    const matcher = matcherOf(quotedName, bareName, op, unquote(quotedValue) ?? bareValue ?? '');
    if (typeof matcher === 'string') return `${text}: ${matcher}`;
    matchers.push(matcher);
  }
  return matchers;
}

function matcherOf(
  quotedName: string | undefined,
  bareName: string | undefined,
  op: string | undefined,
  value: string,
): Matcher | string {
  const name = unquote(quotedName) ?? bareName ?? '';
  if (name === '' || (quotedName === undefined && !NAME.test(name))) return `${name} is no name of a label`;
  const matcher = { name, op: op as Matcher['op'], value };
  return patternFault(matcher) ?? matcher;
}

/** What is wrong with the pattern of a condition; `undefined` when nothing is. */
export function patternFault({ op, value }: Matcher): string | undefined {
  if (op === '=' || op === '!=') return undefined;
  try {
    compilePattern(`^(?s:${value})$`);
    return undefined;
  } catch (error) {
    return `${value} is no regular expression: ${error instanceof Error ? error.message : ''}`;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

function unquote(quoted: string | undefined): string | undefined {
  return quoted?.slice(1, -1).replaceAll(/\\(.)/gsu, (whole, escaped: string) => ESCAPES[escaped] ?? whole);
}

/** Conditions as Alertmanager writes them, `{a="1",b=~"2|3"}`. */
export function formatMatchers(matchers: readonly Matcher[]): string {
  return `{${matchers.map(({ name, op, value }) => `${name}${op}${JSON.stringify(value)}`).join(',')}}`;
}
