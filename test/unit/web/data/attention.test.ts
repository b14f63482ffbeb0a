import { describe, expect, it } from 'vitest';
import type { AlertView } from '../../../../config/model/api.ts';
import {
  foldFlood,
  meterFigures,
  monthBeside,
  rateText,
  ruleDuration,
  standingAlone,
} from '../../../../web/data/attention.ts';
import { groupUnderRoots, rowsOf } from '../../../../web/data/console.ts';
import { alertView, ON_BATTERY } from '../../../support/fake-room.ts';

const alert = (fingerprint: string, firedAtMs: number, more: Partial<AlertView> = {}): AlertView => ({
  ...alertView(ON_BATTERY, firedAtMs),
  fingerprint,
  ...more,
});

describe('the meter', () => {
  it('shares what was raised among those on watch, and judges it', () => {
    const view = { people: 2, tenMinutes: 3, hour: 30, day: 40, chattering: 0, stale: 0 };
    expect(meterFigures(view)).toEqual([
      { span: 'tenMinutes', rate: 1.5, judgement: 'managed' },
      { span: 'hour', rate: 15, judgement: 'over' },
      { span: 'day', rate: 20, judgement: 'good' },
    ]);
    expect([0, 1.5, 2, 12.4].map(rateText)).toEqual(['0', '1.5', '2', '12']);
  });
});

describe('a flood on the console', () => {
  const flood = { sinceMs: 100, raised: 4, root: 'root' };
  const alerts = [
    alert('before', 50),
    alert('root', 100),
    alert('a', 110),
    alert('behind a', 111, { muted: { kind: 'inhibited', root: 'a', by: 'A' } }),
    alert('smoke', 120, { danger: 'life' }),
    alert('quiet', 130, { muted: { kind: 'silence', silence: 's', by: 'li', untilMs: 9 } }),
  ];

  it('is one root with the rest behind it; danger to life and what was there before stand alone', () => {
    const groups = foldFlood(groupUnderRoots(alerts), flood);
    expect(groups.map(({ root }) => root.fingerprint).sort()).toEqual(['before', 'quiet', 'root', 'smoke']);
    const [head] = rowsOf(groups, new Set()).filter(({ isFlood }) => isFlood);
    expect(head).toMatchObject({ alert: { fingerprint: 'root' }, behind: 2, isFlood: true });
    expect(rowsOf(groups, new Set(['root']))).toHaveLength(6);
    expect(standingAlone(alerts, flood).map(({ fingerprint }) => fingerprint)).not.toContain('a');
  });

  it('is no fold where there is none, or where its root is not among the shown', () => {
    const groups = groupUnderRoots(alerts);
    expect(foldFlood(groups, undefined)).toBe(groups);
    expect(foldFlood(groups, { ...flood, root: 'elsewhere' })).toBe(groups);
    expect(standingAlone(alerts, undefined)).toBe(alerts);
  });
});

it('months and durations are written as people do', () => {
  expect(monthBeside('2026-01', -1)).toBe('2025-12');
  expect(monthBeside('2026-12', 1)).toBe('2027-01');
  expect([15_000, 60_000, 90_000, 1_800_000].map(ruleDuration)).toEqual(['15s', '1m', '1m30s', '30m']);
});
