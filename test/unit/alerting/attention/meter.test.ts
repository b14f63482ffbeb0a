import { describe, expect, it } from 'vitest';
import { createMeter } from '../../../../alerting/attention/meter.ts';
import { lineOf } from '../../../../alerting/attention/raise.ts';
import { alertView } from '../../../../alerting/view.ts';
import type { AlertView, MutedView } from '../../../../config/model/api.ts';
import { fakeAlertStore } from '../../../support/alert-stores.ts';
import { instance } from '../../../support/alerts.ts';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const START_MS = 10 * DAY;

/** A meter on a store, and a clock that is set by hand. */
function bench({ people = 1, known = [] as readonly AlertView[] } = {}) {
  const here = { nowMs: START_MS, muted: new Map<string, MutedView>() };
  const store = fakeAlertStore();
  const meter = createMeter(
    { nowMs: () => here.nowMs, people: () => people, mutedOf: () => (one) => here.muted.get(one) },
    known.map((alert) => lineOf({ atMs: START_MS - MINUTE, transition: 'fired', alert })),
  );
  const watched = meter.watch(store);
  const raise = async (fingerprint: string, more: Partial<AlertView> = {}): Promise<AlertView> => {
    const phase = { kind: 'firing', sinceMs: here.nowMs, firedAtMs: here.nowMs } as const;
    const alert = { ...alertView(instance({ fingerprint, phase })), ...more };
    await watched.save({
      saved: [],
      removed: [],
      entries: [{ atMs: here.nowMs, transition: 'fired', alert }],
    });
    return alert;
  };
  return { here, store, meter, raise };
}

describe('the meter', () => {
  it('counts what was raised in ten minutes, an hour and a day, and forgets it with time', async () => {
    const { here, meter, raise } = bench();
    await raise('a');
    here.nowMs += 20 * MINUTE;
    await raise('b');
    expect(meter.view([])).toMatchObject({ people: 1, tenMinutes: 1, hour: 2, day: 2 });
    expect(meter.nextEdgeMs()).toBe(here.nowMs + 10 * MINUTE);
    here.nowMs += 2 * 60 * MINUTE;
    expect(meter.view([])).toMatchObject({ tenMinutes: 0, hour: 0, day: 2 });
    here.nowMs += DAY;
    expect(meter.view([]).day).toBe(0);
    expect(meter.nextEdgeMs()).toBeUndefined();
  });

  it('marks in the history what was folded or silent when it was raised, and counts it apart', async () => {
    const { here, meter, raise, store } = bench();
    here.muted.set('b', { kind: 'inhibited', root: 'a', by: 'SwitchDown' });
    here.muted.set('c', { kind: 'silence', silence: 's', by: 'li', untilMs: 1 });
    for (const one of ['a', 'b', 'c']) await raise(one);
    expect(store.entries.map(({ alert }) => alert.muted?.kind)).toEqual([undefined, 'inhibited', 'silence']);
    expect(meter.view([]).tenMinutes).toBe(1);
    expect(meter.raised()).toEqual({ own: 1, folded: 1, silenced: 1 });
  });

  it('counts nothing that could not be kept', async () => {
    const { meter, raise, store } = bench();
    store.failure = new Error('disk full');
    await expect(raise('a')).rejects.toThrow('disk full');
    expect(meter.view([]).tenMinutes).toBe(0);
  });

  it('sees a flood begin, names the gravest of it, never what endangers life, and sees it end', async () => {
    const { here, meter, raise } = bench();
    const active: AlertView[] = [await raise('old')];
    here.nowMs += 20 * MINUTE;
    for (let n = 0; n < 10; n += 1)
      active.push(await raise(`n${n}`, { severity: n === 4 ? 'major' : 'minor' }));
    expect(meter.flood()).toEqual({ kind: 'calm' });
    active.push(await raise('smoke', { danger: 'life', severity: 'critical' }));
    expect(meter.view(active).flood).toEqual({ sinceMs: here.nowMs, raised: 11, root: 'n4' });
    here.nowMs = meter.nextEdgeMs() ?? 0;
    expect(meter.flood()).toEqual({ kind: 'calm' });
  });

  it('shares the load among those on watch', async () => {
    const { meter, raise } = bench({ people: 2 });
    for (let n = 0; n < 20; n += 1) await raise(`n${n}`);
    expect(meter.view([])).toMatchObject({ people: 2, tenMinutes: 20 });
    expect(meter.flood().kind).toBe('calm');
    await raise('one more');
    expect(meter.flood().kind).toBe('flood');
  });

  it('goes on with a flood over a restart', () => {
    const known = Array.from({ length: 12 }, (_, n) => alertView(instance({ fingerprint: `k${n}` })));
    expect(bench({ known }).meter.flood()).toEqual({ kind: 'flood', sinceMs: START_MS - MINUTE });
  });

  it('tells what chatters and what is stale', async () => {
    const { here, meter, raise } = bench();
    for (let n = 0; n < 3; n += 1) {
      here.nowMs += 10_000;
      await raise('dancer');
    }
    expect(meter.view([]).chattering).toBe(1);
    const old = alertView(
      instance({ phase: { kind: 'firing', sinceMs: 0, firedAtMs: here.nowMs - DAY - 1 } }),
    );
    expect(meter.view([old]).stale).toBe(1);
  });
});
