import { expect, it } from 'vitest';
import { inOrder, type TargetView } from '../../../../web/data/targets.ts';

const target = (scrapePool: string, health: TargetView['health']): TargetView => ({
  labels: { job: scrapePool, instance: 'a' },
  scrapePool,
  scrapeUrl: `http://${scrapePool}/metrics`,
  health,
  lastError: '',
  lastScrape: '2026-11-22T03:00:00.000Z',
  lastScrapeDuration: 0.1,
  lastScrapeSamples: 1,
  scrapeInterval: '10s',
});

it('shows the targets that fail first, then those that were not scraped yet', () => {
  const targets = [target('a', 'up'), target('c', 'down'), target('d', 'unknown'), target('b', 'down')];
  expect(inOrder(targets).map(({ scrapePool }) => scrapePool)).toEqual(['b', 'c', 'd', 'a']);
});
