import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEDGER_CAUSES, responsibleAt, type LedgerLine } from '../../../../config/model/ledger.ts';
import { WATCH_POSTS } from '../../../../config/model/watch.ts';

const line: fc.Arbitrary<LedgerLine> = fc
  .record({
    id: fc.integer({ min: 1, max: 50 }),
    post: fc.constantFrom(...WATCH_POSTS),
    atMs: fc.integer({ min: 0, max: 100 }),
    person: fc.option(fc.constantFrom('li', 'wang', 'zhao'), { nil: undefined }),
    cause: fc.constantFrom(...LEDGER_CAUSES),
  })
  .map(({ person, ...rest }) => (person === undefined ? rest : { ...rest, person }));
const ledger = fc.uniqueArray(line, { selector: ({ id }) => id, maxLength: 30 });
const instant = fc.integer({ min: -10, max: 120 });

describe('who is responsible', () => {
  it('has exactly one answer at every instant, whatever the ledger', () => {
    fc.assert(
      fc.property(ledger, fc.constantFrom(...WATCH_POSTS), instant, (lines, post, atMs) => {
        const answer = responsibleAt(lines, post, atMs);
        const reached = lines.filter((one) => one.post === post && one.atMs <= atMs);
        if (answer.kind === 'person') {
          expect(reached).toContain(answer.line);
          expect(answer.line.person).toBe(answer.person);
        } else {
          expect(answer.sinceMs === undefined).toBe(reached.length === 0);
        }
      }),
    );
  });

  it('does not depend on the order in which the lines are held', () => {
    fc.assert(
      fc.property(ledger, fc.constantFrom(...WATCH_POSTS), instant, (lines, post, atMs) => {
        expect(responsibleAt(lines.toReversed(), post, atMs)).toEqual(responsibleAt(lines, post, atMs));
      }),
    );
  });

  it('is never changed for the past by a line that is added for later', () => {
    fc.assert(
      fc.property(ledger, line, instant, (lines, added, atMs) => {
        fc.pre(added.atMs > atMs);
        expect(responsibleAt([...lines, added], added.post, atMs)).toEqual(
          responsibleAt(lines, added.post, atMs),
        );
      }),
    );
  });

  it('changes only at the instants of lines', () => {
    fc.assert(
      fc.property(ledger, fc.constantFrom(...WATCH_POSTS), instant, (lines, post, atMs) => {
        const isLine = lines.some((one) => one.post === post && one.atMs === atMs);
        if (!isLine) expect(responsibleAt(lines, post, atMs)).toEqual(responsibleAt(lines, post, atMs - 1));
      }),
    );
  });

  it('moves at the very instant of the signature, not before', () => {
    const lines: readonly LedgerLine[] = [
      { id: 1, post: 'operator', atMs: 10, person: 'li', cause: 'taken' },
      { id: 2, post: 'operator', atMs: 20, person: 'wang', cause: 'handed_over', handover: 1 },
      { id: 3, post: 'standby', atMs: 15, cause: 'given_up' },
    ];
    const personAt = (atMs: number): string => {
      const found = responsibleAt(lines, 'operator', atMs);
      return found.kind === 'person' ? found.person : 'nobody';
    };
    expect([9, 10, 19, 20, 21].map(personAt)).toEqual(['nobody', 'li', 'li', 'wang', 'wang']);
    expect(responsibleAt(lines, 'standby', 15)).toEqual({ kind: 'nobody', sinceMs: 15 });
    expect(responsibleAt(lines, 'shiftLead', 15)).toEqual({ kind: 'nobody' });
  });
});
