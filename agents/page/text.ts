import type { Labels } from '../../config/model/labels.ts';
import type { PageBytes } from './bytes.ts';
import type { Block } from './readings.ts';

/** What a page says of a family of series. */
export interface Family {
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly help: string;
}

/** Lines of one metric, each ended, of one source. */
export interface Lines {
  write(page: PageBytes): void;
}

/** Takes the lines of a metric. They are written later, but before anything else runs. */
export type Append = (metric: string, lines: Lines) => void;

/** Takes all series of a device at once; they are written later, but before anything else runs. */
export type AppendBlock = (block: Block) => void;

/** Something that has series on the page. */
export interface PageSource {
  /** Hands over its lines: metric by metric, or those of a device as a block. */
  write(append: Append, appendBlock: AppendBlock): void;
}

/** Lines that stay as they are. */
export function fixedLines(text: string): Lines {
  return new FixedLines(text);
}

/** A class, for a thousand devices have thousands of them. */
class FixedLines implements Lines {
  readonly #bytes: Uint8Array;

  constructor(text: string) {
    this.#bytes = Buffer.from(text);
  }

  write(page: PageBytes): void {
    page.raw(this.#bytes);
  }
}

/** What stands before a series' value: its name and labels; written once for as long as the series lives. */
export function linePrefix(metric: string, labels: Labels): string {
  const pairs = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? `${metric} ` : `${metric}{${pairs.join(',')}} `;
}

/** A label's value as it stands between quotes. */
export function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

/** A number as the format wants it. */
export function formatValue(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
