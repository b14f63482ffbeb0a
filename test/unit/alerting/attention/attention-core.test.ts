import { describe, expect, it } from 'vitest';
import { chatterSpells } from '../../../../alerting/attention/chatter.ts';
import { responseOf, staleAt, standingsOf } from '../../../../alerting/attention/episodes.ts';
import { CALM, floodEdgeMs, floodsOf, floodStep } from '../../../../alerting/attention/flood.ts';
import { busyRatioOf, loadOf, ratesOf, spansOf } from '../../../../alerting/attention/load.ts';
import { deadBandOf, proposalOf } from '../../../../alerting/attention/proposals.ts';
import type { JournalLine } from '../../../../alerting/attention/raise.ts';
import { attentionReport } from '../../../../alerting/attention/report.ts';
import { judgeLoad } from '../../../../config/model/attention.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const one = (): number => 1;

/** So many instants, one each `everyMs`. */
const each = (count: number, everyMs: number, fromMs = 0): readonly number[] =>
  Array.from({ length: count }, (_, n) => fromMs + n * everyMs);

function line(atMs: number, more: Partial<JournalLine> & { readonly of?: string } = {}): JournalLine {
  const { of = 'f0', ...rest } = more;
  return {
    atMs,
    transition: 'fired',
    point: {
      fingerprint: of,
      name: `Alert-${of}`,
      rule: `rule-${of}`,
      summary: { 'zh-CN': of, en: of },
      severity: 'minor',
    },
    isDanger: false,
    firedAtMs: atMs,
    ...rest,
  };
}

describe('the load of the watch', () => {
  it('is per person and window, empty windows included', () => {
    const spans = spansOf({ fromMs: 0, toMs: 40 * MINUTE }, 10 * MINUTE);
    const rates = ratesOf([0, 1, 2, 25 * MINUTE], spans, (atMs) => (atMs === 0 ? 3 : 1));
    expect(rates).toEqual([1, 0, 1, 0]);
    expect(loadOf(rates, spans)).toEqual({ mean: 0.5, most: 1, mostAtMs: 0 });
    expect(loadOf([0, 0], spans)).toEqual({ mean: 0, most: 0 });
    expect(busyRatioOf([11, 10, 0, 0])).toBe(0.25);
  });

  it.each([
    ['hour', 6, 'good'],
    ['hour', 6.1, 'managed'],
    ['hour', 12.1, 'over'],
    ['tenMinutes', 1, 'good'],
    ['day', 301, 'over'],
  ] as const)('per %s: %d is %s', (span, rate, verdict) => {
    expect(judgeLoad(span, rate)).toBe(verdict);
  });
});

describe('a flood', () => {
  it('begins with more than ten in ten minutes, at the first of them', () => {
    const calm = floodStep(CALM, each(10, 50 * SECOND), { atMs: 9 * MINUTE, people: 1 });
    expect(calm).toBe(CALM);
    const raised = each(11, 50 * SECOND, MINUTE);
    const atMs = raised.at(-1) ?? 0;
    expect(floodStep(CALM, raised, { atMs, people: 1 })).toEqual({ kind: 'flood', sinceMs: MINUTE });
    expect(floodStep(CALM, raised, { atMs, people: 2 })).toBe(CALM);
  });

  it('ends when ten minutes hold fewer than five, and not before', () => {
    const raised = each(11, SECOND);
    const flood = { kind: 'flood', sinceMs: 0 } as const;
    const edgeMs = floodEdgeMs(raised, 1) ?? 0;
    expect(edgeMs).toBe(6 * SECOND + 10 * MINUTE);
    expect(floodStep(flood, raised, { atMs: edgeMs - 1, people: 1 })).toBe(flood);
    expect(floodStep(flood, raised, { atMs: edgeMs, people: 1 })).toBe(CALM);
  });

  it('is found in a history, with its end and how much was raised in it', () => {
    const raised = [...each(12, SECOND), ...each(30, SECOND, 2 * HOUR)];
    expect(floodsOf(raised, one, 2 * HOUR + MINUTE)).toEqual([
      { fromMs: 0, toMs: 7 * SECOND + 10 * MINUTE, raised: 12 },
      { fromMs: 2 * HOUR, raised: 30 },
    ]);
    expect(floodsOf(each(200, 2 * MINUTE), one, DAY)).toEqual([]);
  });
});

describe('a point that chatters', () => {
  it.each([
    ['three within a minute', [0, 30 * SECOND, 60 * SECOND], [0]],
    ['two', [0, SECOND], []],
    ['three within a minute and a second', [0, 30 * SECOND, 61 * SECOND], []],
    ['one long spell, and another later', [...each(20, 20 * SECOND), ...each(3, SECOND, HOUR)], [0, HOUR]],
  ])('%s', (_case, raised, spells) => {
    expect(chatterSpells(raised)).toEqual(spells);
  });
});

