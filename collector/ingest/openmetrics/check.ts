import { Family, isFamilyType } from './family.ts';
import { METRIC_ONLY, readSample } from './line.ts';

/** What is wrong with a page, and where. */
export interface PageFault {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/**
 * Reads a page strictly by OpenMetrics 1.0: what the format forbids is a fault, although the scraper takes most of it.
 * @returns the first fault, or nothing.
 */
export function checkOpenMetrics(text: string): PageFault | undefined {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const checker = new Checker();
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    const message = (line === '# EOF') === isLast ? checker.take(line) : endFault(isLast);
    if (message !== undefined) return { line: index + 1, message };
  }
  return lines.length === 0 ? { line: 1, message: endFault(true) } : undefined;
}

function endFault(isLast: boolean): string {
  return isLast ? 'the page must end in "# EOF"' : 'there is something after "# EOF"';
}

class Checker {
  readonly #claimed = new Set<string>();
  #family: Family | undefined;

  take(line: string): string | undefined {
    if (line === '# EOF') return this.#finish();
    return line.startsWith('#') ? this.#takeMetadata(line) : this.#takeSample(line);
  }

  #takeMetadata(line: string): string | undefined {
    const [, word = '', name = '', rest] = /^# (HELP|TYPE|UNIT) (\S+) (.*)$/s.exec(line) ?? [];
    if (rest === undefined)
      return 'only "# HELP NAME TEXT", "# TYPE NAME TYPE", "# UNIT NAME UNIT" may begin like this';
    if (!METRIC_ONLY.test(name)) return `${name} is no name of a metric`;
    if (this.#family?.name !== name) {
      const fault = this.#finish();
      if (fault !== undefined) return fault;
      this.#family = new Family(name);
    }
    return setMetadata(this.#family ?? new Family(name), word, rest);
  }

  #takeSample(line: string): string | undefined {
    const sample = readSample(line);
    if (typeof sample === 'string') return sample;
    if (this.#family?.names().includes(sample.name) !== true) {
      const fault = this.#finish();
      if (fault !== undefined) return fault;
      this.#family = new Family(sample.name);
    }
    return this.#family?.take(sample);
  }

  #finish(): string | undefined {
    const family = this.#family;
    if (family === undefined) return undefined;
    this.#family = undefined;
    for (const name of family.claimed()) {
      if (this.#claimed.has(name)) return `another metric is called ${name}`;
      this.#claimed.add(name);
    }
    return family.finish();
  }
}

function setMetadata(family: Family, word: string, rest: string): string | undefined {
  if (family.hasSamples) return `# ${word} stands before the samples`;
  if (word === 'TYPE') {
    if (family.type !== undefined) return 'there is a second # TYPE';
    if (!isFamilyType(rest)) return `there is no type ${JSON.stringify(rest)}`;
    family.type = rest;
    return undefined;
  }
  const field = word === 'HELP' ? 'help' : 'unit';
  if (family[field] !== undefined) return `there is a second # ${word}`;
  family[field] = rest;
  return undefined;
}
