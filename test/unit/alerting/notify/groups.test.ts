import { describe, expect, it } from 'vitest';
import { fakeMessageStore } from '../../../support/alert-stores.ts';
import { instance } from '../../../support/alerts.ts';
import {
  CRITICAL,
  dispatchBench as bench,
  FIRING,
  minor,
  NOW_MS,
  resolvedAt,
  SMTP,
} from '../../../support/dispatching.ts';
import { manualClock } from '../../../support/manual-clock.ts';

const MINUTE_MS = 60_000;
const withBeat = (interval: string): string => `${SMTP}
receivers: [{ name: desk, mail: [desk@x.example], language: en }]
route: { receiver: desk, group_by: [alertname], group_wait: 30s, group_interval: ${interval}, urgent: [critical] }`;

describe('after a restart', () => {
  it('the end of an alert is told at the beat that its group had, not at one that begins with the restart', async () => {
    const yaml = withBeat('5m');
    const clock = manualClock(NOW_MS);
    const store = fakeMessageStore();
    const before = await bench({ yaml, clock, store });
    await before.tell(minor('a'));
    await clock.advance(30_000);
    expect(store.messages).toHaveLength(1);
    await clock.advance(2 * MINUTE_MS);
    await before.dispatcher.stop();

    const after = await bench({ yaml, clock, store });
    await after.tell(minor('a'));
    await clock.advance(MINUTE_MS);
    await after.tell(minor('a', { phase: resolvedAt(clock.nowMs()) }));
    await clock.advance(2 * MINUTE_MS - 1);
    expect(store.messages).toHaveLength(1);
    await clock.advance(1);
    expect(after.subjects().at(-1)).toMatch(/^\[Resolved\]/);
  });

  it('what ended while nobody looked is told at once', async () => {
    const yaml = withBeat('5m');
    const clock = manualClock(NOW_MS);
    const store = fakeMessageStore();
    const before = await bench({ yaml, clock, store });
    await before.tell(minor('a'));
    await clock.advance(MINUTE_MS);
    await before.dispatcher.stop();
    const after = await bench({ yaml, clock, store });
    await after.tell(minor('a', { phase: resolvedAt(clock.nowMs()) }));
    expect(after.subjects()).toHaveLength(2);
  });

  it('the end of what is urgent is told at once, also when the restart came between', async () => {
    const yaml = withBeat('5m');
    const clock = manualClock(NOW_MS);
    const store = fakeMessageStore();
    const before = await bench({ yaml, clock, store });
    await before.tell(CRITICAL);
    await clock.advance(1_000);
    await before.dispatcher.stop();
    const after = await bench({ yaml, clock, store });
    await after.tell(instance({ phase: resolvedAt(clock.nowMs()) }));
    expect(after.subjects()).toHaveLength(2);
  });
});

describe('what ends and fires anew before anybody was told of its end', () => {
  const again = (atMs: number) => ({ kind: 'firing', sinceMs: atMs, firedAtMs: atMs }) as const;

  it('is told again where it is urgent, and once', async () => {
    const { tell, clock, subjects } = await bench({ yaml: withBeat('5m') });
    await tell(CRITICAL);
    await clock.advance(1_000);
    await tell(instance({ phase: again(clock.nowMs()) }));
    expect(subjects()).toEqual([
      expect.stringMatching(/^\[Critical\]/),
      expect.stringMatching(/^\[Critical\]/),
    ]);
    await clock.advance(10 * MINUTE_MS);
    expect(subjects()).toHaveLength(2);
  });

  it('is told again also where writing that failed at first', async () => {
    const { tell, clock, store, subjects } = await bench({ yaml: withBeat('5m') });
    await tell(CRITICAL);
    await clock.advance(1_000);
    store.failure = new Error('disk full');
    await tell(instance({ phase: again(clock.nowMs()) }));
    store.failure = undefined;
    await clock.advance(5_000);
    expect(subjects()).toHaveLength(2);
  });

  it('is no news where it is not: it was told as firing, and is', async () => {
    const { tell, clock, subjects } = await bench({ yaml: withBeat('5m') });
    await tell(minor('a'));
    await clock.advance(MINUTE_MS);
    await tell(minor('a', { phase: again(clock.nowMs()) }));
    await clock.advance(10 * MINUTE_MS);
    expect(subjects()).toHaveLength(1);
  });
});

describe('an end', () => {
  it('is told at the group’s beat, however long ago it was and whoever has forgotten it', async () => {
    const { tell, clock, subjects } = await bench({ yaml: withBeat('30m') });
    await tell(minor('a'));
    await clock.advance(30_000);
    await tell(minor('a', { phase: resolvedAt(clock.nowMs()) }));
    await clock.advance(16 * MINUTE_MS);
    await tell();
    await clock.advance(14 * MINUTE_MS);
    expect(subjects()).toEqual([expect.stringMatching(/^\[Minor\]/), expect.stringMatching(/^\[Resolved\]/)]);
  });

  it('is untold until the beat, and nobody knows before the first look', async () => {
    const { tell, clock, dispatcher } = await bench({ yaml: withBeat('5m') });
    expect(dispatcher.untold()).toBeUndefined();
    await tell(minor('a'), minor('b'));
    expect(dispatcher.untold()).toEqual(new Set(['a', 'b']));
    await clock.advance(30_000);
    const ended = minor('a', { phase: resolvedAt(clock.nowMs()) });
    await tell(ended, minor('b'));
    await clock.advance(5 * MINUTE_MS - 1);
    expect(dispatcher.untold()).toEqual(new Set(['a', 'b']));
    await clock.advance(1);
    expect(dispatcher.untold()).toEqual(new Set(['b']));
    dispatcher.reload();
    expect(dispatcher.untold()).toBeUndefined();
  });

  it('that a way does not hear of is an end all the same: should the alert come back, it is news', async () => {
    const yaml = `${SMTP}
receivers: [{ name: desk, webhook: [{ url: "http://hook.example/", send_resolved: false }] }]`;
    const { tell, clock, store } = await bench({ yaml });
    await tell(CRITICAL);
    await tell(instance({ phase: resolvedAt(NOW_MS) }));
    await clock.advance(10 * MINUTE_MS);
    await tell(instance({ phase: { ...FIRING, firedAtMs: clock.nowMs() } }));
    expect(store.messages).toHaveLength(2);
  });

  it('that was silent is an end all the same', async () => {
    const { tell, clock, store, silence } = await bench();
    await tell(CRITICAL);
    silence(true);
    await tell(instance({ phase: resolvedAt(NOW_MS) }));
    await clock.advance(10 * MINUTE_MS);
    silence(false);
    await tell(instance({ phase: { ...FIRING, firedAtMs: clock.nowMs() } }));
    expect(store.messages).toHaveLength(2);
  });
});
