import { describe, expect, it, onTestFinished } from 'vitest';
import { startPosted } from '../../../alerting/posted.ts';
import type { AlertInstance } from '../../../config/model/alert.ts';
import { fakeAlertStore } from '../../support/alert-stores.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { silentLog } from '../../support/silent-log.ts';

const MINUTE_MS = 60_000;
const DISK = { labels: { alertname: 'DiskFull' }, annotations: {} };

function house({
  store = fakeAlertStore(),
  clock = manualClock(0),
  before = [] as readonly AlertInstance[],
  awaited = (): ReadonlySet<string> | undefined => new Set(),
} = {}) {
  let changes = 0;
  const posted = startPosted(
    {
      clock,
      alerts: store,
      log: silentLog(),
      resolveTimeoutMs: () => 5 * MINUTE_MS,
      awaited,
      onChange: () => void (changes += 1),
    },
    before,
  );
  onTestFinished(() => posted.stop());
  const kinds = () => posted.instances().map(({ phase }) => phase.kind);
  return { posted, store, clock, kinds, changes: () => changes };
}

describe('alerts that other programs post', () => {
  it('are told when they come and when they end by themselves, and not when they are repeated', async () => {
    const { posted, clock, kinds, store, changes } = house();
    expect(await posted.post([DISK])).toBe(0);
    await posted.post([DISK]);
    expect([changes(), kinds()]).toEqual([1, ['firing']]);
    await clock.advance(5 * MINUTE_MS);
    expect([changes(), kinds()]).toEqual([2, ['resolved']]);
    expect(store.entries.map(({ transition, atMs }) => [transition, atMs])).toEqual([
      ['fired', 0],
      ['resolved', 5 * MINUTE_MS],
    ]);
  });

  it('are forgotten once their end is told, by the records too, though nobody posts any more', async () => {
    const { posted, clock, kinds, store } = house();
    await posted.post([DISK]);
    await clock.advance(6 * MINUTE_MS - 1);
    expect([store.saved.size, kinds()]).toEqual([1, ['resolved']]);
    await clock.advance(1);
    expect([store.saved.size, kinds()]).toEqual([0, []]);
  });

  it.each([
    ['is awaited', (own: string) => new Set([own])],
    ['may be awaited, for all that is known', () => undefined],
  ])('stay while their end %s, but for a quarter of an hour at most', async (_title, awaited) => {
    let own = '';
    const { posted, clock, kinds, store } = house({ awaited: () => awaited(own) });
    await posted.post([DISK]);
    own = posted.instances()[0]?.fingerprint ?? '';
    await clock.advance(20 * MINUTE_MS - 1);
    expect([store.saved.size, kinds()]).toEqual([1, ['resolved']]);
    await clock.advance(1);
    expect([store.saved.size, kinds()]).toEqual([0, []]);
  });

  it('go on over a restart, since when they began, with one line in the history', async () => {
    const first = house();
    await first.posted.post([DISK]);
    await first.posted.stop();
    const { store, clock } = first;
    await clock.advance(MINUTE_MS);
    const second = house({ store, clock, before: await store.instances() });
    await second.posted.post([DISK]);
    expect(second.posted.instances()).toMatchObject([{ phase: { kind: 'firing', firedAtMs: 0 } }]);
    await clock.advance(5 * MINUTE_MS);
    expect(second.kinds()).toEqual(['resolved']);
    expect(store.entries.map(({ transition }) => transition)).toEqual(['fired', 'resolved']);
  });
});
