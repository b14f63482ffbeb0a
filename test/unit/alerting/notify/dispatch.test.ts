import { describe, expect, it } from 'vitest';
import { CALM } from '../../../../alerting/attention/flood.ts';
import { RECORD_RETENTION_MS } from '../../../../alerting/notify/dispatch.ts';
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
import { ANNA, BO, watchOf } from '../../../support/who.ts';

describe('who is told', () => {
  it('is each way of each receiver, by a message of its own in its language', async () => {
    const yaml = `${SMTP}
receivers:
  - { name: desk, mail: [a@x.example, b@x.example], language: en }
  - { name: head, mail: [head@x.example], webhook: [{ url: "http://hook.example/secret-path" }] }`;
    const { tell, store } = await bench({ yaml });
    await tell(CRITICAL);
    expect(
      store.messages.map(({ receiver, way, channel, to, subject }) => [
        receiver,
        way,
        channel,
        to,
        subject.slice(0, 5),
      ]),
    ).toEqual([
      ['desk', 'mail[0]', 'mail', 'a@x.example', '[Crit'],
      ['desk', 'mail[1]', 'mail', 'b@x.example', '[Crit'],
      ['head', 'mail[0]', 'mail', 'head@x.example', '【紧急】U'],
      ['head', 'webhook[0]', 'webhook', 'hook.example', '【紧急】U'],
    ]);
    expect(new Set(store.messages.map(({ messageId }) => messageId)).size).toBe(4);
    expect(store.messages[0]?.messageId).toMatch(/^[0-9a-f-]{36}@centre\.example$/);
    expect(JSON.parse(store.messages[3]?.body ?? '')).toMatchObject({
      version: '4',
      status: 'firing',
      receiver: 'head',
      groupLabels: { alertname: 'UpsOnBattery', room: 'main' },
      alerts: [
        { status: 'firing', startsAt: new Date(NOW_MS).toISOString(), endsAt: '0001-01-01T00:00:00Z' },
      ],
    });
  });

  it('is told on the page alone where there is no mail server', async () => {
    const { tell, store } = await bench({ yaml: 'receivers: [{ name: desk, mail: [desk@x.example] }]' });
    await tell(CRITICAL);
    expect(store.messages.map(({ state }) => state)).toEqual(['kept']);
  });

  it('is nobody where no receiver is set', async () => {
    const { tell, store } = await bench({ yaml: 'receivers: []' });
    await tell(CRITICAL);
    expect(store.messages).toEqual([]);
  });
});

describe('when a group is told', () => {
  it('is at once for what is urgent, also when it joins a group that was told just now', async () => {
    const { tell, store, clock } = await bench();
    await tell(CRITICAL);
    expect(store.messages).toHaveLength(1);
    await clock.advance(1_000);
    await tell(CRITICAL, { ...CRITICAL, fingerprint: 'f1' });
    expect(store.messages).toHaveLength(2);
    await tell(CRITICAL, { ...CRITICAL, fingerprint: 'f1' });
    await clock.advance(3_600_000);
    expect(store.messages).toHaveLength(2);
  });

  it('is after the wait of its route for the others, then at each of its beats', async () => {
    const { tell, store, clock, dispatcher } = await bench();
    await tell(minor('a'));
    await clock.advance(9_999);
    expect(store.messages).toEqual([]);
    expect(dispatcher.verdicts('a')).toMatchObject([
      {
        receiver: 'desk',
        way: 'mail[0]',
        verdicts: [{ reason: 'waiting_for_more', untilMs: NOW_MS + 10_000 }],
      },
    ]);
    await clock.advance(1);
    expect(store.messages).toHaveLength(1);
    await tell(minor('a'), minor('b'));
    await clock.advance(59_999);
    expect(store.messages).toHaveLength(1);
    await clock.advance(1);
    expect(store.messages).toHaveLength(2);
  });

  it('is at once after a start for what has waited long enough, and once for what was told before', async () => {
    const store = fakeMessageStore();
    const old = minor('a', { phase: { ...FIRING, firedAtMs: NOW_MS - 60_000 } });
    for (let start = 0; start < 2; start += 1) {
      const { tell, dispatcher } = await bench({ store });
      await tell(old);
      await dispatcher.stop();
    }
    expect(store.messages).toHaveLength(1);
  });

  it('counts from a reload on', async () => {
    const { tell, store, clock, dispatcher } = await bench();
    await tell(minor('a'));
    await clock.advance(30_000);
    dispatcher.reload();
    await clock.advance(10_000);
    const late = minor('b', { phase: { ...FIRING, firedAtMs: clock.nowMs() } });
    await tell(minor('a'), late);
    await clock.advance(49_999);
    expect(store.messages).toHaveLength(1);
    await clock.advance(1);
    expect(store.messages).toHaveLength(2);
  });

  it('is not kept back by a clock that was set back', async () => {
    const far = manualClock(NOW_MS + 9e8);
    const clock = { ...far, nowMs: () => far.nowMs() - back };
    let back = 0;
    const { tell, store } = await bench({ clock });
    await tell(minor('a'));
    back = 8e8;
    await far.advance(61_000);
    await tell(minor('a'));
    await far.advance(61_000);
    expect(store.messages).toHaveLength(1);
  });
});

