import type { Labels } from '../../config/model/labels.ts';
import type { PageBytes } from './bytes.ts';

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

/** Something that has series on the page. */
export interface PageSource {
  /** Hands over its lines, metric by metric. */
  write(append: Append): void;
}

/** Lines that stay as they are. */
export function fixedLines(text: string): Lines {
  const bytes = Buffer.from(text);
  return { write: (page) => page.raw(bytes) };
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