describe('what became of alerts', () => {
  const lines = [
    line(0),
    line(5 * MINUTE, { transition: 'claimed', person: 'li', text: 'fan ordered' }),
    line(0, { of: 'f1' }),
    line(2 * MINUTE, { of: 'f1', transition: 'noted', person: 'li', text: 'seen' }),
    line(3 * MINUTE, { of: 'f1', transition: 'resolved', firedAtMs: 0 }),
    line(4 * MINUTE, { of: 'f2' }),
    line(4 * MINUTE, { of: 'f3', muted: 'inhibited' }),
  ];

  it('tells how long people took to acknowledge and to do anything, of what they had to look at', () => {
    const standings = standingsOf(lines);
    expect(responseOf(standings, ({ acknowledgedAtMs }) => acknowledgedAtMs)).toEqual({
      count: 1,
      never: 2,
      medianMs: 5 * MINUTE,
      p90Ms: 5 * MINUTE,
    });
    expect(responseOf(standings, ({ actedAtMs }) => actedAtMs)).toEqual({
      count: 2,
      never: 1,
      medianMs: 2 * MINUTE,
      p90Ms: 5 * MINUTE,
    });
  });

  it('stale is what has stood for more than a day, with owner and plan as far as there are any', () => {
    expect(staleAt(standingsOf(lines), DAY)).toEqual([]);
    const stale = staleAt(standingsOf(lines), DAY + 5 * MINUTE);
    expect(stale.map(({ fingerprint, owner, plan }) => [fingerprint, owner, plan])).toEqual([
      ['f0', 'li', 'fan ordered'],
      ['f2', undefined, undefined],
      ['f3', undefined, undefined],
    ]);
    const released = [...lines, line(6 * MINUTE, { transition: 'released', person: 'li' })];
    expect(staleAt(standingsOf(released), 2 * DAY)[0]).not.toHaveProperty('owner');
  });
});

describe('a proposal', () => {
  it('waits longer for what is mostly over by itself, on top of what the rule waits already', () => {
    const episodes = [0, 1, 2, 3].map((n) => ({
      firedAtMs: n * HOUR,
      endedAtMs: n * HOUR + (n === 3 ? 40 * MINUTE : 40 * SECOND),
    }));
    expect(proposalOf(episodes, 30 * SECOND)).toEqual({
      kind: 'delay',
      forMs: 90 * SECOND,
      spared: 3,
      of: 4,
    });
  });

  it('lets stand what comes back at once', () => {
    const episodes = [0, 1, 2, 3].map((n) => ({
      firedAtMs: n * 65 * MINUTE,
      endedAtMs: n * 65 * MINUTE + 64 * MINUTE,
    }));
    expect(proposalOf(episodes, 0)).toEqual({ kind: 'hold', keepFiringForMs: 2 * MINUTE, spared: 3, of: 4 });
  });

  it.each([
    ['of two raises', each(2, HOUR).map((firedAtMs) => ({ firedAtMs, endedAtMs: firedAtMs + SECOND }))],
    ['of long ones far apart', each(4, DAY).map((firedAtMs) => ({ firedAtMs, endedAtMs: firedAtMs + HOUR }))],
    ['of one that goes on', [{ firedAtMs: 0 }]],
  ])('is none %s', (_case, episodes) => {
    expect(proposalOf(episodes, 0)).toBeUndefined();
  });

  it('sets the end apart from the beginning where a value dances about its limit', () => {
    const dance = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? 60.4 : 59.2));
    const found = deadBandOf([dance], { limit: 60, isAbove: true });
    expect(found).toMatchObject({ kind: 'dead_band', limit: 60, spared: 19, of: 20 });
    expect(found?.kind === 'dead_band' && found.ends).toBeLessThan(59.2);
    const below = deadBandOf([dance.map((value) => -value)], { limit: -60, isAbove: false });
    expect(below?.kind === 'dead_band' && below.ends).toBeGreaterThan(-59.2);
    expect(deadBandOf([[50, 70, 50, 70, 50, 70]], { limit: 60, isAbove: true })).toMatchObject({ ends: 48 });
    expect(deadBandOf([[59, 61, 70, 80]], { limit: 60, isAbove: true })).toBeUndefined();
  });
});

describe('the report', () => {
  const lines = [
    ...each(11, SECOND, HOUR).map((atMs, n) => line(atMs, { of: `n${n}` })),
    line(HOUR + 11 * SECOND, { of: 'n11', muted: 'inhibited' }),
    line(3 * HOUR, { of: 'n0', muted: 'silence' }),
    line(4 * HOUR, { of: 'smoke', muted: 'silence', isDanger: true }),
  ];
  const report = attentionReport({
    lines,
    fromMs: 0,
    toMs: DAY,
    days: [{ day: '2026-11-01', fromMs: 0, toMs: DAY }],
    peopleAt: one,
    rules: [
      { rule: 'rule-n0', name: 'N0', forMs: 0, missing: ['response'] },
      { rule: 'rule-n1', name: 'N1', forMs: 0, missing: [] },
    ],
  });

  it('tells apart what people had to look at, what was folded and what was silent; danger always counts', () => {
    expect(report.raised).toEqual({ own: 12, folded: 1, silenced: 1 });
    expect(report.load.day).toEqual({ mean: 12, most: 12, mostAtMs: 0 });
    expect(report.busyRatio).toBeCloseTo(1 / 144);
    expect(report.floods).toMatchObject([{ fromMs: HOUR, raised: 11 }]);
    expect(report.days).toEqual([{ day: '2026-11-01', own: 12, folded: 1, silenced: 1, stale: 0 }]);
  });

  it('names who raises most, the mix, and rules that do not explain themselves', () => {
    expect(report.offenders).toHaveLength(10);
    expect(report.topTenRatio).toBeCloseTo(10 / 12);
    expect(report.mix).toEqual({ low: 1, medium: 0, high: 0 });
    expect(report.unexplained).toEqual([{ rule: 'rule-n0', name: 'N0', missing: ['response'] }]);
    expect(report.rules).toBe(2);
  });
});
