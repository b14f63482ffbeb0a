import { PageBytes } from './bytes.ts';
import { writeLines, type Block, type Pattern } from './readings.ts';
import type { Append, AppendBlock, Family, Lines, PageSource } from './text.ts';

/** The text format of Prometheus, version 0.0.4, and OpenMetrics 1.0. */
export type PageFormat = 'text' | 'openMetrics';

export const CONTENT_TYPES: Readonly<Record<PageFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openMetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** A page, part by part: a part is written when it is asked for, and holds until the next one is. */
export type Page = Iterable<Uint8Array>;

export interface PageWriter {
  /**
   * The page: each family that any source has, with its head once and the series of all sources below it, as both formats want. Its
   * values are those of the moment when its first part is asked for, if no reader takes longer than two polls.
   */
  write(sources: readonly PageSource[], format: PageFormat): Page;
}

export function createPageWriter(families: ReadonlyMap<string, Family>): PageWriter {
  const heads = [...families].map(([metric, family]) => ({
    metric,
    text: headOf(metric, family, 'text'),
    openMetrics: headOf(metric, family, 'openMetrics'),
  }));
  const end = Buffer.from('# EOF\n');
  return {
    *write(sources, format) {
      const bytes = new PageBytes();
      const offers = offersOf(sources);
      for (const head of heads) yield* writeFamily(bytes, head.metric, head[format], offers);
      if (format === 'openMetrics') bytes.raw(end);
      yield bytes.written;
    },
  };
}

/** What the sources have for a page. */
interface Offers {
  readonly lines: ReadonlyMap<string, readonly Lines[]>;
  /** Devices of one plan stand together: what is common to them is then at hand from line to line. */
  readonly blocks: ReadonlyMap<Pattern, readonly Block[]>;
}

function offersOf(sources: readonly PageSource[]): Offers {
  const lines = new Map<string, Lines[]>();
  const blocks = new Map<Pattern, Block[]>();
  const append: Append = (metric, more) => add(lines, metric, more);
  const appendBlock: AppendBlock = (block) => add(blocks, block.pattern, block);
  for (const source of sources) source.write(append, appendBlock);
  return { lines, blocks };
}

function add<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Writes a family, and gives each part that is full. A head without series says nothing. */
function* writeFamily(
  bytes: PageBytes,
  metric: string,
  head: Uint8Array,
  { lines, blocks }: Offers,
): Generator<Uint8Array, void> {
  if (bytes.isFull) yield* fullPart(bytes);
  const before = bytes.length;
  bytes.raw(head);
  const empty = bytes.length;
  let isSent = false;
  for (const some of lines.get(metric) ?? NO_LINES) {
    some.write(bytes);
    if (!bytes.isFull) continue;
    yield* fullPart(bytes);
    isSent = true;
  }
  for (const [pattern, devices] of blocks) {
    const own = pattern.get(metric);
    if (own === undefined) continue;
    for (let next = writeLines(bytes, own, devices, 0); next < devices.length; ) {
      yield* fullPart(bytes);
      isSent = true;
      next = writeLines(bytes, own, devices, next);
    }
  }
  if (!isSent && bytes.length === empty) bytes.cutBack(before);
}

function* fullPart(bytes: PageBytes): Generator<Uint8Array, void> {
  yield bytes.written;
  bytes.clear();
}

const NO_LINES: readonly Lines[] = [];

function headOf(metric: string, { type, help }: Family, format: PageFormat): Uint8Array {
  // OpenMetrics names a family of counters without what their series end with, and escapes quotes.
  const name = format === 'openMetrics' && type === 'counter' ? metric.replace(/_total$/, '') : metric;
  const plain = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  const text = format === 'openMetrics' ? plain.replaceAll('"', '\\"') : plain;
  return Buffer.from(`# HELP ${name} ${text}\n# TYPE ${name} ${type}\n`);
}

/** The format that who asks likes best, by the quality values of its `Accept` (RFC 9110); text where it does not say. */
export function formatFor(accept: string | undefined): PageFormat {
  let best: { format: PageFormat; quality: number } = { format: 'text', quality: 0 };
  for (const part of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const format = formatOf(type, parameters);
    const quality = qualityOf(parameters);
    if (format !== undefined && quality > best.quality) best = { format, quality };
  }
  return best.format;
}

function formatOf(type: string, parameters: readonly string[]): PageFormat | undefined {
  if (type === 'application/openmetrics-text') {
    const version = parameters.find((parameter) => parameter.startsWith('version='));
    return version === undefined || version === 'version=1.0.0' ? 'openMetrics' : undefined;
  }
  return ['text/plain', 'text/*', '*/*'].includes(type) ? 'text' : undefined;
}

function qualityOf(parameters: readonly string[]): number {
  const text = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const quality = text === undefined ? 1 : Number(text);
  return quality >= 0 && quality <= 1 ? quality : 0;
}
