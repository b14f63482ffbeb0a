import { describe, expect, it } from 'vitest';
import type { By } from '../../../alerting/care/acts.ts';
import { openCare, type Care } from '../../../alerting/care/care.ts';
import type { AlertInstance, Phase } from '../../../config/model/alert.ts';
import { silenceState, type Silence } from '../../../config/model/silence.ts';
import { fakeCareStore, type FakeCareStore } from '../../support/alert-stores.ts';
import { instance } from '../../support/alerts.ts';

const MINUTE = 60_000;
const START_MS = 1_000 * MINUTE;
const FIRING: Phase = { kind: 'firing', sinceMs: START_MS, firedAtMs: START_MS };
const LI: By = { person: 'li', origin: '10.0.0.1' };
const WANG: By = { person: 'wang', origin: '10.0.0.2' };
const WANTED = { fingerprint: 'f0', note: ' on my way ', isUntilWorse: false };
const NOTHING_SEEN = { seen: [], mutes: { maintained: () => undefined, silenced: () => undefined } };
const MATCHERS = [{ name: 'alertname', op: '=', value: 'UpsOnBattery' }] as const;

interface Bench {
  readonly care: Care;
  readonly store: FakeCareStore;
  nowMs: number;
  alerts: readonly AlertInstance[];
  changes: number;
}

async function bench(store = fakeCareStore()): Promise<Bench> {
  const here: { -readonly [K in keyof Bench]?: Bench[K] } = { nowMs: START_MS, changes: 0, store };
  const made = here as Bench;
  made.alerts = [instance({ phase: FIRING })];
  here.care = await openCare({
    store,
    nowMs: () => made.nowMs,
    instances: () => made.alerts,
    onChange: () => (made.changes += 1),
  });
  return made;
}

