import { describe, expect, it } from 'vitest';
import type { DeviceState } from '../../../../config/model/device.ts';
import { calmOf } from '../../../../web/data/calm.ts';
import { summarize } from '../../../../web/data/urgency.ts';
import { siteDevice, viewOf } from '../../../support/live-entries.ts';

const DEVICES = [siteDevice('a'), siteDevice('b')];
const OK = { kind: 'ok', sinceMs: 1 } as const;
const SILENT = { kind: 'unknown', sinceMs: 1, reason: 'agent_silent' } as const;
const LIVE = { kind: 'live' } as const;

function summaryOf(...states: readonly DeviceState[]) {
  const views = states.map((state, index) => viewOf(DEVICES[index]?.id ?? '', state));
  return summarize(DEVICES, new Map(views.map((view) => [view.id, view])));
}

describe('that there is no alert', () => {
  it('is good news where every device is in sight', () => {
    expect(calmOf(LIVE, summaryOf(OK, OK))).toEqual({ kind: 'calm' });
  });

  it('says little while devices are silent or were not heard yet', () => {
    expect(calmOf(LIVE, summaryOf(OK, SILENT))).toEqual({ kind: 'unsure', count: 1 });
    expect(calmOf(LIVE, summaryOf(SILENT))).toEqual({ kind: 'unsure', count: 2 });
  });

  it('is of the past once the collector is no longer heard', () => {
    const lost = { kind: 'lost', asOfMs: 7, retryAtMs: 9 } as const;
    expect(calmOf(lost, summaryOf(OK, OK))).toEqual({ kind: 'past', asOfMs: 7 });
    expect(calmOf({ kind: 'lost', retryAtMs: 9 }, summaryOf())).toEqual({ kind: 'unsure', count: 2 });
  });
});
