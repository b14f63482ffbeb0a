import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTarget } from '../../../../collector/ingest/target.ts';
import { createHead } from '../../../../collector/series/head.ts';
import { Secret } from '../../../../config/runtime/secret.ts';
import type { ScrapePage } from '../../../../config/scrape.ts';
import { formatSeries, metric } from '../../../support/samples.ts';

const PAGE: Omit<ScrapePage, 'url'> = {
  job: 'node',
  instance: 'a:9100',
  labels: {},
  honorsLabels: false,
  honorsTimes: true,
  limits: {},
};

/** Scrapes a page once, as its settings say. */
async function scraped(body: string, settings: Partial<ScrapePage> = {}, type = 'text/plain') {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    response.setHeader('content-type', type);
    response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  const head = createHead();
  const page = { ...PAGE, url, ...settings };
  const { job, instance } = page;
  const target = createTarget({ config: { job, instance, url, page }, head, timeoutMs: 5_000 });
  await target.scrape(60_000, new AbortController().signal);
  onTestFinished(() => target.leave(70_000));
  return { head, asked, health: target.health() };
}

describe('the page of another program', () => {
  it('is asked with its authorization', async () => {
    const { asked } = await scraped('a 1\n', { authorization: new Secret('Bearer t') });
    expect(asked).toEqual(['Bearer t']);
  });

  it('gives way with its labels, or does not, as its settings say', async () => {
    const text = 'a{job="own",site="x"} 1\n';
    const labels = { site: 'main' };
    expect(formatSeries((await scraped(text, { labels })).head, metric('a'))).toEqual([
      '{__name__="a",exported_job="own",exported_site="x",instance="a:9100",job="node",site="main"} 1@60000',
    ]);
    expect(formatSeries((await scraped(text, { labels, honorsLabels: true })).head, metric('a'))).toEqual([
      '{__name__="a",instance="a:9100",job="own",site="x"} 1@60000',
    ]);
  });

  it('states times that count, or do not, as its settings say', async () => {
    expect(formatSeries((await scraped('a 1 50000\n')).head, metric('a'))[0]).toMatch(/ 1@50000$/);
    expect(formatSeries((await scraped('a 1 50000\n', { honorsTimes: false })).head, metric('a'))[0]).toMatch(
      / 1@60000$/,
    );
  });

  it('may be OpenMetrics: times in seconds, examples passed over, its end stated', async () => {
    const type = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
    const { head } = await scraped(
      '# TYPE a counter\na_total{x="1"} 3 50.5 # {trace="t"} 1 49\na_total 4 # {} 1\n# EOF\n',
      {},
      type,
    );
    expect(formatSeries(head, metric('a_total'))).toEqual([
      '{__name__="a_total",instance="a:9100",job="node",x="1"} 3@50500',
      '{__name__="a_total",instance="a:9100",job="node"} 4@60000',
    ]);
    expect((await scraped('a 1\n', {}, type)).health.lastError).toMatch(/does not end in # EOF/);
  });

  it.each([
    [{ maxSamples: 1 }, /more than 1 samples/],
    [{ maxBytes: 10 }, /larger than 10 bytes/],
    [{ maxLabels: 1 }, /more than 1 labels/],
    [{ maxLabelChars: 3 }, /longer than 3 characters/],
  ])('is not taken beyond its limits %j; its fault is told with the target', async (limits, message) => {
    const { health, head } = await scraped('a{b="long"} 1\nb{x="1"} 2\n', { limits });
    expect(health).toMatchObject({ isUp: false, lastError: expect.stringMatching(message) });
    expect(formatSeries(head, metric('up'))[0]).toMatch(/ 0@60000$/);
  });

  it('has of each scrape what Prometheus tells of it', async () => {
    const { head, health } = await scraped('a 1\nb 2\n');
    const told = [
      'up',
      'scrape_samples_scraped',
      'scrape_samples_post_metric_relabeling',
      'scrape_series_added',
    ];
    expect(told.map((name) => formatSeries(head, metric(name))[0]?.replace(/^.*\} /, ''))).toEqual([
      '1@60000',
      '2@60000',
      '2@60000',
      '2@60000',
    ]);
    expect(health).toMatchObject({ isUp: true, samples: 2, durationSeconds: expect.any(Number) });
  });
});
