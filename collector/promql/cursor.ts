import { parseDurationMs } from '../../config/model/duration.ts';
import { parseFault } from './faults.ts';
import { numberOf, unquote } from './literals.ts';
import { tokensOf, type Token } from './lexer.ts';
import { OPERATOR_MARKS, wordType } from './words.ts';

/** What stands at a place in the text, and what could. */
export interface Expectation {
  readonly context: string;
  readonly expected?: string;
}

/** Walks over the words of one expression. */
export interface Cursor {
  peek(ahead?: number): Token;
  /** The end of the word before. */
  lastEnd(): number;
  next(): Token;
  /** Takes the word if it is this one (keywords in any case). */
  accept(text: string): boolean;
  isNext(text: string, ahead?: number): boolean;
  /** Takes the word, which has to be this one. */
  expect(text: string, place?: Expectation): Token;
  /** @throws {WatchkeeperError} always. */
  unexpected(place?: Expectation): never;
  /** Reads with errors that tell no place of their own being told of this one. */
  within<T>(context: string, read: () => T): T;
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
  let around: string | undefined;
  const unexpected = ({ context = around, expected }: Partial<Expectation> = {}): never => {
    const token = peek();
    if (token.fault !== undefined) throw parseFault(text, token.fault.at, token.fault.message);
    const place = context === undefined ? '' : ` in ${context}`;
    const wanted = expected === undefined ? '' : `, expected ${expected}`;
    throw parseFault(text, token.from, `unexpected ${described(token)}${place}${wanted}`);
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
    expect: (wanted, place) => (isNext(wanted) ? next() : unexpected(place)),
    within(context, read) {
      const before = around;
      around = context;
      const value = read();
      around = before;
      return value;
    },
    fault: (at, message) => parseFault(text, at, message),
  };
}

/** The longest text that is told whole. */
const MAX_TOLD = 10;

function described({ kind, text }: Token): string {
  if (kind === 'end') return text;
  const told = JSON.stringify(text.slice(0, MAX_TOLD)) + (text.length > MAX_TOLD ? '...' : '');
  if (kind === 'mark') return OPERATOR_MARKS.has(text) ? `<op:${text}>` : told;
  if (kind !== 'word') return `${kind} ${told}`;
  const type = wordType(text);
  if (type === 'name' || type === 'number') return `${type === 'name' ? 'identifier' : type} ${told}`;
  return type === 'keyword' ? `<${text}>` : `<${type}:${text}>`;
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
  if (kind !== 'word' || wordType(text) !== 'number') return undefined;
  return text.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
}

/** A number with a sign in front or none. */
export function takeSignedNumber(cursor: Cursor, place: Expectation): number {
  const sign = cursor.accept('-') ? -1 : 1;
  if (sign === 1) cursor.accept('+');
  const value = takeNumber(cursor);
  return value === undefined ? cursor.unexpected(place) : sign * value;
}

/** A string literal, unquoted. */
export function takeString(cursor: Cursor, place?: Expectation): string {
  const token = cursor.peek();
  if (token.kind !== 'string') return cursor.unexpected(place);
  const value = unquote(token.text);
  if (value === undefined) throw cursor.fault(token.from, `error unquoting string ${token.text}`);
  cursor.next();
  return value;
}
