import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertView, MutedView } from '../../../../config/model/api.ts';
import { DEMO_FOLDER, loadConfig } from '../../../../config/load.ts';
import {
  groupUnderRoots,
  linesOf,
  rowsInView,
  rowsOf,
  splitConsole,
  stepTo,
} from '../../../../web/data/console.ts';
import { alertView, DOOR, HOT, ON_BATTERY } from '../../../support/fake-room.ts';

const { site: SITE } = loadConfig(DEMO_FOLDER, {});
const behind = (root: string): { readonly muted: MutedView } => ({
  muted: { kind: 'inhibited', root, by: 'SwitchDown' },
});
const SILENT = { muted: { kind: 'silence', silence: 's', by: 'li', untilMs: 9 } } as const;
const CLAIMED = {
  claim: { person: 'li', note: '', sinceMs: 1, endsAtMs: 9, isUntilWorse: false },
} as const;

const named = (fingerprint: string, more: Partial<AlertView> = {}, sinceMs = 0): AlertView => ({
  ...alertView(HOT, sinceMs),
  fingerprint,
  ...more,
});
const rootsOf = (alerts: readonly AlertView[]) =>
  groupUnderRoots(alerts).map(({ root, behind: hidden }) => [
    root.fingerprint,
    ...hidden.map(({ fingerprint }) => fingerprint),
  ]);

describe('the order of the console', () => {
  it('is danger to life, then what nobody sees to, then what somebody has, then what is silent', () => {
    const alerts = [
      named('silent', { severity: 'critical', ...SILENT }),
      named('claimed', { severity: 'critical', ...CLAIMED }),
      named('minor', { severity: 'minor' }),
      named('older', { severity: 'major' }, 1),
      named('newer', { severity: 'major' }, 2),
      named('fire', { severity: 'minor', danger: 'life', ...CLAIMED }),
    ];
    expect(rootsOf(alerts)).toEqual([['fire'], ['newer'], ['older'], ['minor'], ['claimed'], ['silent']]);
  });

  it('puts what hangs on a root under it, over several steps', () => {
    const alerts = [named('a', behind('b')), named('b', behind('c')), named('c'), named('d')];
    expect(rootsOf(alerts)).toEqual([['c', 'a', 'b'], ['d']]);
  });

  it('leaves one whose root is not there by itself, and does not lose what turns in a circle', () => {
    const alerts = [named('a', behind('gone')), named('b', behind('c')), named('c', behind('b'))];
    expect(rootsOf(alerts).flat().sort()).toEqual(['a', 'b', 'c']);
  });

  it('never folds what is a danger to life', () => {
    const alerts = [named('fire', { danger: 'life', ...behind('b') }), named('b')];
    expect(rootsOf(alerts)).toEqual([['fire'], ['b']]);
  });

  it('shows each alert once, whatever hangs on what', () => {
    const graph = fc.array(fc.option(fc.nat(9), { nil: undefined }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(graph, (roots) => {
        const alerts = roots.map((root, n) => named(`${n}`, root === undefined ? {} : behind(`${root}`)));
        const groups = groupUnderRoots(alerts);
        const all = rowsOf(groups, new Set(groups.map(({ root }) => root.fingerprint)));
        expect(all.map(({ alert }) => alert.fingerprint).sort()).toEqual(
          alerts.map(({ fingerprint }) => fingerprint).sort(),
        );
      }),
    );
  });

  it('folds what hangs on a root until it is unfolded', () => {
    const groups = groupUnderRoots([named('a', behind('b')), named('b')]);
    expect(rowsOf(groups, new Set())).toMatchObject([
      { alert: { fingerprint: 'b' }, behind: 1, isOpen: false },
    ]);
    expect(rowsOf(groups, new Set(['b']))).toHaveLength(2);
  });
});

describe('the filter of the console', () => {
  const alerts = [
    alertView(ON_BATTERY, 0),
    { ...alertView(HOT, 0), ...CLAIMED },
    { ...alertView(DOOR, 0), ...SILENT },
  ];
  it.each([
    [{}, 3],
    [{ severity: 'critical' as const }, 1],
    [{ care: 'open' as const }, 1],
    [{ care: 'claimed' as const }, 1],
    [{ care: 'silent' as const }, 1],
    [{ text: 'BATTERY ups-a' }, 1],
    [{ text: '电池供电' }, 1],
    [{ text: 'nothing of that kind' }, 0],
    [{ room: 'nowhere' }, 0],
  ])('%j lets %i through and says how many it hides', (filter, count) => {
    const { shown, hidden } = splitConsole(alerts, SITE, filter);
    expect([shown.length, hidden]).toEqual([count, 3 - count]);
  });
});

describe('a step in the list', () => {
  it.each([
    ['down', { at: 3, placedAt: 3, by: 1 as const }, 4],
    ['up', { at: 3, placedAt: 3, by: -1 as const }, 2],
    ['no further than the end', { at: 9, placedAt: 9, by: 1 as const }, 9],
    ['no further than the beginning', { at: 0, placedAt: 0, by: -1 as const }, 0],
    ['to the first where nothing is chosen', { at: -1, placedAt: -1, by: 1 as const }, 0],
    ['to what has taken the place of one that went down', { at: 9, placedAt: 3, by: 1 as const }, 3],
    ['to what stands before that place', { at: 9, placedAt: 3, by: -1 as const }, 2],
  ])('leads %s', (_case, step, to) => {
    expect(stepTo(step, 10)).toBe(to);
  });
});

describe('the rows in view', () => {
  it.each([
    ['at the top', { topPx: 0 }, { from: 0, to: 28 }],
    ['in the middle', { topPx: 4_000 }, { from: 92, to: 128 }],
    ['at the end', { topPx: 79_200 }, { from: 1_972, to: 2_000 }],
    ['before the list', { topPx: -5_000 }, { from: 0, to: 0 }],
    ['behind the list', { topPx: 500_000 }, { from: 2_000, to: 2_000 }],
  ])('%s are few', (_case, { topPx }, expected) => {
    expect(rowsInView({ count: 2_000, rowPx: 40, viewPx: 800, topPx })).toEqual(expected);
  });
});

describe('how high a row is', () => {
  it('follows from how many letters it has to show, a Chinese one being as wide as two', () => {
    expect([linesOf('', 10), linesOf('0123456789', 10), linesOf('0123456789a', 10)]).toEqual([1, 1, 2]);
    expect([linesOf('核心交换机', 10), linesOf('核心交换机！', 10)]).toEqual([1, 2]);
  });
});
