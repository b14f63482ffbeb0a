import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTarget, DEFAULT_LIMITS, type Target } from '../../../../collector/ingest/target.ts';
import { createHead, type Head } from '../../../../collector/series/head.ts';
import { startPageServer, type PageServer } from '../../../support/page-server.ts';
import { formatSeries, metric } from '../../../support/samples.ts';

let server: PageServer;
let head: Head;
let target: Target;
const never = new AbortController().signal;

function aTarget(options: { timeoutMs?: number; limits?: Partial<typeof DEFAULT_LIMITS> } = {}): Target {
  return createTarget({
    config: { job: 'agent', instance: 'local', url: server.url },
    head,
    timeoutMs: options.timeoutMs ?? 5_000,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
  });
}

beforeEach(async () => {
  server = await startPageServer('');
  head = createHead();
  target = aTarget();
});

afterEach(async () => {
  target.leave(1_000_000);
  await server.stop();
});

describe('a scrape', () => {
  it('gives the samples the time of its slot and the labels of its target', async () => {
    server.page = 'load{device="ups-a"} 0.5\n';
    await target.scrape(5_000, never);
    server.page = 'load{device="ups-a"} 0.75\n';
    await target.scrape(10_000, never);
    expect(formatSeries(head, metric('load'))).toEqual([
      '{__name__="load",device="ups-a",instance="local",job="agent"} 0.5@5000 0.75@10000',
    ]);
  });

  it('keeps what the page itself calls job and instance under other names', async () => {
    server.page = 'a{job="x",instance="y",exported_job="z"} 1\n';
    await target.scrape(5_000, never);
    expect(formatSeries(head, metric('a'))).toEqual([
      '{__name__="a",exported_exported_job="x",exported_instance="y",exported_job="z",instance="local",job="agent"} 1@5000',
    ]);
  });

  it('takes the time that the page states, unless it lies far ahead', async () => {
    server.page = 'past 1 4000\nahead 1 900000000\n';
    await target.scrape(5_000, never);
    expect(formatSeries(head, metric('past'))[0]).toMatch(/ 1@4000$/);
    expect(formatSeries(head, metric('ahead'))).toEqual([]);
  });

  it('counts after the clock was set back, instead of what was read before', async () => {
    for (let second = 1_000; second <= 1_500; second += 5) {
      server.page = `load ${second}\n`;
      await target.scrape(second * 1_000, never);
    }
    server.page = 'load 1\n';
    await target.scrape(1_007_000, never);
    const [series] = formatSeries(head, metric('load'));
    expect(series?.split('} ')[1]).toBe('1000@1000000 1005@1005000 1@1007000');
  });

  it('tells of itself', async () => {
    server.page = 'a 1\nb 1\n';
    await target.scrape(5_000, never);
    expect(formatSeries(head, metric('up'))).toEqual(['{__name__="up",instance="local",job="agent"} 1@5000']);
    expect(formatSeries(head, metric('scrape_samples_scraped'))[0]).toMatch(/ 2@5000$/);
    expect(formatSeries(head, metric('scrape_duration_seconds'))[0]).toMatch(/ 0\.\d+@5000$/);
    expect(target.health()).toMatchObject({
      config: target.config,
      isUp: true,
      sinceMs: 5_000,
      lastScrapeAtMs: 5_000,
    });
  });

  it('reads a compressed page', async () => {
    server.answer = (response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync('a 1\n'));
    };
    await target.scrape(5_000, never);
    expect(formatSeries(head, metric('a'))[0]).toMatch(/ 1@5000$/);
  });

  it('ends a series that is no longer on the page, and takes it up again', async () => {
    server.page = 'a 1\nb 1\n';
    await target.scrape(5_000, never);
    server.page = 'b 2\n';
    await target.scrape(10_000, never);
    await target.scrape(15_000, never);
    server.page = 'a 3\nb 3\n';
    await target.scrape(20_000, never);
    expect(formatSeries(head, metric('a'))[0]).toMatch(/ 1@5000 stale@10000 3@20000$/);
    expect(formatSeries(head, metric('b'))[0]).toMatch(/ 1@5000 2@10000 2@15000 3@20000$/);
  });

  it('does not end a series that states its own times', async () => {
    server.page = 'a 1 4000\n';
    await target.scrape(5_000, never);
    server.page = '';
    await target.scrape(10_000, never);
    expect(formatSeries(head, metric('a'))[0]).toMatch(/ 1@4000$/);
  });

  it('goes on with a series that the head has dropped in between', async () => {
    server.page = 'a 1\n';
    await target.scrape(5_000, never);
    head.dropBefore(6_000);
    await target.scrape(10_000, never);
    expect(formatSeries(head, metric('a'))[0]).toMatch(/"agent"} 1@10000$/);
  });
});