describe('an episode', () => {
  it('is one thread from the first message to the last, and the next is another', async () => {
    const { tell, store, clock, subjects } = await bench();
    await tell(CRITICAL);
    await clock.advance(5_000);
    await tell(instance({ phase: resolvedAt(NOW_MS + 5_000) }));
    expect(subjects()).toEqual([
      expect.stringMatching(/^\[Critical\]/),
      expect.stringMatching(/^\[Resolved\]/),
    ]);
    await clock.advance(60_000);
    await tell(instance({ phase: { ...FIRING, firedAtMs: clock.nowMs() } }));
    const threads = store.messages.map(({ references }) => references);
    expect(threads[1]).toBe(threads[0]);
    expect(threads[2]).not.toBe(threads[0]);
  });

  it('tells of an end once, however long the end is remembered', async () => {
    const { tell, store, clock } = await bench();
    await tell(CRITICAL);
    const over = instance({ phase: resolvedAt(NOW_MS + 1) });
    await clock.advance(1);
    for (let minute = 0; minute < 15; minute += 1) {
      await tell(over);
      await clock.advance(60_000);
    }
    expect(store.messages).toHaveLength(2);
  });

  it('tells again of an alert that ended and came back while another of its group went on', async () => {
    const { tell, store, clock } = await bench();
    const other = instance({
      fingerprint: 'f1',
      labels: { alertname: 'UpsOnBattery', device: 'ups-b' },
      phase: FIRING,
    });
    await tell(CRITICAL, other);
    await tell(instance({ phase: resolvedAt(NOW_MS) }), other);
    await clock.advance(60_000);
    expect(store.messages).toHaveLength(1);
    await tell(CRITICAL, other);
    expect(store.messages).toHaveLength(2);
  });

  it('of a group that vanished is over: should it come back, it is news', async () => {
    const { tell, store, clock } = await bench();
    await tell(CRITICAL);
    await tell();
    await clock.advance(120_000);
    await tell(CRITICAL);
    expect(store.messages).toHaveLength(2);
  });

  it('is remembered for a day', async () => {
    const { tell, store, clock } = await bench();
    await tell(CRITICAL);
    await tell();
    await clock.advance(RECORD_RETENTION_MS + 1);
    expect(store.kept.size).toBe(1);
    const later = instance({ fingerprint: 'f2', labels: { alertname: 'Other', device: 'ups-a' } });
    await tell(later);
    expect([...store.kept.values()].map(({ firing }) => firing)).toEqual([['f2']]);
  });
});

describe('the dispatcher', () => {
  it('tries again and again to write what could not be written, and tells it once', async () => {
    const { tell, store, clock } = await bench();
    store.failure = new Error('disk full');
    await tell(CRITICAL);
    await clock.advance(20_000);
    expect(store.messages).toEqual([]);
    store.failure = undefined;
    await clock.advance(5_000);
    expect(store.messages).toHaveLength(1);
    await clock.advance(3_600_000);
    expect(store.messages).toHaveLength(1);
  });

  it('goes on when what it looks at is there again', async () => {
    let isBroken = true;
    const flood = () => {
      if (isBroken) throw new Error('nobody knows');
      return CALM;
    };
    const { tell, store, clock } = await bench({ flood });
    await tell(CRITICAL);
    expect(store.messages).toEqual([]);
    isBroken = false;
    await clock.advance(5_000);
    expect(store.messages).toHaveLength(1);
  });

  it('says of each alert what the gates said, and that a route tells nobody', async () => {
    const { tell, dispatcher } = await bench();
    await tell(CRITICAL);
    expect(dispatcher.verdicts('f0')[0]?.verdicts.at(-1)).toEqual({
      gate: 'already_sent',
      outcome: 'passed',
      reason: 'new',
      atMs: NOW_MS,
    });
    const nobody = await bench({ yaml: 'receivers: [{ name: nobody }]' });
    await nobody.tell(CRITICAL);
    expect(nobody.dispatcher.verdicts('f0')).toMatchObject([
      { receiver: 'nobody', verdicts: [{ gate: 'route', outcome: 'held', reason: 'no_receiver' }] },
    ]);
    expect(nobody.dispatcher.verdicts('unknown')).toEqual([]);
  });
});

describe('the watch', () => {
  it('is told as it stands at that instant: who takes over hears of what is on, who left hears no more', async () => {
    const who = watchOf([ANNA, BO], { operator: ['anna'] });
    const yaml = `${SMTP}\nreceivers: [{ name: desk, watch: operator, fallback: [李波] }]`;
    const { tell, store, clock } = await bench({ yaml, who });
    await tell(CRITICAL);
    who.putOn({});
    await clock.advance(5 * 60_000);
    await tell();
    expect(store.messages.map(({ to, subject }) => `${to} ${subject.slice(0, 4)}`)).toEqual([
      'anna@centre.example [Cri',
      'bo@centre.example 【紧急】',
    ]);
  });
});

describe('a silence that begins or ends', () => {
  it('is judged at once, without telling anything twice', async () => {
    const { tell, dispatcher, store, clock } = await bench();
    await tell(minor('m0'));
    await clock.advance(60_000);
    const told = store.messages.length;
    expect(told).toBeGreaterThan(0);
    await tell(minor('m0'), minor('m1'));
    dispatcher.recall();
    await clock.advance(0);
    expect(store.messages).toHaveLength(told + 1);
    dispatcher.recall();
    await clock.advance(0);
    expect(store.messages).toHaveLength(told + 1);
  });
});
