import { TemplateSyntaxError, type Piece, type Token } from './lex.ts';

/** Reads the tokens of one action. */
export interface Action {
  /** How many brackets are open. */
  depth: number;
  peek(): Token | undefined;
  /** The tokens that follow, without the spaces. */
  ahead(): readonly Token[];
  take(): Token;
  takeIf(symbol: string): boolean;
  /** The name of a field that follows without a space. */
  takeField(): string | undefined;
  expectEnd(): void;
  fault(message: string): TemplateSyntaxError;
}

export function actionOf({ tokens, line }: Extract<Piece, { kind: 'action' }>): Action {
  let index = 0;
  const skipSpaces = (): void => {
    while (tokens[index]?.kind === 'space') index += 1;
  };
  const fault = (message: string): TemplateSyntaxError => new TemplateSyntaxError(message, line);
  const peek = (): Token | undefined => {
    skipSpaces();
    return tokens[index];
  };
  const take = (): Token => {
    const token = peek();
    if (token === undefined) throw fault('an action ends too soon');
    index += 1;
    return token;
  };
  return {
    depth: 0,
    peek,
    ahead: () => tokens.slice(index).filter(({ kind }) => kind !== 'space'),
    take,
    takeIf(symbol) {
      if (peek()?.text !== symbol) return false;
      index += 1;
      return true;
    },
    takeField() {
      const token = tokens[index];
      if (token?.kind !== 'field') return undefined;
      index += 1;
      return token.text.slice(1);
    },
    expectEnd() {
      const token = peek();
      if (token !== undefined) throw fault(`${JSON.stringify(token.text)} is not expected here`);
    },
    fault,
  };
}
