/** A piece of a template: plain text, or the inside of `{{ … }}` as tokens. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly tokens: readonly Token[]; readonly line: number };

export interface Token {
  readonly kind: 'word' | 'field' | 'variable' | 'string' | 'number' | 'symbol' | 'space';
  readonly text: string;
}

/** A template that cannot be read; the message says where. */
export class TemplateSyntaxError extends Error {
  constructor(message: string, line: number) {
    super(`line ${line} of the template: ${message}`);
    this.name = 'TemplateSyntaxError';
  }
}

/** `word`s are keywords, functions and `nil`; a `field` has its dot, a `variable` its `$`. */
const TOKEN =
  /(?<space>\s+)|(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+')|(?<variable>\$\w*)|(?<number>[+-]?(?:0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?))|(?<field>\.[A-Za-z_]\w*)|(?<word>[A-Za-z_]\w*)|(?<symbol>:=|[=|(),.])/y;

const CLOSE = /(\s+-)?\}\}/y;

/**
 * Splits a template as Go's text/template does, with the white space already trimmed where `{{-` and `-}}` ask for it.
 * @throws {TemplateSyntaxError}
 */
export function lex(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  let trimsNext = false;
  const addText = (text: string, trimsEnd: boolean): void => {
    const started = trimsNext ? text.trimStart() : text;
    const trimmed = trimsEnd ? started.trimEnd() : started;
    if (trimmed !== '') pieces.push({ kind: 'text', text: trimmed });
  };
  for (;;) {
    const open = template.indexOf('{{', position);
    if (open < 0) break;
    const trimsBefore = /^-\s/.test(template.slice(open + 2, open + 4));
    addText(template.slice(position, open), trimsBefore);
    const start = open + (trimsBefore ? 3 : 2);
    const action = readAction(template, start);
    if (action.tokens.length > 0) pieces.push({ kind: 'action', ...action });
    trimsNext = action.trimsAfter;
    position = action.end;
  }
  addText(template.slice(position), false);
  return pieces;
}

interface Action {
  readonly tokens: readonly Token[];
  readonly line: number;
  readonly end: number;
  readonly trimsAfter: boolean;
}

function readAction(template: string, start: number): Action {
  const line = lineAt(template, start);
  const comment = /^\s*\/\*[\s\S]*?\*\/(\s+-)?\}\}/.exec(template.slice(start));
  if (comment !== null) {
    return { tokens: [], line, end: start + comment[0].length, trimsAfter: comment[1] !== undefined };
  }
  const tokens: Token[] = [];
  let position = start;
  for (;;) {
    CLOSE.lastIndex = position;
    const close = CLOSE.exec(template);
    if (close !== null) {
      if (tokens.every(({ kind }) => kind === 'space')) {
        throw new TemplateSyntaxError('an action is empty', line);
      }
      return { tokens, line, end: CLOSE.lastIndex, trimsAfter: close[1] !== undefined };
    }
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(template);
    if (match === null) throw unreadable(template, position);
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0];
    tokens.push({ kind: kind as Token['kind'], text: match[0] });
    position = TOKEN.lastIndex;
  }
}

function unreadable(template: string, position: number): TemplateSyntaxError {
  const line = lineAt(template, position);
  if (position >= template.length || !template.includes('}}', position)) {
    return new TemplateSyntaxError('an action {{ has no end }}', line);
  }
  const character = template[position] ?? '';
  return new TemplateSyntaxError(
    /["'`]/.test(character)
      ? 'a quoted text has no end'
      : `${JSON.stringify(character)} is not expected here`,
    line,
  );
}

function lineAt(template: string, position: number): number {
  return template.slice(0, position).split('\n').length;
}
