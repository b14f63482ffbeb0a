import { describe, expect, it } from 'vitest';
import { CALM, type FloodState } from '../../../../alerting/attention/flood.ts';
import { DIGEST_MS } from '../../../../alerting/notify/digest.ts';
import type { AlertInstance } from '../../../../config/model/alert.ts';
import { instance } from '../../../support/alerts.ts';
import {
  dispatchBench as bench,
  FIRING,
  minor,
  NOW_MS,
  resolvedAt,
  SMTP,
} from '../../../support/dispatching.ts';

describe('in a flood', () => {
  const MINUTE = 60_000;
  const YAML = `${SMTP}
receivers: [{ name: desk, mail: [desk@x.example], webhook: [{ url: "http://hook.example/" }], language: en }]
route: { receiver: desk, group_by: [alertname, device], group_wait: 0s, group_interval: 1m, urgent: [critical] }`;
  const many = (from: number, count: number, more: Partial<AlertInstance> = {}): readonly AlertInstance[] =>
    Array.from({ length: count }, (_, n) =>
      minor(`m${from + n}`, { labels: { alertname: 'Silent', device: `d${from + n}` }, ...more }),
    );
  const smoke = instance({
    fingerprint: 'smoke',
    phase: FIRING,
    labels: { alertname: 'Smoke', device: 'annex-1' },
    annotations: { ...instance().annotations, danger: 'life', summary_en: 'Smoke' },
  });
  const urgentOn = (device: string, phase: AlertInstance['phase'] = FIRING): AlertInstance =>
    instance({ fingerprint: `u-${device}`, phase, labels: { alertname: 'UpsOnBattery', device } });
  const flooded = async (yaml = YAML) => {
    let flood: FloodState = { kind: 'flood', sinceMs: NOW_MS };
    const here = await bench({ yaml, flood: () => flood });
    return {
      ...here,
      mails: () => here.store.messages.filter(({ channel }) => channel === 'mail'),
      calm: () => (flood = CALM),
    };
  };
  /** Something urgent fires among many, is over, and fires anew, ten seconds each. */
  const comesBack = async ({ tell, clock }: Pick<Awaited<ReturnType<typeof flooded>>, 'tell' | 'clock'>) => {
    await tell(...many(0, 12), urgentOn('ups-a'));
    await clock.advance(10_000);
    await tell(...many(0, 12), urgentOn('ups-a', resolvedAt(clock.nowMs())));
    await clock.advance(10_000);
    const again = { kind: 'firing', sinceMs: clock.nowMs(), firedAtMs: clock.nowMs() } as const;
    await tell(...many(0, 12), urgentOn('ups-a', again));
  };

  it('people get one mail for all of it, programs each thing by itself', async () => {
    const { tell, mails, store, clock } = await flooded();
    await tell(...many(0, 12));
    expect(mails().map(({ subject, alerts }) => [subject, alerts.length])).toEqual([
      ['[Minor] 12 alarms in a flood, the gravest: UPS on battery', 12],
    ]);
    expect(mails()[0]?.text).toContain('A flood of alarms since');
    expect(store.messages.filter(({ channel }) => channel === 'webhook')).toHaveLength(12);
    await tell(...many(0, 20));
    expect(mails()).toHaveLength(1);
    expect(store.messages.filter(({ channel }) => channel === 'webhook')).toHaveLength(20);
    await clock.advance(DIGEST_MS);
    expect(mails().map(({ alerts }) => alerts.length)).toEqual([12, 8]);
    expect(mails()[1]?.references).toBe(mails()[0]?.references);
  });

  it('says when each that waits will be told', async () => {
    const { tell, dispatcher, clock } = await flooded();
    await tell(...many(0, 12));
    await clock.advance(MINUTE);
    await tell(...many(0, 13));
    const [mail] = dispatcher.verdicts('m12');
    expect(mail?.verdicts.at(-1)).toMatchObject({
      gate: 'digest',
      outcome: 'held',
      reason: 'digested',
      untilMs: NOW_MS + DIGEST_MS,
    });
  });

  it('what is urgent takes the others along after a minute at most', async () => {
    const { tell, mails, clock } = await flooded();
    await tell(...many(0, 12));
    await clock.advance(10_000);
    await tell(...many(0, 14), urgentOn('ups-a'));
    expect(mails()).toHaveLength(1);
    await clock.advance(50_000);
    expect(mails().map(({ alerts }) => alerts.length)).toEqual([12, 3]);
    expect(mails()[1]?.subject).toContain('[Critical]');
  });

  it('what is urgent does not wait longer where its group waits already for the next word', async () => {
    const { tell, mails, clock } = await flooded();
    await tell(...many(0, 12));
    await clock.advance(10_000);
    await tell(...many(0, 13));
    await clock.advance(10_000);
    const urgent = instance({ phase: FIRING, labels: { alertname: 'Silent', device: 'd12' } });
    await tell(...many(0, 13), urgent);
    await clock.advance(40_000);
    expect(mails().map(({ alerts }) => alerts.length)).toEqual([12, 2]);
    expect(mails()[1]?.subject).toContain('[Critical]');
  });

  it('what is urgent waits no longer than the beat of its group', async () => {
    const { tell, mails, clock } = await flooded(YAML.replace('group_interval: 1m', 'group_interval: 5s'));
    await tell(...many(0, 12));
    await clock.advance(10_000);
    await tell(...many(0, 13), urgentOn('ups-a'));
    await clock.advance(4_999);
    expect(mails()).toHaveLength(1);
    await clock.advance(1);
    expect(mails().map(({ alerts }) => alerts.length)).toEqual([12, 2]);
  });

  it('what was told and fires again is told again, though its end waits to be told', async () => {
    const { tell, mails, store, clock } = await flooded();
    await comesBack({ tell, clock });
    expect(mails()).toHaveLength(1);
    await clock.advance(40_000);
    expect(
      mails()
        .slice(1)
        .map(({ subject }) => subject.slice(0, 14)),
    ).toEqual(['[Critical] UPS']);
    expect(
      store.messages.filter(({ channel, alerts }) => channel === 'webhook' && alerts[0] === 'u-ups-a'),
    ).toHaveLength(3);
    await clock.advance(2 * DIGEST_MS);
    expect(mails()).toHaveLength(2);
  });

  it('what fires again and is over before the next word is told as over', async () => {
    const { tell, mails, clock } = await flooded();
    await comesBack({ tell, clock });
    await clock.advance(10_000);
    await tell(...many(0, 12), urgentOn('ups-a', resolvedAt(clock.nowMs())));
    await clock.advance(DIGEST_MS);
    expect(
      mails()
        .slice(1)
        .map(({ subject }) => subject.slice(0, 14)),
    ).toEqual(['[Resolved] UPS']);
  });

  it('what endangers people is told at once and by itself', async () => {
    const { tell, mails, clock } = await flooded();
    await tell(...many(0, 12));
    await clock.advance(1_000);
    await tell(...many(0, 14), smoke);
    expect(mails().map(({ alerts }) => alerts)).toEqual([expect.any(Array), ['smoke']]);
    expect(mails()[1]?.subject).toMatch(/^\[Critical\] Smoke/);
  });

  it('what endangers people is told by itself, also when all the others are told in the same moment', async () => {
    const { tell, mails } = await flooded();
    await tell(...many(0, 12), smoke);
    expect(mails().map(({ alerts }) => alerts.length)).toEqual([12, 1]);
    await tell(...many(0, 12), { ...smoke, phase: resolvedAt(NOW_MS) });
    expect(mails().at(-1)?.subject).toMatch(/^\[Resolved\] Smoke/);
  });

  it('what is over already is told together with the rest, and the last word says that the flood is over', async () => {
    const { tell, mails, clock, calm } = await flooded();
    await tell(...many(0, 12));
    await clock.advance(2 * MINUTE);
    const over = many(0, 6, { phase: resolvedAt(NOW_MS + 2 * MINUTE) });
    await tell(...over, ...many(6, 7));
    expect(mails()).toHaveLength(1);
    await clock.advance(MINUTE);
    calm();
    await tell(...over, ...many(6, 7));
    expect(mails()).toHaveLength(2);
    expect(mails()[1]?.alerts.toSorted()).toEqual(['m0', 'm1', 'm12', 'm2', 'm3', 'm4', 'm5']);
    expect(mails()[1]?.text).toContain('Ended at');
    expect(mails()[1]?.text).toContain('is over');
    await tell(...over, ...many(6, 8));
    expect(mails()[2]?.subject).toBe('[Minor] UPS on battery: d13');
  });

  it('a decision that could not be written is made again', async () => {
    const { tell, mails, store, clock } = await flooded();
    store.failure = new Error('disk full');
    await tell(...many(0, 12));
    expect(mails()).toHaveLength(0);
    store.failure = undefined;
    await clock.advance(5_000);
    expect(mails()).toHaveLength(1);
  });
});
