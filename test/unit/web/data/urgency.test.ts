import { describe, expect, it } from 'vitest';
import { isActive } from '../../../../config/model/alert.ts';
import type { AlertView } from '../../../../config/model/api.ts';
import { pageTitle } from '../../../../web/data/title.ts';
import {
  alertSinceMs,
  byUrgency,
  signOf,
  summarize,
  tellsNow,
  worstOf,
  worstSeverity,
} from '../../../../web/data/urgency.ts';
import { wordsOf } from '../../../../web/i18n/words.ts';
import { firing, siteDevice, viewOf } from '../../../support/live-entries.ts';

const DEVICES = ['a', 'b', 'c', 'd'].map((id) => siteDevice(id));

function summaryOf(...states: readonly Parameters<typeof viewOf>[1][]) {
  const views = states.map((state, index) => viewOf(DEVICES[index]?.id ?? '', state));
  return summarize(DEVICES, new Map(views.map((view) => [view.id, view])));
}

const ok = { kind: 'ok', sinceMs: 1 } as const;
const silent = { kind: 'unknown', sinceMs: 4, reason: 'device_silent' } as const;
const minor = { kind: 'alarmed', sinceMs: 2, severity: 'minor' } as const;
const critical = { kind: 'alarmed', sinceMs: 3, severity: 'critical' } as const;

describe('the state of a room', () => {
  it('counts each device once; one that nothing is known of is awaited, never well', () => {
    const { counts, total } = summaryOf(ok, minor);
    expect(counts).toMatchObject({ ok: 1, minor: 1, starting: 2 });
    expect(total).toBe(4);
  });

  it('names the worst first, and the silent before the slightly wrong', () => {
    const { abnormal } = summaryOf(minor, silent, critical, ok);
    expect(abnormal.map(({ device }) => device.id)).toEqual(['c', 'b', 'a']);
  });

  it('is as bad as its worst device', () => {
    expect(worstOf(summaryOf(ok, ok, ok, ok))).toBe('ok');
    expect(worstOf(summaryOf(ok, ok, ok))).toBe('starting');
    expect(worstOf(summaryOf(ok, silent, minor, ok))).toBe('unknown');
    expect(worstOf(summarize([], new Map()))).toBe('ok');
  });

  it('puts among equals the newest first', () => {
    const { abnormal } = summaryOf({ ...minor, sinceMs: 10 }, { ...minor, sinceMs: 20 });
    expect(abnormal.map(({ device }) => device.id)).toEqual(['b', 'a']);
  });
});

describe('a sign', () => {
  it('of an alarmed device is its severity', () => {
    expect(signOf(critical)).toBe('critical');
    expect(signOf(silent)).toBe('unknown');
    expect(signOf(undefined)).toBe('starting');
  });

  it('of unknown means that its values are history', () => {
    expect(tellsNow('unknown')).toBe(false);
    expect(tellsNow('starting')).toBe(false);
    expect(tellsNow('critical')).toBe(true);
  });
});

describe('alerts', () => {
  const held: AlertView = {
    ...firing('h', 'major', 1),
    phase: { kind: 'held', sinceMs: 1, firedAtMs: 1, heldSinceMs: 5 },
  };
  const pending: AlertView = { ...firing('p', 'critical', 1), phase: { kind: 'pending', sinceMs: 1 } };
  const resolved: AlertView = {
    ...firing('r', 'critical', 1),
    phase: { kind: 'resolved', firedAtMs: 7, resolvedAtMs: 9, cause: 'condition' },
  };

  it('are shown while they fire or are held, not before and not after', () => {
    expect(
      [firing('f', 'minor', 1), held, pending, resolved].filter(isActive).map(({ name }) => name),
    ).toEqual(['f', 'h']);
  });

  it('stand in the order of their gravity, then of their newness', () => {
    const order = [firing('i', 'info', 99), firing('c', 'critical', 1), held, firing('m', 'major', 3)].sort(
      byUrgency,
    );
    expect(order.map(({ name }) => name)).toEqual(['c', 'm', 'h', 'i']);
  });

  it('have begun when they became true', () => {
    expect(alertSinceMs(held)).toBe(1);
    expect(alertSinceMs(resolved)).toBe(7);
  });

  it('are together as grave as the gravest', () => {
    expect(worstSeverity([firing('m', 'minor', 1), held])).toBe('major');
    expect(worstSeverity([])).toBeUndefined();
  });
});

describe('the title of the page', () => {
  const words = wordsOf('en');
  const live = { kind: 'live' } as const;

  it('tells the worst state', () => {
    const summary = summaryOf(critical, critical, minor, ok);
    expect(pageTitle({ page: 'Rooms', connection: live, summary }, words)).toBe('(2) Critical · Rooms');
  });

  it('says nothing more when all is well', () => {
    const summary = summaryOf(ok, ok, ok, ok);
    expect(pageTitle({ page: 'Rooms', connection: live, summary }, words)).toBe('Rooms');
    expect(pageTitle({ page: 'Rooms', connection: live, summary: undefined }, words)).toBe('Rooms');
  });

  it('does not tell a state that is no longer known', () => {
    const summary = summaryOf(critical);
    const connection = { kind: 'lost', asOfMs: 1, retryAtMs: 2 } as const;
    expect(pageTitle({ page: 'Rooms', connection, summary }, words)).toBe('Disconnected · Rooms');
  });
});
