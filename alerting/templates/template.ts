import { execute } from './execute.ts';
import { FUNCTIONS } from './functions.ts';
import { Given, GIVEN, type TemplateData } from './given.ts';
import { parse } from './parse.ts';
import { reachOf } from './reach.ts';

/** A template that was parsed; without actions it is its text. */
export interface Template {
  readonly source: string;
  /** It has no actions: it is the same for everybody. */
  readonly isPlain: boolean;
  /** It speaks of nothing but labels and value of its element: for equal ones it is the same at any time. */
  readonly isSteady: boolean;
  /** It may speak of the value of its element: for equal labels it is another text with another value. */
  readonly tellsValue: boolean;
  /** @throws {TemplateFailure} */
  expand(data: TemplateData): string;
}

const NAMES: ReadonlySet<string> = new Set([...FUNCTIONS.keys(), 'and', 'or', 'tmpl']);

/**
 * Parses a template of a rule's label or annotation.
 * @throws {TemplateSyntaxError}
 */
export function parseTemplate(source: string): Template {
  if (!source.includes('{{'))
    return { source, isPlain: true, isSteady: true, tellsValue: false, expand: () => source };
  const parsed = parse(source, { functions: NAMES, variables: GIVEN });
  const { isBeyond, isValue } = reachOf(parsed);
  return {
    source,
    isPlain: false,
    isSteady: !isBeyond,
    tellsValue: isValue,
    expand: (data) => execute(parsed, new Given(data), data),
  };
}
