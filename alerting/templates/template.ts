import type { Labels } from '../../config/model/labels.ts';
import { execute } from './execute.ts';
import { FUNCTIONS, labelsValue, type FunctionScope } from './functions.ts';
import { parse } from './parse.ts';
import { reachOf } from './reach.ts';
import { type Value } from './value.ts';

/** What the templates of one alert instance speak of. */
export interface TemplateData extends FunctionScope {
  /** Of the expression's element, with `__name__` if it has one. */
  readonly labels: Labels;
  readonly value: number;
  readonly externalLabels: Labels;
}

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

const VARIABLES = ['$labels', '$value', '$externalLabels', '$externalURL'] as const;
const NAMES: ReadonlySet<string> = new Set([...FUNCTIONS.keys(), 'and', 'or', 'tmpl']);

/**
 * Parses a template of a rule's label or annotation.
 * @throws {TemplateSyntaxError}
 */
export function parseTemplate(source: string): Template {
  if (!source.includes('{{'))
    return { source, isPlain: true, isSteady: true, tellsValue: false, expand: () => source };
  const parsed = parse(source, { functions: NAMES, variables: VARIABLES });
  const { isBeyond, isValue } = reachOf(parsed);
  return {
    source,
    isPlain: false,
    isSteady: !isBeyond,
    tellsValue: isValue,
    expand(data) {
      const variables: Record<(typeof VARIABLES)[number], Value> = {
        $labels: labelsValue(data.labels),
        $value: data.value,
        $externalLabels: labelsValue(data.externalLabels),
        $externalURL: data.externalUrl,
      };
      const dot = new Map<string, Value>([
        ['Labels', variables.$labels],
        ['Value', variables.$value],
        ['ExternalLabels', variables.$externalLabels],
        ['ExternalURL', variables.$externalURL],
      ]);
      return execute(parsed, dot, variables, data);
    },
  };
}
