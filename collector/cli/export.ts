import { createWriteStream, renameSync, rmSync, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseDurationMs } from '../../config/model/duration.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { METRIC_NAME, without } from '../../config/model/labels.ts';
import { dataFolder } from '../../config/runtime/program.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { askControl, CONTROL_SOCKET } from '../control.ts';
import type { PagedSeries, SamplePage } from '../sample-pages.ts';
import type { Command } from './command.ts';
import { parseOptions } from './options.ts';

const HOUR_MS = 3_600_000;
const LONGEST_PAGE_MS = 24 * HOUR_MS;
const SHORTEST_PAGE_MS = 1_000;

/** Samples of series into a file that other programs read. */
export const exportSamples: Command = {
  name: 'export',
  usage: 'SELECTOR --from TIME [--to TIME] [--format csv|parquet] [--out FILE] [--data DIR]',
  summary:
    'writes samples of a collector that runs, old and new; TIME is a date (2026-11-01, 2026-11-01T08:00:00+08:00) or so long ago (7d)',
  async run(args) {
    const text = { type: 'string' } as const;
    const options = { from: text, to: text, format: text, out: text, data: text };
    const { values, positionals } = parseOptions(args, options, true);
    const [selector, ...more] = positionals;
    if (selector === undefined || more.length > 0)
      throw invalid('Name one selector, such as \'ups_load_ratio{device="ups-a"}\'.');
    const nowMs = systemClock.nowMs();
    const fromMs = timeOf('--from', values.from, nowMs);
    const toMs = values.to === undefined ? nowMs : timeOf('--to', values.to, nowMs);
    if (toMs <= fromMs) throw invalid('--to must be after --from.');
    const format = formatOf(values.format);
    const out = values.out ?? `samples.${format}`;
    const socket = join(dataFolder(values.data), CONTROL_SOCKET);
    const samples = await write({ socket, selector, fromMs, toMs, out: `${out}.part` });
    if (format === 'csv') renameSync(`${out}.part`, out);
    else {
      const { csvToParquet } = await import('../series/history/csv-to-parquet.ts');
      await csvToParquet(`${out}.part`, out);
      rmSync(`${out}.part`);
    }
    process.stderr.write(`\r${samples} samples are in ${out}.\n`);
    return 0;
  },
};

function invalid(message: string): WatchkeeperError {
  return new WatchkeeperError('invalid_request', message);
}

function formatOf(text = 'csv'): 'csv' | 'parquet' {
  if (text === 'csv' || text === 'parquet') return text;
  throw invalid('--format is csv or parquet.');
}

/** A date, or how long ago. */
export function timeOf(option: string, text: string | undefined, nowMs: number): number {
  if (text === undefined) throw invalid(`Say ${option}: a date or how long ago.`);
  const agoMs = parseDurationMs(text);
  if (agoMs !== undefined) return nowMs - agoMs;
  const isDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  const atMs = isDate ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(atMs)) return atMs;
  throw invalid(`${option} ${text} is neither a date with its zone nor a duration.`);
}

interface Asked {
  readonly socket: string;
  readonly selector: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly out: string;
}

/** @returns how many samples there were. */
async function write({ socket, selector, fromMs, toMs, out }: Asked): Promise<number> {
  const file = createWriteStream(out, { mode: 0o600 });
  file.write('time,metric,labels,value\n');
  let samples = 0;
  let pageMs = LONGEST_PAGE_MS;
  for (let atMs = fromMs; atMs < toMs; ) {
    const endMs = Math.min(toMs, atMs + pageMs);
    const request = { selector, fromMs: atMs + 1, toMs: endMs };
    let page: SamplePage;
    try {
      page = (await askControl(socket, 'samples', request)) as unknown as SamplePage;
    } catch (error) {
      const isTooMuch = error instanceof WatchkeeperError && error.code === 'query_limit';
      if (!isTooMuch || pageMs <= SHORTEST_PAGE_MS) throw error;
      pageMs = Math.max(SHORTEST_PAGE_MS, Math.floor(pageMs / 4));
      continue;
    }
    for (const series of page.series) samples += await writeSeries(file, series);
    atMs = endMs;
    const share = Math.floor(((atMs - fromMs) / (toMs - fromMs)) * 100);
    process.stderr.write(`\r${share} % · ${samples} samples`);
  }
  file.end();
  await once(file, 'close');
  return samples;
}

async function writeSeries(file: WriteStream, { labels, timesMs, values }: PagedSeries): Promise<number> {
  const name = quoted(labels[METRIC_NAME] ?? '');
  const others = quoted(JSON.stringify(without(labels, METRIC_NAME)));
  const lines = timesMs.map(
    (atMs, index) => `${new Date(atMs).toISOString()},${name},${others},${values[index] ?? ''}\n`,
  );
  if (!file.write(lines.join(''))) await once(file, 'drain');
  return lines.length;
}

/** As RFC 4180 has it. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
