import { describe, expect, it } from 'vitest';
import { endingsOf } from '../../../../alerting/engine/ending.ts';
import type { AlertChanges } from '../../../../alerting/ports.ts';
import type { Phase } from '../../../../config/model/alert.ts';
import { heldRun } from '../../../support/held-run.ts';

const LI = { person: 'li', reason: 'replaced', atMs: 9 };

function bench() {
  const run = heldRun();
  const added: AlertChanges[] = [];
  let changes = 0;
  const endings = endingsOf([run], {
    saver: { add: (change) => added.push(change), flush: async () => undefined },
    onChange: () => {
      changes += 1;
    },
  });
  return {
    endings,
    added,
    changes: () => changes,
    phase: () => [...run.instances.values()][0]?.phase,
    /** What an evaluation makes of it meanwhile. */
    turn: (phase: Phase) => {
      for (const [key, one] of run.instances) run.instances = new Map([[key, { ...one, phase }]]);
    },
  };
}

describe('the end of a held alert by a person', () => {
  it('is in the history with its reason, and in force once it is durable', () => {
    const { endings, phase, changes } = bench();
    const ending = endings.end('abc123', LI);
    expect(phase()?.kind).toBe('held');
    expect(ending.changes.entries).toMatchObject([
      { atMs: 9, transition: 'resolved', person: 'li', reason: 'replaced' },
    ]);
    endings.took(ending);
    expect(phase()).toMatchObject({ kind: 'resolved', resolvedAtMs: 9, cause: 'person' });
    expect(changes()).toBe(1);
  });

  it('is taken back to what was before, unless something has become of it since', () => {
    const { endings, phase, turn } = bench();
    const before = phase();
    if (before?.kind !== 'held') throw new Error('not held');
    const ending = endings.end('abc123', LI);
    endings.took(ending);
    const phases = { held: before, ended: ending.after.phase };
    endings.took(endings.takeBack('abc123', phases, { ...LI, atMs: 10 }));
    expect(phase()).toEqual(before);
    turn({ kind: 'firing', sinceMs: 11, firedAtMs: 11 });
    expect(() => endings.takeBack('abc123', phases, LI)).toThrow('since');
  });

  it('gives way to what the rule says where data came back before it was durable', () => {
    const { endings, phase, turn, added, changes } = bench();
    const ending = endings.end('abc123', LI);
    turn({ kind: 'firing', sinceMs: 1, firedAtMs: 1 });
    endings.took(ending);
    expect(phase()?.kind).toBe('firing');
    expect(added).toMatchObject([{ saved: [{ fingerprint: 'abc123', phase: { kind: 'firing' } }] }]);
    expect(changes()).toBe(0);
  });

  it('is only for alerts that are held', () => {
    const { endings, turn } = bench();
    turn({ kind: 'firing', sinceMs: 1, firedAtMs: 1 });
    expect(() => endings.end('abc123', LI)).toThrow('Only an alert that is held');
    expect(() => endings.end('nothing', LI)).toThrow('no such alert');
  });
});
