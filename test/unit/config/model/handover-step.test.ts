import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HANDOVER_KINDS, type Handover, type HandoverAct } from '../../../../config/model/handover.ts';
import {
  missingSigners,
  SHEET_STALE_MS,
  stepHandover,
  type HandoverOutcome,
} from '../../../../config/model/handover-step.ts';
import { sealHash, signatureHash } from '../../../../collector/duty/watch/hashes.ts';

const HASH = 'a'.repeat(64);
const begun: Handover = {
  id: 1,
  post: 'operator',
  kind: 'shift',
  outgoing: 'li',
  incoming: 'wang',
  startedAtMs: 1_000,
  startedBy: 'li',
  sheetHash: HASH,
  blocks: ['alerts_open', 'log'],
  unfinished: [],
  opened: {},
  questions: [],
  carryOvers: [],
  signatures: [],
  state: { kind: 'walking' },
};
const step = (handover: Handover, act: HandoverAct, isGrave = false): HandoverOutcome =>
  stepHandover(handover, act, { isGrave, hashOf: signatureHash, sealOf: sealHash });
const after = (handover: Handover, ...acts: readonly HandoverAct[]): Handover =>
  acts.reduce((now, act) => {
    const outcome = step(now, act);
    if ('refused' in outcome) throw new Error(outcome.refused);
    return outcome.next;
  }, handover);
const refused = (handover: Handover, act: HandoverAct, isGrave = false): string => {
  const outcome = step(handover, act, isGrave);
  return 'refused' in outcome ? outcome.refused : 'taken';
};
const sign = (role: 'outgoing' | 'incoming' | 'leader', by: string, atMs = 2_000): HandoverAct => ({
  kind: 'sign',
  role,
  way: 'password',
  sheetHash: HASH,
  by,
  atMs,
});
const open = (block: string, by = 'wang', atMs = 1_500): HandoverAct => ({ kind: 'open', block, by, atMs });
const read = after(begun, open('alerts_open'), open('log'));

