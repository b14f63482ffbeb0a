import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScraper, type Scraper } from '../../../../collector/ingest/scraper.ts';
import type { TargetHealth } from '../../../../collector/ingest/target.ts';
import { createHead, type Head } from '../../../../collector/series/head.ts';
import { eventually } from '../../../support/eventually.ts';
import { manualClock, type ManualClock } from '../../../support/manual-clock.ts';
import { startPageServer, type PageServer } from '../../../support/page-server.ts';
import { formatSeries, metric } from '../../../support/samples.ts';
import { silentLog } from '../../../support/silent-log.ts';

const INTERVAL_MS = 5_000;

let server: PageServer;
let clock: ManualClock;
let head: Head;
let scraped: TargetHealth[];
let scraper: Scraper;

beforeEach(async () => {
  server = await startPageServer('a 1\n');
  clock = manualClock();
  head = createHead();
  scraped = [];
  scraper = createScraper({ head, clock, log: silentLog(), onScraped: (health) => scraped.push(health) });
});

afterEach(async () => {
  await scraper.setTargets([], INTERVAL_MS);
  await server.stop();
});

async function scrapes(count: number): Promise<void> {
  for (const wanted = scraped.length + count; scraped.length < wanted; ) {
    const before = scraped.length;
    await clock.advance(INTERVAL_MS);
    await eventually(() => expect(scraped.length).toBeGreaterThan(before));
  }
}

const local = () => ({ job: 'agent', instance: 'local', url: server.url });

describe('the scraper', () => {
  it('scrapes once in each interval, always at the same place in it', async () => {
    await scraper.setTargets([local()], INTERVAL_MS);
    await scrapes(3);
    const timesMs = scraped.map(({ lastScrapeAtMs = 0 }) => lastScrapeAtMs);
    expect(timesMs.map((atMs) => atMs - (timesMs[0] ?? 0))).toEqual([0, 5_000, 10_000]);
    expect(server.requests).toBe(3);
  });

  it('spreads targets over the interval', async () => {
    const targets = ['a', 'b', 'c', 'd'].map((instance) => ({ ...local(), instance }));
    await scraper.setTargets(targets, INTERVAL_MS);
    await clock.advance(INTERVAL_MS);
    await eventually(() => expect(scraped).toHaveLength(4));
    expect(new Set(scraped.map(({ lastScrapeAtMs }) => lastScrapeAtMs)).size).toBe(4);
  });

  it('goes on when a target fails', async () => {
    await scraper.setTargets([local()], INTERVAL_MS);
    server.answer = (response) => response.destroy();
    await scrapes(1);
    server.answer = undefined;
    await scrapes(1);
    expect(scraped.map(({ isUp }) => isUp)).toEqual([false, true]);
  });

  it('keeps a target that stays and ends one that goes', async () => {
    await scraper.setTargets([local(), { ...local(), instance: 'other' }], INTERVAL_MS);
    await clock.advance(INTERVAL_MS);
    await eventually(() => expect(scraped).toHaveLength(2));
    await scraper.setTargets([local()], INTERVAL_MS);
    expect(scraper.health().map(({ config, isUp }) => [config.instance, isUp])).toEqual([['local', true]]);
    const [kept, ended] = formatSeries(head, metric('a'));
    expect(kept).not.toContain('stale');
    expect(ended).toContain('stale');
  });

  it('asks nobody any more once it has no targets', async () => {
    await scraper.setTargets([local()], INTERVAL_MS);
    await scrapes(1);
    await scraper.setTargets([], INTERVAL_MS);
    await clock.advance(4 * INTERVAL_MS);
    expect(server.requests).toBe(1);
  });
});
