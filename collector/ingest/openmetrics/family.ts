import { checkHistogram } from './histogram.ts';
import { numberOf, type OpenSample } from './line.ts';

/** What follows a family's name in the names of its samples, by its type. */
const SUFFIXES = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_count', '_sum', '_bucket', '_created'],
  gaugehistogram: ['_gcount', '_gsum', '_bucket'],
  summary: ['_count', '_sum', '', '_created'],
  info: ['_info'],
  stateset: [''],
  unknown: [''],
} as const satisfies Record<string, readonly string[]>;

export type FamilyType = keyof typeof SUFFIXES;

export function isFamilyType(text: string): text is FamilyType {
  return Object.hasOwn(SUFFIXES, text);
}

/** Those that only grow, or count what is there. */
const COUNTED = new Set(['_total', '_sum', '_count', '_bucket', '_gcount']);
const NEVER_NAN = new Set([...COUNTED, '_gsum']);
const WHOLE = new Set(['_count', '_bucket', '_gcount']);

/** A metric family while its lines are read. Methods answer in words what is wrong, or nothing. */
export class Family {
  readonly name: string;
  type: FamilyType | undefined;
  help: string | undefined;
  unit: string | undefined;
  readonly #samples: OpenSample[] = [];
  readonly #groups = new Set<string>();
  #group: string | undefined;
  #groupAtSeconds: number | undefined;

  constructor(name: string) {
    this.name = name;
  }

  get hasSamples(): boolean {
    return this.#samples.length > 0;
  }

  get #known(): FamilyType {
    return this.type ?? 'unknown';
  }

  /** The names that belong to it. */
  names(): readonly string[] {
    return SUFFIXES[this.#known].map((suffix) => this.name + suffix);
  }

  /** The samples' names and its own: no other family may have one of them. */
  claimed(): readonly string[] {
    return [...new Set([this.name, ...this.names()])];
  }

  take(sample: OpenSample): string | undefined {
    const suffix = sample.name.slice(this.name.length);
    return (
      this.#labelFault(sample, suffix) ??
      this.#valueFault(sample, suffix) ??
      this.#exemplarFault(sample, suffix) ??
      this.#groupFault(sample) ??
      void this.#samples.push(sample)
    );
  }

  /** What can be said when all of it was read. */
  finish(): string | undefined {
    const { unit = '' } = this;
    if (unit !== '' && !this.name.endsWith(`_${unit}`))
      return `${this.name} does not end in its unit ${unit}`;
    if (unit !== '' && (this.type === 'info' || this.type === 'stateset')) return `${this.type} has no unit`;
    if (this.type !== 'histogram' && this.type !== 'gaugehistogram') return undefined;
    return checkHistogram(this.#samples, this.name, (sample) => this.#groupOf(sample));
  }

  #labelFault({ name, labels }: OpenSample, suffix: string): string | undefined {
    if (this.type === 'stateset')
      return labels.has(this.name) ? undefined : `the label ${this.name} is missing`;
    if (suffix === '_bucket' && this.#isHistogram()) return boundFault(labels.get('le') ?? '');
    return this.type === 'summary' && name === this.name
      ? quantileFault(labels.get('quantile') ?? '')
      : undefined;
  }

  #valueFault({ name, value }: OpenSample, suffix: string): string | undefined {
    if (this.type === 'info') return value === 1 ? undefined : 'an info is 1';
    if (this.type === 'stateset') return value === 0 || value === 1 ? undefined : 'a state is 0 or 1';
    if (this.type === 'summary' && name === this.name && value < 0) return 'a quantile cannot be negative';
    return this.#known === 'unknown' ? undefined : countFault(suffix, value);
  }

  #exemplarFault({ hasExemplar }: OpenSample, suffix: string): string | undefined {
    if (!hasExemplar) return undefined;
    const isAllowed =
      suffix === '_bucket' ? this.#isHistogram() : suffix === '_total' && this.type === 'counter';
    return isAllowed ? undefined : 'only buckets and totals have exemplars';
  }

  /** Samples of one group stand together, their times do not go back. */
  #groupFault(sample: OpenSample): string | undefined {
    const group = this.#groupOf(sample);
    const { atSeconds } = sample;
    if (group === this.#group) {
      if ((atSeconds === undefined) !== (this.#groupAtSeconds === undefined))
        return 'some of these have a time, some none';
      if (this.type !== 'info' && (atSeconds ?? 0) < (this.#groupAtSeconds ?? 0)) return 'the times go back';
    } else if (this.#groups.has(group)) return 'the lines of this group do not stand together';
    this.#group = group;
    this.#groupAtSeconds = atSeconds;
    this.#groups.add(group);
    return undefined;
  }

  #groupOf({ name, labels }: OpenSample): string {
    if (this.type === 'info') return '';
    const own = new Map(labels);
    if (this.type === 'stateset') own.delete(this.name);
    if (this.#isHistogram() && name.endsWith('_bucket')) own.delete('le');
    if (this.type === 'summary' && name === this.name) own.delete('quantile');
    return JSON.stringify([...own].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #isHistogram(): boolean {
    return this.type === 'histogram' || this.type === 'gaugehistogram';
  }
}

function quantileFault(text: string): string | undefined {
  const quantile = numberOf(text);
  return quantile >= 0 && quantile <= 1 ? undefined : 'quantile must be 0 to 1';
}

function boundFault(le: string): string | undefined {
  const bound = numberOf(le);
  return Number.isNaN(bound) || (bound === Number.POSITIVE_INFINITY && le !== '+Inf')
    ? 'le is no bound'
    : undefined;
}

function countFault(suffix: string, value: number): string | undefined {
  if (NEVER_NAN.has(suffix) && Number.isNaN(value)) return 'what is counted cannot be NaN';
  if (COUNTED.has(suffix) && value < 0) return 'what is counted cannot be negative';
  return WHOLE.has(suffix) && !Number.isInteger(value) ? 'a count is a whole number' : undefined;
}
