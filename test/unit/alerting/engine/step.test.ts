import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterOutage,
  RESOLVED_RETENTION_MS,
  step,
  type Delays,
  type Reading,
} from '../../../../alerting/engine/step.ts';
import type { Phase } from '../../../../config/model/alert.ts';

const TRUE: Reading = { kind: 'true' };
const FALSE: Reading = { kind: 'false' };
const HOLD: Reading = { kind: 'no_data', isHeld: true };
const GONE: Reading = { kind: 'no_data', isHeld: false };
const LEFT: Reading = { kind: 'ended', cause: 'left_site' };
const PERSON: Reading = { kind: 'ended', cause: 'person' };
const RULE: Reading = { kind: 'ended', cause: 'rule_removed' };

const AT_ONCE: Delays = { forMs: 0, keepFiringForMs: 0 };
const FOR_10: Delays = { forMs: 10, keepFiringForMs: 0 };
const KEEP_10: Delays = { forMs: 0, keepFiringForMs: 10 };

const PENDING: Phase = { kind: 'pending', sinceMs: 90 };
const FIRING: Phase = { kind: 'firing', sinceMs: 80, firedAtMs: 85 };
const CLEARING: Phase = { kind: 'firing', sinceMs: 80, firedAtMs: 85, clearSinceMs: 95 };
const HELD: Phase = { kind: 'held', sinceMs: 80, firedAtMs: 85, heldSinceMs: 95 };
const RESOLVED: Phase = { kind: 'resolved', firedAtMs: 85, resolvedAtMs: 95, cause: 'condition' };

function resolvedAt(resolvedAtMs: number, cause: Extract<Phase, { kind: 'resolved' }>['cause']): Phase {
  return { kind: 'resolved', firedAtMs: 85, resolvedAtMs, cause };
}

type Case = readonly [
  title: string,
  phase: Phase | undefined,
  reading: Reading,
  atMs: number,
  delays: Delays,
  want: Phase | undefined,
];