describe('a claim', () => {
  it('says who sees to an alert, until an end that its severity gives, in history and audit', async () => {
    const here = await bench();
    const claim = await here.care.claim(WANTED, LI);
    expect(claim).toMatchObject({ person: 'li', note: 'on my way', endsAtMs: START_MS + 30 * MINUTE });
    expect(here.care.claimOf('f0')).toEqual(claim);
    expect(here.store.changes).toMatchObject([
      {
        entries: [{ transition: 'claimed', person: 'li', reason: 'on my way' }],
        act: { who: 'li', origin: '10.0.0.1', action: 'claim_alert', target: 'f0' },
      },
    ]);
    expect(here.changes).toBe(1);
    here.nowMs += 30 * MINUTE;
    expect(here.care.claimOf('f0')).toBeUndefined();
  });

  it.each([
    ['of an alert that is none', { ...WANTED, fingerprint: 'x' }, 'not_found'],
    ['that ends before it begins', { ...WANTED, endsAtMs: START_MS }, 'invalid_request'],
    ['that lasts for days', { ...WANTED, endsAtMs: START_MS + 25 * 60 * MINUTE }, 'invalid_request'],
  ])('%s is refused and changes nothing', async (_case, wanted, code) => {
    const here = await bench();
    await expect(here.care.claim(wanted, LI)).rejects.toMatchObject({ code });
    expect(here.store.changes).toEqual([]);
  });

  it('is one person’s: another may not claim it, give it back or hand it on', async () => {
    const { care } = await bench();
    await care.claim(WANTED, LI);
    await expect(care.claim(WANTED, WANG)).rejects.toThrow(
      'li sees to this alert already; ask to take it over.',
    );
    await expect(care.release('f0', WANG)).rejects.toMatchObject({ code: 'conflict' });
    await expect(care.offer('f0', 'zhao', WANG)).rejects.toMatchObject({ code: 'conflict' });
    await expect(care.takeOver('f0', WANG)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is handed on when the other accepts, and is the first one’s until then', async () => {
    const { care, store } = await bench();
    await care.claim(WANTED, LI);
    await care.offer('f0', 'wang', LI);
    expect(care.claimOf('f0')?.person).toBe('li');
    await care.takeOver('f0', WANG);
    expect(care.claimOf('f0')).toMatchObject({ person: 'wang', note: 'on my way' });
    expect(care.claimOf('f0')?.offeredTo).toBeUndefined();
    expect(store.changes.map(({ entries }) => entries?.[0]?.transition)).toEqual([
      'claimed',
      'offered',
      'taken_over',
    ]);
  });

  it('can be extended by who has it, and given back', async () => {
    const here = await bench();
    await here.care.claim(WANTED, LI);
    here.nowMs += 20 * MINUTE;
    await here.care.claim({ ...WANTED, endsAtMs: here.nowMs + 60 * MINUTE }, LI);
    expect(here.care.claimOf('f0')?.endsAtMs).toBe(here.nowMs + 60 * MINUTE);
    await here.care.release('f0', LI);
    expect(here.care.claimOf('f0')).toBeUndefined();
    await expect(here.care.release('f0', LI)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('survives a short recovery, and is over after a long one', async () => {
    const here = await bench();
    await here.care.claim(WANTED, LI);
    const resolvedAtMs = START_MS + MINUTE;
    here.alerts = [
      instance({ phase: { kind: 'resolved', firedAtMs: START_MS, resolvedAtMs, cause: 'condition' } }),
    ];
    here.nowMs = resolvedAtMs + 10 * MINUTE;
    expect(await here.care.tend(NOTHING_SEEN)).toBe(START_MS + 30 * MINUTE);
    expect(here.care.claimOf('f0')?.person).toBe('li');
    here.nowMs += 1;
    await here.care.tend(NOTHING_SEEN);
    expect(here.care.claimOf('f0')).toBeUndefined();
    expect(here.store.changes.at(-1)).toMatchObject({
      claims: [{ ended: { cause: 'over' } }],
      entries: [{ transition: 'claim_ended' }],
    });
  });

  it('until it gets worse ends when the alert becomes graver, and not when it becomes lighter', async () => {
    const here = await bench();
    here.alerts = [instance({ phase: FIRING, severity: 'major' })];
    await here.care.claim({ ...WANTED, isUntilWorse: true }, LI);
    here.alerts = [instance({ phase: FIRING, severity: 'minor' })];
    await here.care.tend(NOTHING_SEEN);
    expect(here.care.claimOf('f0')?.person).toBe('li');
    here.alerts = [instance({ phase: FIRING, severity: 'critical' })];
    await here.care.tend(NOTHING_SEEN);
    expect(here.care.claimOf('f0')).toBeUndefined();
  });

  it('goes on over a restart', async () => {
    const first = await bench();
    const claim = await first.care.claim(WANTED, LI);
    const { care } = await bench(fakeCareStore([claim]));
    expect(care.claimOf('f0')).toEqual(claim);
  });

  it('that could not be kept is none', async () => {
    const here = await bench();
    here.store.failure = new Error('disk full');
    await expect(here.care.claim(WANTED, LI)).rejects.toThrow('disk full');
    expect(here.care.claimOf('f0')).toBeUndefined();
  });
});

describe('a note', () => {
  it('stays with the history of the alert', async () => {
    const { care, store } = await bench();
    await care.note('f0', 'fan replaced', WANG);
    expect(store.changes).toMatchObject([
      {
        entries: [{ transition: 'noted', person: 'wang', reason: 'fan replaced' }],
        act: { action: 'note_alert' },
      },
    ]);
    await expect(care.note('f0', '  ', WANG)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('a silence', () => {
  const wanted = {
    kind: 'silence' as const,
    matchers: MATCHERS,
    startsAtMs: START_MS,
    endsAtMs: START_MS + 60 * MINUTE,
    reason: 'battery test',
  };

  it('has an owner, can be agreed to by another, and ended before its time', async () => {
    const here = await bench();
    const { id } = await here.care.silence(wanted, LI);
    await expect(here.care.approve(id, LI)).rejects.toMatchObject({ code: 'conflict' });
    expect(await here.care.approve(id, WANG)).toMatchObject({ owner: 'li', approvedBy: 'wang' });
    here.nowMs += MINUTE;
    expect(await here.care.endSilence(id, WANG)).toMatchObject({ endsAtMs: START_MS + MINUTE });
    await expect(here.care.endSilence(id, WANG)).rejects.toMatchObject({ code: 'conflict' });
    expect(here.care.silences()).toHaveLength(1);
  });

  it.each([
    ['without a reason', { reason: ' ' }],
    ['without a condition', { matchers: [] }],
    ['that ends before it begins', { endsAtMs: START_MS }],
    ['that is over already', { startsAtMs: 0, endsAtMs: START_MS - 1 }],
  ])('%s is refused', async (_case, more) => {
    const { care, store } = await bench();
    await expect(care.silence({ ...wanted, ...more }, LI)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(store.changes).toEqual([]);
  });
});

describe('what was done can be taken back', () => {
  /** What the undo of a command starts from, as it comes back out of the records. */
  const kept = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

  it('a first claim: nobody has it, and the history says so', async () => {
    const { care } = await bench();
    const done = care.decide.claim(WANTED, LI);
    care.took(done.change);
    const undone = care.decide.takeBackClaim(kept(done), LI);
    care.took(undone.change);
    expect(care.claimOf('f0')).toBeUndefined();
    expect(undone.change.entries).toMatchObject([{ transition: 'taken_back', person: 'li' }]);
  });

  it('a claim that extended another: it ends as it did before', async () => {
    const here = await bench();
    await here.care.claim(WANTED, LI);
    here.nowMs += MINUTE;
    const done = here.care.decide.claim({ ...WANTED, endsAtMs: here.nowMs + 600 * MINUTE }, LI);
    here.care.took(done.change);
    here.care.took(here.care.decide.takeBackClaim(kept(done), LI).change);
    expect(here.care.claimOf('f0')).toMatchObject({ person: 'li', endsAtMs: START_MS + 30 * MINUTE });
  });

  it.each([
    ['giving back', 'release', 'li', undefined],
    ['an offer', 'offer', 'li', undefined],
    ['taking over', 'takeOver', 'li', 'wang'],
  ] as const)('%s: the claim is as it was', async (_case, act, person, offeredTo) => {
    const { care } = await bench();
    await care.claim(WANTED, LI);
    if (act === 'takeOver') await care.offer('f0', 'wang', LI);
    const done =
      act === 'offer'
        ? care.decide.offer('f0', 'wang', LI)
        : act === 'release'
          ? care.decide.release('f0', LI)
          : care.decide.takeOver('f0', WANG);
    care.took(done.change);
    care.took(care.decide.takeBackClaim(kept(done), LI).change);
    expect(care.claimOf('f0')).toMatchObject({ person, note: 'on my way' });
    expect(care.claimOf('f0')?.offeredTo).toBe(offeredTo);
  });

  it('not when somebody has gone on from it', async () => {
    const { care } = await bench();
    const done = care.decide.claim(WANTED, LI);
    care.took(done.change);
    await care.offer('f0', 'wang', LI);
    expect(() => care.decide.takeBackClaim(kept(done), LI)).toThrow('Something has happened since');
  });

  it('a silence that was made, approved, moved or ended', async () => {
    const here = await bench();
    const { care } = here;
    const wanted = {
      kind: 'silence' as const,
      matchers: MATCHERS,
      startsAtMs: START_MS + 5 * MINUTE,
      endsAtMs: START_MS + 60 * MINUTE,
      reason: 'battery test',
    };
    const made = care.decide.silence(wanted, LI);
    care.took(made.change);
    const { id } = made.after;
    for (const done of [
      () => care.decide.approve(id, WANG),
      () => care.decide.moveEnd(id, START_MS + 90 * MINUTE, LI),
      () => care.decide.endSilence(id, LI),
    ]) {
      const decided = done();
      care.took(decided.change);
      care.took(care.decide.takeBackSilence(kept(decided), LI).change);
      expect(care.silences()).toEqual([made.after]);
    }
    here.nowMs += MINUTE;
    care.took(care.decide.takeBackSilence(kept({ after: made.after }), LI).change);
    expect(care.silences().map((silence) => silenceState(silence, START_MS + 10 * MINUTE))).toEqual([
      'expired',
    ]);
  });
});

describe('the end of a silence', () => {
  const wanted = {
    kind: 'silence' as const,
    matchers: MATCHERS,
    startsAtMs: START_MS,
    endsAtMs: START_MS + 60 * MINUTE,
    reason: 'battery test',
  };

  it('can be moved, no further than a month, and a longer one needs the second word anew', async () => {
    const { care } = await bench();
    const { id } = await care.silence(wanted, LI);
    await care.approve(id, WANG);
    expect(care.decide.moveEnd(id, START_MS + 30 * MINUTE, LI).after.approvedBy).toBe('wang');
    expect(care.decide.moveEnd(id, START_MS + 90 * MINUTE, LI).after.approvedBy).toBeUndefined();
    for (const endsAtMs of [START_MS, START_MS + 31 * 24 * 60 * MINUTE])
      expect(() => care.decide.moveEnd(id, endsAtMs, LI)).toThrow('within 30 days');
  });
});

it('who waits looks again when what is a danger to life speaks once more, ahead of the end of its silence', async () => {
  const here = await bench();
  const { id } = await here.care.silence(
    {
      kind: 'silence',
      matchers: MATCHERS,
      startsAtMs: START_MS,
      endsAtMs: START_MS + 60 * MINUTE,
      reason: 'x',
    },
    LI,
  );
  await here.care.approve(id, WANG, START_MS + 20 * MINUTE);
  here.nowMs += MINUTE;
  expect(await here.care.tend(NOTHING_SEEN)).toBe(START_MS + 20 * MINUTE);
});

describe('what a silence swallows', () => {
  const SILENCE: Silence = {
    id: 's',
    kind: 'silence',
    matchers: MATCHERS,
    startsAtMs: 0,
    endsAtMs: START_MS + 6_000 * MINUTE,
    owner: 'li',
    reason: 'battery test',
  };
  const seeing = (phase: Phase) => ({
    seen: [{ alert: instance({ phase }), labels: {} }],
    mutes: { maintained: () => undefined, silenced: () => SILENCE },
  });

  it('is counted once for each time that an alert fires, over restarts', async () => {
    const here = await bench();
    await here.care.tend(seeing(FIRING));
    await here.care.tend(seeing(FIRING));
    expect(here.care.tally(SILENCE)).toMatchObject({ swallowed: 1, now: 1 });
    expect(here.store.changes.map(({ swallowed }) => swallowed?.length)).toEqual([1]);
    await here.care.tend(seeing({ ...FIRING, firedAtMs: START_MS + 1 }));
    expect(here.care.tally(SILENCE).swallowed).toBe(2);
    const swallowed = here.store.changes.flatMap((change) => change.swallowed ?? []);
    const { care } = await bench(fakeCareStore([], [SILENCE], swallowed));
    expect(care.tally(SILENCE).swallowed).toBe(2);
  });

  it('nothing for four hours: it proposes to end', async () => {
    const here = await bench();
    await here.care.tend(seeing(FIRING));
    here.nowMs += 240 * MINUTE - 1;
    await here.care.tend(NOTHING_SEEN);
    expect(here.care.tally(SILENCE)).toMatchObject({ now: 0, isIdle: false });
    here.nowMs += 1;
    expect(here.care.tally(SILENCE)).toMatchObject({ isIdle: true });
    await here.care.tend(seeing(FIRING));
    expect(here.care.tally(SILENCE)).toMatchObject({ now: 1, isIdle: false });
  });

  it('is seen again when it ends by itself', async () => {
    const here = await bench(fakeCareStore([], [{ ...SILENCE, endsAtMs: START_MS + MINUTE }]));
    expect(await here.care.tend(NOTHING_SEEN)).toBe(START_MS + MINUTE);
    here.nowMs += MINUTE;
    await here.care.tend(NOTHING_SEEN);
    expect(here.changes).toBe(1);
  });
});
