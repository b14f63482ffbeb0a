import { describe, expect, it } from 'vitest';
import { faultsOf, isAgentUp, watcherView } from '../../../collector/health.ts';
import type { TargetHealth } from '../../../collector/ingest/target.ts';

const NOW = 100_000;

function health(instance: string, fields: Omit<TargetHealth, 'config'> = {}): TargetHealth {
  return { config: { job: 'agent', instance, url: 'http://127.0.0.1/metrics' }, ...fields };
}

const up = health('local', { isUp: true, sinceMs: 1, lastScrapeAtMs: NOW - 5_000 });
const down = health('far', { isUp: false, sinceMs: 1, lastScrapeAtMs: NOW, lastError: 'refused' });

describe('what keeps the collector from its work', () => {
  it.each<[string, TargetHealth[], string[]]>([
    ['nothing', [up], []],
    ['an agent not scraped yet', [health('local')], ['agent local: not scraped yet']],
    ['an agent that is down', [up, down], ['agent far: refused']],
    [
      'scraping that has come to rest',
      [health('local', { isUp: true, lastScrapeAtMs: NOW - 15_001 })],
      ['agent local: not scraped in time'],
    ],
  ])('is %s', (_, targets, faults) => {
    expect(faultsOf(targets, { nowMs: NOW, scrapeIntervalMs: 5_000 })).toEqual(faults);
  });
});

it('an agent answers or not; one that is not known does if any does', () => {
  expect(isAgentUp([up, down], 'local')).toBe(true);
  expect(isAgentUp([up, down], 'far')).toBe(false);
  expect(isAgentUp([up, down], undefined)).toBe(true);
  expect(isAgentUp([down], 'stranger')).toBe(false);
  expect(isAgentUp([health('local')], 'local')).toBeUndefined();
  expect(isAgentUp([], undefined)).toBeUndefined();
});

it('the watcher shows each agent, one that was never scraped as down since the start', () => {
  expect(watcherView([health('local'), down], { startedAtMs: 7, faults: ['x'] })).toEqual({
    startedAtMs: 7,
    agents: [
      { name: 'local', isUp: false, sinceMs: 7 },
      { name: 'far', isUp: false, sinceMs: 1, lastScrapeAtMs: NOW, lastError: 'refused' },
    ],
    faults: ['x'],
  });
});