const TABLE: readonly Case[] = [
  [
    'true without a delay fires at once',
    undefined,
    TRUE,
    100,
    AT_ONCE,
    { kind: 'firing', sinceMs: 100, firedAtMs: 100 },
  ],
  ['true with a delay is pending', undefined, TRUE, 100, FOR_10, { kind: 'pending', sinceMs: 100 }],
  ['false of nothing is nothing', undefined, FALSE, 100, FOR_10, undefined],
  ['no data of nothing is nothing', undefined, HOLD, 100, AT_ONCE, undefined],
  ['an end of nothing is nothing', undefined, LEFT, 100, AT_ONCE, undefined],

  ['pending waits until its delay is over', PENDING, TRUE, 99, FOR_10, PENDING],
  [
    'pending waits no longer than its delay when the clock was set back',
    PENDING,
    TRUE,
    50,
    FOR_10,
    { kind: 'pending', sinceMs: 50 },
  ],
  [
    'clearing waits no longer than its delay when the clock was set back',
    CLEARING,
    FALSE,
    50,
    KEEP_10,
    { ...CLEARING, clearSinceMs: 50 },
  ],
  [
    'pending fires when its delay is over',
    PENDING,
    TRUE,
    100,
    FOR_10,
    { kind: 'firing', sinceMs: 90, firedAtMs: 100 },
  ],
  [
    'pending fires late, but counts from its start',
    PENDING,
    TRUE,
    150,
    FOR_10,
    { kind: 'firing', sinceMs: 90, firedAtMs: 150 },
  ],
  ['pending is given up when false', PENDING, FALSE, 95, FOR_10, undefined],
  ['pending is given up when false, however late', PENDING, FALSE, 150, FOR_10, undefined],
  ['pending is given up without data, held or not', PENDING, HOLD, 95, FOR_10, undefined],
  ['pending is given up without data', PENDING, GONE, 95, FOR_10, undefined],
  ['pending is given up when its device leaves', PENDING, LEFT, 95, FOR_10, undefined],

  ['firing goes on', FIRING, TRUE, 100, FOR_10, FIRING],
  ['firing resolves when false', FIRING, FALSE, 100, AT_ONCE, resolvedAt(100, 'condition')],
  [
    'firing resolves when false, whatever its delay',
    FIRING,
    FALSE,
    100,
    FOR_10,
    resolvedAt(100, 'condition'),
  ],
  [
    'firing resolves without data where the rule does not hold',
    FIRING,
    GONE,
    100,
    AT_ONCE,
    resolvedAt(100, 'no_data'),
  ],
  [
    'firing is held without data where the rule holds',
    FIRING,
    HOLD,
    100,
    AT_ONCE,
    { kind: 'held', sinceMs: 80, firedAtMs: 85, heldSinceMs: 100 },
  ],
  ['firing ends with its device', FIRING, LEFT, 100, AT_ONCE, resolvedAt(100, 'left_site')],
  ['firing ends with its rule, without waiting', FIRING, RULE, 100, KEEP_10, resolvedAt(100, 'rule_removed')],

  ['firing is kept when it becomes false', FIRING, FALSE, 100, KEEP_10, { ...FIRING, clearSinceMs: 100 }],
  ['firing is kept when its data ends', FIRING, GONE, 100, KEEP_10, { ...FIRING, clearSinceMs: 100 }],
  ['a kept one is kept until its time is over', CLEARING, FALSE, 104, KEEP_10, CLEARING],
  ['a kept one resolves when its time is over', CLEARING, FALSE, 105, KEEP_10, resolvedAt(105, 'condition')],
  ['a kept one without data resolves for that', CLEARING, GONE, 105, KEEP_10, resolvedAt(105, 'no_data')],
  ['a kept one that is true again forgets that it was not', CLEARING, TRUE, 104, KEEP_10, FIRING],
  [
    'a kept one is held without data',
    CLEARING,
    HOLD,
    104,
    KEEP_10,
    { kind: 'held', sinceMs: 80, firedAtMs: 85, heldSinceMs: 104 },
  ],
  [
    'a kept one resolves at once where the rule no longer keeps',
    CLEARING,
    FALSE,
    96,
    AT_ONCE,
    resolvedAt(96, 'condition'),
  ],

  ['held stays held without data, however long', HELD, HOLD, 1e12, AT_ONCE, HELD],
  ['held stays held though the rule keeps', HELD, HOLD, 1e12, KEEP_10, HELD],
  ['held fires on when its data returns true', HELD, TRUE, 100, FOR_10, FIRING],
  ['held resolves when its data returns false', HELD, FALSE, 100, AT_ONCE, resolvedAt(100, 'condition')],
  ['held is kept from the return of its data', HELD, FALSE, 110, KEEP_10, { ...FIRING, clearSinceMs: 110 }],
  ['held resolves where the rule holds no longer', HELD, GONE, 100, AT_ONCE, resolvedAt(100, 'no_data')],
  ['held ends when its device leaves the site', HELD, LEFT, 100, AT_ONCE, resolvedAt(100, 'left_site')],
  ['held ends by a person, without waiting', HELD, PERSON, 100, KEEP_10, resolvedAt(100, 'person')],

  ['resolved is remembered', RESOLVED, FALSE, 95 + RESOLVED_RETENTION_MS, AT_ONCE, RESOLVED],
  ['resolved is forgotten in the end', RESOLVED, FALSE, 96 + RESOLVED_RETENTION_MS, AT_ONCE, undefined],
  ['resolved is forgotten without data too', RESOLVED, HOLD, 96 + RESOLVED_RETENTION_MS, AT_ONCE, undefined],
  ['resolved stays resolved without data', RESOLVED, HOLD, 100, AT_ONCE, RESOLVED],
  [
    'resolved that is true again fires anew',
    RESOLVED,
    TRUE,
    100,
    AT_ONCE,
    { kind: 'firing', sinceMs: 100, firedAtMs: 100 },
  ],
  ['resolved that is true again waits anew', RESOLVED, TRUE, 100, FOR_10, { kind: 'pending', sinceMs: 100 }],
];

describe('the phase of an alert', () => {
  it.each(TABLE)('%s', (...[, phase, reading, atMs, delays, want]) => {
    expect(step(phase, reading, atMs, delays)).toEqual(want);
  });

  it.each(TABLE.filter(([, phase, , , , want]) => phase !== undefined && phase === want))(
    'is the same object while nothing changes: %s',
    (...[, phase, reading, atMs, delays]) => {
      expect(step(phase, reading, atMs, delays)).toBe(phase);
    },
  );
});

/**
 * Prometheus' own algorithm told as a history: an instance fires once an unbroken run of true readings has lasted
 * `for`, and stops once `keep_firing_for` has passed since the first reading that was not true. A held instance is
 * what it was when its data ended.
 */
interface Naive {
  state: 'inactive' | 'pending' | 'firing' | 'held';
  runStartMs: number;
  falseSinceMs: number | undefined;
}

const INACTIVE: Naive = { state: 'inactive', runStartMs: 0, falseSinceMs: undefined };