describe('a scrape that fails', () => {
  beforeEach(async () => {
    server.page = 'a 1\n';
    await target.scrape(5_000, never);
  });

  it.each<[string, (page: PageServer) => void, RegExp]>([
    ['the page is broken', (page) => void (page.page = 'a 2\nb'), /line 2: there is no value/],
    [
      'the answer is an error',
      (page) => void (page.answer = (r) => r.writeHead(503).end('a 2')),
      /answered 503/,
    ],
    ['the connection breaks', (page) => void (page.answer = (r) => r.destroy()), /could not be read/],
    [
      'the page breaks off',
      (page) =>
        void (page.answer = (r) => r.writeHead(200, { 'content-length': 99 }).write('a', () => r.destroy())),
      /could not be read/,
    ],
    [
      'the compression is none',
      (page) => void (page.answer = (r) => r.setHeader('content-encoding', 'gzip').end('a 2\n')),
      /could not be read/,
    ],
  ])('because %s: up is 0, its series end, the error is told', async (_, harm, error) => {
    harm(server);
    await target.scrape(10_000, never);
    expect(formatSeries(head, metric('a'))[0]).toMatch(/ 1@5000 stale@10000$/);
    expect(formatSeries(head, metric('up'))[0]).toMatch(/ 1@5000 0@10000$/);
    expect(target.health()).toMatchObject({ isUp: false, sinceMs: 10_000 });
    expect(target.health().lastError).toMatch(error);
  });

  it('keeps the instant since when it is so, and is forgotten by the next good one', async () => {
    server.answer = (response) => response.writeHead(500).end();
    await target.scrape(10_000, never);
    await target.scrape(15_000, never);
    expect(target.health()).toMatchObject({ isUp: false, sinceMs: 10_000, lastScrapeAtMs: 15_000 });
    server.answer = undefined;
    await target.scrape(20_000, never);
    expect(target.health()).toMatchObject({
      config: target.config,
      isUp: true,
      sinceMs: 20_000,
      lastScrapeAtMs: 20_000,
    });
    expect(formatSeries(head, metric('a'))[0]).toMatch(/ 1@5000 stale@10000 1@20000$/);
  });

  it('has an end when the target never answers', async () => {
    const impatient = aTarget({ timeoutMs: 50 });
    server.answer = () => undefined;
    await impatient.scrape(10_000, never);
    expect(impatient.health().lastError).toMatch(/timeout/);
    impatient.leave(11_000);
  });

  it('is nothing of the target when the collector itself stops', async () => {
    const ending = new AbortController();
    server.answer = () => ending.abort();
    await target.scrape(10_000, ending.signal);
    expect(target.health()).toMatchObject({ isUp: true, lastScrapeAtMs: 5_000 });
    expect(formatSeries(head, metric('a'))[0]).toMatch(/ 1@5000$/);
  });
});

describe('a page that wants too much', () => {
  it.each<[string, string, Partial<typeof DEFAULT_LIMITS>, RegExp]>([
    ['too large', `a 1\n#${'x'.repeat(2_000)}`, { maxBytes: 1_000 }, /larger than 1000 bytes/],
    ['too many samples', 'a 1\nb 1\nc 1', { maxSamples: 2 }, /more than 2 samples/],
    ['too many labels', 'a{b="1",c="1"} 1', { maxLabels: 2 }, /more than 2 labels/],
    ['a label too long', 'a{b="12345678"} 1', { maxLabelChars: 7 }, /longer than 7/],
  ])('%s: is refused whole', async (_, page, limits, error) => {
    server.page = page;
    const careful = aTarget({ limits });
    await careful.scrape(5_000, never);
    expect(careful.health().lastError).toMatch(error);
    expect(formatSeries(head, metric('a'))).toEqual([]);
    careful.leave(6_000);
  });

  it('small when compressed: is refused all the same', async () => {
    server.answer = (response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(5_000_000, '#')));
    };
    const careful = aTarget({ limits: { maxBytes: 100_000 } });
    await careful.scrape(5_000, never);
    expect(careful.health().isUp).toBe(false);
    careful.leave(6_000);
  });
});

it('a target that is left ends all its series', async () => {
  server.page = 'a 1\n';
  await target.scrape(5_000, never);
  target.leave(7_000);
  expect(formatSeries(head, metric('a'))[0]).toMatch(/ stale@7000$/);
  expect(formatSeries(head, metric('up'))[0]).toMatch(/ stale@7000$/);
});
