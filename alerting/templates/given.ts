import type { Labels } from '../../config/model/labels.ts';
import { labelsValue, type FunctionScope } from './functions.ts';
import type { Value, ValueMap } from './value.ts';

/** What the templates of one alert instance speak of. */
export interface TemplateData extends FunctionScope {
  /** Of the expression's element, with `__name__` if it has one. */
  readonly labels: Labels;
  readonly value: number;
  readonly externalLabels: Labels;
}

/** The variables that every template may name without declaring them; `$`, which is all data, is one more. */
export const GIVEN = ['$labels', '$value', '$externalLabels', '$externalURL'] as const;

/** Their values. Each is made when it is asked for: most templates ask for a label and the value alone. */
export class Given {
  readonly #data: TemplateData;
  #labels: ValueMap | undefined;

  constructor(data: TemplateData) {
    this.#data = data;
  }

  read(name: string): Value {
    switch (name) {
      case '$labels':
        return (this.#labels ??= labelsValue(this.#data.labels));
      case '$value':
        return this.#data.value;
      case '$externalLabels':
        return labelsValue(this.#data.externalLabels);
      case '$externalURL':
        return this.#data.externalUrl;
      case '$':
        return this.all();
      default:
        return undefined;
    }
  }

  /** What `.` stands for in a whole template. */
  all(): Value {
    return new Map([
      ['Labels', this.read('$labels')],
      ['Value', this.read('$value')],
      ['ExternalLabels', this.read('$externalLabels')],
      ['ExternalURL', this.read('$externalURL')],
    ]);
  }
}
