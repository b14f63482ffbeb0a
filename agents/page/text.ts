import type { Labels } from '../../config/model/labels.ts';

/** The text format of Prometheus, version 0.0.4. */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** What a page says of a family of series. */
export interface Family {
  readonly type: 'gauge' | 'counter';
  readonly help: string;
}

/** Takes lines of a metric, each ended. */
export type Append = (metric: string, lines: string) => void;

/** Something that has series on the page. */
export interface PageSource {
  /** Hands over its lines, metric by metric. */
  write(append: Append): void;
}

/**
 * The page: each metric of the catalogue that any source has, with its head once and the series of all sources below
 * it, as the format wants.
 */
export function writePage(families: ReadonlyMap<string, Family>, sources: readonly PageSource[]): string {
  const byMetric = new Map<string, string>();
  const append: Append = (metric, lines) => {
    byMetric.set(metric, (byMetric.get(metric) ?? '') + lines);
  };
  for (const source of sources) source.write(append);
  let page = '';
  for (const [metric, { type, help }] of families) {
    const lines = byMetric.get(metric) ?? '';
    if (lines !== '') page += `# HELP ${metric} ${escapeHelp(help)}\n# TYPE ${metric} ${type}\n${lines}`;
  }
  return page;
}

/** What stands before a series' value: its name and labels; written once for as long as the series lives. */
export function linePrefix(metric: string, labels: Labels): string {
  const pairs = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? `${metric} ` : `${metric}{${pairs.join(',')}} `;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** A number as the format wants it. */
export function formatValue(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
