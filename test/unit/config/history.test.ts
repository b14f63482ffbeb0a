import { join } from 'node:path';
import { expect, it } from 'vitest';
import { historySettings } from '../../../config/history.ts';
import { loadConfig } from '../../../config/load.ts';
import { demoWith } from '../../support/site-folder.ts';

it('history is on when nothing is said, and off when that is said', () => {
  expect(historySettings()?.keepMs.raw).toBe(100 * 86_400_000);
  expect(historySettings('off')).toBeUndefined();
  expect(historySettings({ max_gigabytes: 20, keep_free_gigabytes: 0 })).toMatchObject({
    maxBytes: 20e9,
    keepFreeBytes: 0,
  });
});

it.each([
  ['write_interval: 90m', 'must be whole hours that divide a day'],
  ['write_interval: 7h', 'must be whole hours that divide a day'],
  ['keep_raw: 1d', 'must be 2d or more'],
  ['keep_5m: 50d', 'must not be shorter than keep_raw'],
  ['keep_1h: 400d', 'must not be shorter than keep_5m'],
])('%s is a fault', (line, message) => {
  const folder = demoWith({ 'collector.yaml': `history:\n  ${line}\n` });
  expect(() => loadConfig(folder, {})).toThrow(`${join(folder, 'collector.yaml')}:2: history.`);
  expect(() => loadConfig(folder, {})).toThrow(message);
});
