import { parseFault } from './faults.ts';
import { DURATION } from './literals.ts';

/** One word of the text. `end` stands once, after the last one. */
export interface Token {
  readonly kind: 'number' | 'duration' | 'string' | 'word' | 'mark' | 'end';
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** What is wrong where brackets do not match: no such word can stand anywhere. */
  readonly fault?: { readonly at: number; readonly message: string };
}

const SPACE = /(?:\s|#[^\n]*)+/y;
const NUMBER = /0[xX][\da-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y;
const METRIC_WORD = /[a-zA-Z_:][\w:]*/y;
const LABEL_WORD = /[a-zA-Z_]\w*/y;
const MARK = /==|!=|=~|!~|<=|>=|[-+*/%^<>=(){}[\],:@]/y;

/** Splits a text into its words. Colons belong to names, except within braces and brackets. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const take = (pattern: RegExp, at: number): number => {
    pattern.lastIndex = at;
    return pattern.test(text) ? pattern.lastIndex : at;
  };
  let position = take(SPACE, 0);
  const open = { '(': 0, '[': 0, '{': 0 };
  while (position < text.length) {
    const isNested = open['['] > 0 || open['{'] > 0;
    const token = tokenAt({ text, from: position, isNested, take });
    const fault = token.kind === 'mark' ? counted(token, open) : undefined;
    tokens.push(fault === undefined ? token : { ...token, fault });
    position = take(SPACE, token.to);
  }
  const end: Token = { kind: 'end', text: 'end of input', from: text.length, to: text.length };
  const message = unclosed(open, tokens.at(-1));
  tokens.push(message === undefined ? end : { ...end, fault: { at: end.from, message } });
  return tokens;
}

type Open = Record<'(' | '[' | '{', number>;

/** Counts what is open, and says so when a word closes what is not. */
function counted({ text, from, to }: Token, open: Open): Token['fault'] {
  if (text === '(' || text === '[' || text === '{') open[text] += 1;
  if (text === ')' && --open['('] < 0) return { at: to, message: "unexpected right parenthesis ')'" };
  if (text === ']' && --open['['] < 0) return { at: from, message: "unexpected right bracket ']'" };
  if (text === '}' && --open['{'] < 0) return { at: from, message: "unexpected character: '}'" };
  return undefined;
}

function unclosed(open: Open, last: Token | undefined): string | undefined {
  if (open['{'] > 0) return 'unexpected end of input inside braces';
  if (last?.text === '[') return 'unexpected end of input in duration expression';
  if (open['('] > 0) return 'unclosed left parenthesis';
  return open['['] > 0 ? 'unclosed left bracket' : undefined;
}

interface Place {
  readonly text: string;
  readonly from: number;
  readonly isNested: boolean;
  readonly take: (pattern: RegExp, at: number) => number;
}

function tokenAt({ text, from, isNested, take }: Place): Token {
  const token = (kind: Token['kind'], to: number): Token => ({ kind, text: text.slice(from, to), from, to });
  const kinds: readonly (readonly [Token['kind'], RegExp])[] = [
    ['word', isNested ? LABEL_WORD : METRIC_WORD],
    ['duration', DURATION],
    ['number', NUMBER],
    ['string', STRING],
    ['mark', MARK],
  ];
  for (const [kind, pattern] of kinds) {
    const to = take(pattern, from);
    if (to === from) continue;
    const end = kind === 'number' ? take(/\w+/y, to) : to;
    if (end > to) {
      throw parseFault(text, from, `bad number or duration syntax: ${JSON.stringify(text.slice(from, end))}`);
    }
    return token(kind, to);
  }
  const first = text[from] ?? '';
  if ('"\'`'.includes(first)) throw parseFault(text, from, 'unterminated quoted string');
  throw parseFault(text, from, `unexpected character: '${first}'`);
}
