import { DAY_MS, HOUR_MS, type AttentionReport, type AttentionView } from '../../config/model/attention.ts';
import type { ChasesBody } from '../../config/model/chase.ts';
import { DOOR, HOT, ON_BATTERY, pointOf } from './fake-room.ts';

const MINUTE_MS = 60_000;
const [HEAT, OPEN_DOOR, BATTERY] = [pointOf(HOT), pointOf(DOOR), pointOf(ON_BATTERY)];

/** A bad hour for two people on watch, in a flood whose root is the UPS. */
export function floodedWatch(nowMs: number): AttentionView {
  const root = BATTERY.fingerprint;
  const flood = { sinceMs: nowMs - 12 * MINUTE_MS, raised: 47, root };
  return { people: 2, tenMinutes: 47, hour: 61, day: 254, chattering: 1, stale: 2, flood };
}

/** A month with one of everything that a report can hold. */
export function reportOf(nowMs: number): AttentionReport {
  const days = Array.from({ length: 28 }, (_, index) => {
    const own = (index * 37) % 113;
    const dayMs = nowMs - (27 - index) * DAY_MS;
    const day = new Date(dayMs).toISOString().slice(0, 10);
    return { day, own: own * 3, folded: own, silenced: index % 4, stale: index % 6 };
  });
  const at = (daysAgo: number): number => nowMs - daysAgo * DAY_MS;
  return {
    fromMs: at(27),
    toMs: nowMs,
    people: 1.8,
    isCut: true,
    raised: { own: 4_212, folded: 1_404, silenced: 42 },
    load: {
      tenMinutes: { mean: 0.58, most: 23.5, mostAtMs: at(3) },
      hour: { mean: 7.2, most: 44, mostAtMs: at(3) },
      day: { mean: 312, most: 336, mostAtMs: at(9) },
    },
    busyRatio: 0.013,
    floods: [
      { fromMs: at(9), toMs: at(9) + HOUR_MS, raised: 212 },
      { fromMs: nowMs - 12 * MINUTE_MS, raised: 47 },
    ],
    days,
    mix: { low: 0.62, medium: 0.27, high: 0.11 },
    topTenRatio: 0.41,
    offenders: [
      {
        ...HEAT,
        raised: 812,
        ratio: 0.193,
        proposal: { kind: 'dead_band', limit: 28, ends: 26.5, spared: 640, of: 812 },
      },
      {
        ...OPEN_DOOR,
        raised: 420,
        ratio: 0.1,
        proposal: { kind: 'delay', forMs: 90_000, spared: 390, of: 420 },
      },
      {
        ...BATTERY,
        raised: 96,
        ratio: 0.023,
        proposal: { kind: 'hold', keepFiringForMs: 300_000, spared: 60, of: 96 },
      },
      { ...HEAT, fingerprint: 'other', device: 'gone-1', raised: 12, ratio: 0.003 },
    ],
    chattering: [{ ...OPEN_DOOR, times: 14, lastAtMs: nowMs - 20 * MINUTE_MS }],
    stale: [
      { ...HEAT, firedAtMs: at(2) },
      { ...BATTERY, firedAtMs: at(6), owner: '李雷', plan: '等备件到货，周五更换电池组' },
    ],
    acknowledged: { count: 3_900, never: 312, medianMs: 95_000, p90Ms: 611_000 },
    firstAction: { count: 2_100, never: 2_112, medianMs: 240_000, p90Ms: 3_600_000 },
    unexplained: [
      { rule: 'custom-1', name: 'GeneratorFuelLow', missing: ['response', 'time_to_act'] },
      { rule: 'custom-2', name: 'TapeDriveDirty', missing: ['consequence'] },
    ],
    rules: 84,
  };
}

/** An alert that nobody acknowledged, a silence that ends soon, and a task that was seen to. */
export function chasesOf(nowMs: number): ChasesBody {
  const battery = { title: BATTERY.summary, alert: BATTERY.fingerprint, path: '/alerts' };
  return {
    open: [
      {
        ...battery,
        id: `unacknowledged ${BATTERY.fingerprint}`,
        kind: 'unacknowledged',
        dueAtMs: nowMs - 42 * MINUTE_MS,
        whose: [],
        chased: [
          { as: 'person', to: [], atMs: nowMs - 40 * MINUTE_MS },
          { as: 'supervisor', to: ['wu'], atMs: nowMs - 10 * MINUTE_MS },
        ],
      },
      {
        id: 'silence_ends s1',
        kind: 'silence_ends',
        title: HEAT.summary,
        dueAtMs: nowMs - 5 * MINUTE_MS,
        whose: ['li'],
        path: '/silences',
        chased: [{ as: 'person', to: ['li'], atMs: nowMs - 5 * MINUTE_MS }],
        answer: { person: 'li', atMs: nowMs - 2 * MINUTE_MS, text: '测试还要一小时' },
      },
    ],
    over: [
      {
        id: 'claim_expired door',
        kind: 'claim_expired',
        title: OPEN_DOOR.summary,
        dueAtMs: nowMs - 5 * HOUR_MS,
        whose: ['admin', 'li'],
        alert: OPEN_DOOR.fingerprint,
        path: '/alerts',
        chased: [{ as: 'person', to: ['admin', 'li'], atMs: nowMs - 5 * HOUR_MS }],
        endedAtMs: nowMs - 4 * HOUR_MS,
      },
    ],
  };
}
