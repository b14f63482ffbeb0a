import { parseDurationMs } from '../../config/model/duration.ts';
import { parseFault } from './faults.ts';
import { numberOf, unquote } from './literals.ts';
import { tokensOf, type Token } from './lexer.ts';

/** Walks over the words of one expression. */
export interface Cursor {
  peek(ahead?: number): Token;
  /** The end of the word before. */
  lastEnd(): number;
  next(): Token;
  /** Takes the word if it is this one (keywords in any case). */
  accept(text: string): boolean;
  isNext(text: string, ahead?: number): boolean;
  expect(text: string, context: string): Token;
  /** @throws {WatchkeeperError} always. */
  unexpected(context: string, expected?: string): never;
  fault(at: number, message: string): Error;
}

export function createCursor(text: string): Cursor {
  const tokens = tokensOf(text);
  const end = tokens.at(-1) ?? { kind: 'end', text: 'end of input', from: 0, to: 0 };
  let position = 0;
  const peek = (ahead = 0): Token => tokens[position + ahead] ?? end;
  const isNext = (wanted: string, ahead = 0): boolean => {
    const token = peek(ahead);
    return (token.kind === 'word' || token.kind === 'mark') && token.text.toLowerCase() === wanted;
  };
  const next = (): Token => {
    const token = peek();
    position += 1;
    return token;
  };
  const unexpected = (context: string, expected?: string): never => {
    const token = peek();
    const wanted = expected === undefined ? '' : `, expected ${expected}`;
    throw parseFault(text, token.from, `unexpected ${described(token)} in ${context}${wanted}`);
  };
  return {
    peek,
    isNext,
    next,
    unexpected,
    lastEnd: () => (tokens[position - 1] ?? end).to,
    accept(wanted) {
      const isThere = isNext(wanted);
      if (isThere) position += 1;
      return isThere;
    },
    expect: (wanted, context) => (isNext(wanted) ? next() : unexpected(context, JSON.stringify(wanted))),
    fault: (at, message) => parseFault(text, at, message),
  };
}

function described(token: Token): string {
  if (token.kind === 'end') return token.text;
  if (token.kind === 'word') return `identifier ${JSON.stringify(token.text)}`;
  return token.kind === 'mark' ? JSON.stringify(token.text) : `${token.kind} ${token.text}`;
}

/** The value of the next word, a number or a duration (in seconds) or one of the words for what is not finite. */
export function takeNumber(cursor: Cursor): number | undefined {
  const { kind, text } = cursor.peek();
  const value = valueOf(kind, text);
  if (value !== undefined) cursor.next();
  return value;
}

function valueOf(kind: Token['kind'], text: string): number | undefined {
  if (kind === 'duration') return (parseDurationMs(text) ?? Number.NaN) / 1_000;
  if (kind === 'number') return numberOf(text);
  if (kind !== 'word') return undefined;
  const word = text.toLowerCase();
  if (word === 'nan') return Number.NaN;
  return word === 'inf' ? Number.POSITIVE_INFINITY : undefined;
}

/** A number with a sign in front or none. */
export function takeSignedNumber(cursor: Cursor, context: string): number {
  const sign = cursor.accept('-') ? -1 : 1;
  if (sign === 1) cursor.accept('+');
  const value = takeNumber(cursor);
  return value === undefined ? cursor.unexpected(context, 'number or duration') : sign * value;
}

/** A string literal, unquoted. */
export function takeString(cursor: Cursor, context: string): string {
  const token = cursor.peek();
  if (token.kind !== 'string') return cursor.unexpected(context, 'string');
  const value = unquote(token.text);
  if (value === undefined) throw cursor.fault(token.from, `error unquoting string ${token.text}`);
  cursor.next();
  return value;
}