describe('a handover', () => {
  it('is sealed by the second of two people, in either order', () => {
    for (const acts of [
      [sign('outgoing', 'li'), sign('incoming', 'wang')],
      [sign('incoming', 'wang'), sign('outgoing', 'li')],
    ]) {
      const [first, second] = acts as [HandoverAct, HandoverAct];
      const once = after(read, first);
      expect(once.state).toEqual({ kind: 'walking' });
      expect(after(once, second).state).toMatchObject({ kind: 'sealed', atMs: 2_000 });
    }
  });

  it.each([
    ['the same account twice', read, sign('incoming', 'li'), 'not_yours'],
    ['a stranger', read, sign('outgoing', 'zhao'), 'not_yours'],
    [
      'a signature given twice',
      after(read, sign('outgoing', 'li')),
      sign('outgoing', 'li'),
      'signed_already',
    ],
    ['a block that was not opened', after(begun, open('log')), sign('incoming', 'wang'), 'blocks_unopened'],
    [
      'another sheet',
      read,
      { ...sign('outgoing', 'li'), sheetHash: 'b'.repeat(64) } as HandoverAct,
      'sheet_other',
    ],
    ['a stale sheet', read, sign('outgoing', 'li', 1_001 + SHEET_STALE_MS), 'sheet_stale'],
    ['a clock that ran back', read, sign('outgoing', 'li', 1_400), 'clock_behind'],
    ['the outgoing opening blocks', begun, open('log', 'li'), 'not_yours'],
    ['a block that is none', begun, open('visitors'), 'no_such_block'],
    ['a return by the outgoing', read, { kind: 'return', reason: 'x', by: 'li', atMs: 2_000 }, 'not_yours'],
    [
      'a return without a reason',
      read,
      { kind: 'return', reason: ' ', by: 'wang', atMs: 2_000 },
      'nothing_said',
    ],
  ] as const)('refuses %s', (_case, handover, act, why) => {
    expect(refused(handover, act)).toBe(why);
  });

  it('is returned with a reason, and nothing happens in it any more', () => {
    const returned = after(read, {
      kind: 'return',
      reason: 'the round was not made',
      by: 'wang',
      atMs: 2_000,
    });
    expect(returned.state).toMatchObject({ kind: 'returned', by: 'wang', reason: 'the round was not made' });
    expect(refused(returned, sign('outgoing', 'li', 3_000))).toBe('over');
  });

  it('waits for answers', () => {
    const asked = after(read, { kind: 'ask', block: 'log', text: 'why?', by: 'wang', atMs: 1_600 });
    expect(refused(asked, sign('incoming', 'wang'))).toBe('questions_open');
    const answered = after(asked, { kind: 'answer', question: 0, text: 'a test', by: 'li', atMs: 1_700 });
    expect(refused(answered, sign('incoming', 'wang'))).toBe('taken');
  });

  it('passes undone work only with reason and description', () => {
    const undone = { ...read, unfinished: ['rounds r-1'] };
    expect(refused(undone, sign('outgoing', 'li'))).toBe('work_unexplained');
    const item = {
      line: 'rounds r-1',
      subject: 'Round',
      reason: 'alarm',
      description: 'room 2',
      weight: 'heed',
    } as const;
    const carry = (part: object): HandoverAct => ({
      kind: 'carry',
      item: { ...item, ...part },
      by: 'li',
      atMs: 1_600,
    });
    expect(refused(undone, carry({ reason: '' }))).toBe('nothing_said');
    expect(refused(undone, carry({ description: ' ' }))).toBe('nothing_said');
    expect(refused(after(undone, carry({})), sign('outgoing', 'li'))).toBe('taken');
    expect(refused(after(undone, carry({}), sign('outgoing', 'li')), carry({}))).toBe('clock_behind');
  });

  it('needs the leader during grave trouble, before the last of the two', () => {
    expect(refused(after(read, sign('outgoing', 'li')), sign('incoming', 'wang'), true)).toBe(
      'leader_needed',
    );
    expect(refused(read, sign('leader', 'wang'), true)).toBe('same_person');
    const agreed = after(read, sign('outgoing', 'li'), sign('leader', 'chen'));
    const outcome = step(agreed, sign('incoming', 'wang'), true);
    expect('next' in outcome && outcome.next.state.kind).toBe('sealed');
  });

  it('relieves somebody who cannot sign by leader and incoming', () => {
    const relief: Handover = { ...read, kind: 'relief' };
    expect(missingSigners(relief, true)).toEqual(['leader', 'incoming']);
    expect(after(relief, sign('leader', 'chen'), sign('incoming', 'wang')).state.kind).toBe('sealed');
  });

  const person = fc.constantFrom('li', 'wang', 'chen');
  const act: fc.Arbitrary<HandoverAct> = fc
    .oneof(
      fc.record({ kind: fc.constant('open' as const), block: fc.constantFrom('alerts_open', 'log', 'none') }),
      fc.record({
        kind: fc.constant('sign' as const),
        role: fc.constantFrom('outgoing' as const, 'incoming' as const, 'leader' as const),
        way: fc.constant('password' as const),
        sheetHash: fc.constantFrom(HASH, 'b'.repeat(64)),
      }),
      fc.record({ kind: fc.constant('ask' as const), block: fc.constant('log'), text: fc.constant('why?') }),
      fc.record({ kind: fc.constant('answer' as const), question: fc.nat(2), text: fc.constant('so') }),
      fc.record({ kind: fc.constant('return' as const), reason: fc.constant('no') }),
    )
    .chain((what) =>
      fc
        .record({ by: person, atMs: fc.integer({ min: 900, max: 5_000 }) })
        .map((who) => ({ ...what, ...who })),
    );

  it('is sealed only when all who must have signed it, each another, and changes nothing after that', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...HANDOVER_KINDS),
        fc.boolean(),
        fc.array(act, { maxLength: 25 }),
        (kind, isGrave, acts) => {
          let now: Handover = { ...begun, kind };
          for (const one of acts) {
            const outcome = step(now, one, isGrave);
            if ('refused' in outcome) continue;
            expect(now.state.kind).toBe('walking');
            now = outcome.next;
          }
          if (now.state.kind !== 'sealed') return;
          expect(missingSigners(now, isGrave)).toEqual([]);
          expect(new Set(now.signatures.map((one) => one.person)).size).toBe(now.signatures.length);
          expect(now.blocks.every((block) => now.opened[block] !== undefined)).toBe(true);
          expect(now.state.hash).toBe(sealHash(now));
        },
      ),
      { numRuns: 400 },
    );
  });
});