function naive(before: Naive, reading: Reading, atMs: number, rule: Delays): Naive {
  const wasOn = before.state === 'firing' || before.state === 'held';
  if (reading.kind === 'true') {
    if (wasOn) return { ...before, state: 'firing', falseSinceMs: undefined };
    const runStartMs = before.state === 'pending' ? before.runStartMs : atMs;
    return {
      state: atMs - runStartMs >= rule.forMs ? 'firing' : 'pending',
      runStartMs,
      falseSinceMs: undefined,
    };
  }
  return wasOn ? naiveOff(before, reading, atMs, rule) : INACTIVE;
}

function naiveOff(before: Naive, reading: Reading, atMs: number, { keepFiringForMs }: Delays): Naive {
  if (reading.kind === 'ended') return INACTIVE;
  if (reading.kind === 'no_data' && reading.isHeld)
    return { ...before, state: 'held', falseSinceMs: undefined };
  const falseSinceMs = before.falseSinceMs ?? atMs;
  const isKept = keepFiringForMs > 0 && atMs - falseSinceMs < keepFiringForMs;
  return isKept ? { ...before, state: 'firing', falseSinceMs } : INACTIVE;
}

const readings = fc.constantFrom(TRUE, TRUE, TRUE, FALSE, FALSE, HOLD, HOLD, GONE, LEFT);
const histories = fc.array(fc.record({ reading: readings, passedMs: fc.integer({ min: 1, max: 8 }) }), {
  maxLength: 60,
});
const delays = fc.record({
  forMs: fc.constantFrom(0, 1, 5, 12),
  keepFiringForMs: fc.constantFrom(0, 1, 5, 12),
});

function shown(phase: Phase | undefined): Naive['state'] {
  return phase === undefined || phase.kind === 'resolved' ? 'inactive' : phase.kind;
}

describe('any history of readings', () => {
  it('leads where the naive model leads', () => {
    fc.assert(
      fc.property(histories, delays, (history, rule) => {
        let phase: Phase | undefined;
        let model = INACTIVE;
        let atMs = 1_000;
        for (const { reading, passedMs } of history) {
          atMs += passedMs;
          phase = step(phase, reading, atMs, rule);
          model = naive(model, reading, atMs, rule);
          expect(shown(phase)).toBe(model.state);
          if (model.state === 'firing' || model.state === 'held' || model.state === 'pending') {
            expect(phase).toMatchObject({ sinceMs: model.runStartMs });
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never resolves a held instance while its data is missing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e9 })), delays, (steps, rule) => {
        let phase: Phase | undefined = HELD;
        let atMs = 100;
        for (const passedMs of steps) {
          atMs += passedMs;
          phase = step(phase, HOLD, atMs, rule);
        }
        expect(phase).toBe(HELD);
      }),
    );
  });

  it('keeps the instant at which it fired until it is over', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(TRUE, HOLD), { minLength: 1, maxLength: 40 }), (history) => {
        let phase = step(undefined, TRUE, 1, AT_ONCE);
        history.forEach((reading, index) => {
          phase = step(phase, reading, 2 + index, AT_ONCE);
        });
        expect(phase).toMatchObject({ firedAtMs: 1, sinceMs: 1 });
      }),
    );
  });
});

describe('an outage', () => {
  const MINUTE = 60_000;
  const since = (minutes: number): Phase => ({ kind: 'pending', sinceMs: minutes * MINUTE });

  // The rule waits 5 or 30 minutes; it was judged last at 100 min.
  it.each([
    ['does not count towards a short wait', since(97), 5, 120, since(117)],
    ['of nothing changes nothing', since(97), 5, 100, since(97)],
    ['leaves a wait that was over when it began over', since(90), 5, 120, since(110)],
    ['leaves a long wait where it was', since(90), 30, 120, since(110)],
    ['leaves of a long wait at least ten minutes', since(75), 30, 120, since(100)],
    ['of an hour is bridged', since(97), 5, 160, since(157)],
    ['of more begins a wait anew', since(97), 5, 161, undefined],
    ['touches nothing that fires', FIRING, 5, 161, FIRING],
    ['touches nothing that is held', HELD, 5, 161, HELD],
  ] as const)('%s', (...[, phase, forMinutes, atMinutes, want]) => {
    const rule = { forMs: forMinutes * MINUTE };
    expect(afterOutage(phase, 100 * MINUTE, atMinutes * MINUTE, rule)).toEqual(want);
  });

  it('of which nobody knows when it began begins a wait anew', () => {
    expect(afterOutage(since(97), undefined, 100 * MINUTE, { forMs: MINUTE })).toBeUndefined();
  });
});
