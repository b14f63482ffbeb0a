import { describe, expect, it } from 'vitest';
import { deviceState, freshForMs, type Evidence } from '../../../../collector/devices/state.ts';
import type { DeviceState } from '../../../../config/model/device.ts';

const NOW = 1_000_000;
const FRESH = 35_000;

function judged(evidence: Evidence, previous?: DeviceState, nowMs = NOW): DeviceState {
  return deviceState(evidence, { previous, nowMs, freshMs: FRESH });
}

const answering: Evidence = {
  up: { isUp: true, atMs: NOW - 5_000 },
  isAgentUp: true,
  awaitedSinceMs: 0,
};

describe('the state of a device', () => {
  it.each<[string, Evidence, Partial<DeviceState>]>([
    ['answers', answering, { kind: 'ok' }],
    ['answers with an alarm', { ...answering, severity: 'major' }, { kind: 'alarmed', severity: 'major' }],
    [
      'answers, its agent not judged yet',
      { up: { isUp: true, atMs: NOW }, awaitedSinceMs: 0 },
      { kind: 'ok' },
    ],
    [
      'answered just within its time',
      { ...answering, up: { isUp: true, atMs: NOW - FRESH } },
      { kind: 'ok' },
    ],
    [
      'answered too long ago',
      { ...answering, up: { isUp: true, atMs: NOW - FRESH - 1 } },
      { kind: 'unknown', reason: 'device_silent' },
    ],
    [
      'does not answer',
      { ...answering, up: { isUp: false, atMs: NOW } },
      { kind: 'unknown', reason: 'device_silent' },
    ],
    [
      'does not answer while alarmed',
      { ...answering, up: { isUp: false, atMs: NOW }, severity: 'critical' },
      { kind: 'unknown', reason: 'device_silent' },
    ],
    ['has a silent agent', { ...answering, isAgentUp: false }, { kind: 'unknown', reason: 'agent_silent' }],
    ['was never heard of, for a short time', { awaitedSinceMs: NOW - FRESH }, { kind: 'starting' }],
    [
      'was never heard of, the agent not yet either',
      { awaitedSinceMs: NOW - 1_000, isAgentUp: false },
      { kind: 'starting' },
    ],
    [
      'was never heard of, for long',
      { awaitedSinceMs: NOW - FRESH - 1, isAgentUp: true },
      { kind: 'unknown', reason: 'never_seen' },
    ],
    [
      'was never heard of, for long, nor its agent',
      { awaitedSinceMs: NOW - FRESH - 1, isAgentUp: false },
      { kind: 'unknown', reason: 'agent_silent' },
    ],
  ])('that %s', (_, evidence, expected) => {
    expect(judged(evidence)).toEqual({ ...expected, sinceMs: NOW });
  });

  it('begins when its kind does', () => {
    const alarmed = judged({ ...answering, severity: 'minor' });
    expect(judged({ ...answering, severity: 'minor' }, alarmed, NOW + 5_000)).toEqual(alarmed);
    expect(judged(answering, alarmed, NOW + 9_000)).toEqual({ kind: 'ok', sinceMs: NOW + 9_000 });
  });

  it('begins anew when an alarm grows graver: since then it is critical', () => {
    const minor = judged({ ...answering, severity: 'minor' });
    const critical = judged({ ...answering, severity: 'critical' }, minor, NOW + 5_000);
    expect(critical).toEqual({ kind: 'alarmed', severity: 'critical', sinceMs: NOW + 5_000 });
  });

  it('is never ok when nothing is known, in whatever way that is', () => {
    for (const isUp of [true, false]) {
      for (const ageMs of [0, FRESH, FRESH + 1, 10 * FRESH]) {
        for (const isAgentUp of [true, false]) {
          const { kind } = judged({ up: { isUp, atMs: NOW - ageMs }, isAgentUp, awaitedSinceMs: 0 });
          expect(kind === 'ok').toBe(isUp && isAgentUp && ageMs <= FRESH);
        }
      }
    }
  });
});

it('gives a device three polls and one scrape', () => {
  expect(freshForMs(10_000, 5_000)).toBe(35_000);
});
