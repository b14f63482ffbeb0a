import { describe, expect, it } from 'vitest';
import { judgeRound, type RoundFacts } from '../../../config/model/round-judge.ts';
import type { CheckpointVisit, RoundAnswer, RoundSubmission } from '../../../config/model/round.ts';
import { roundTemplate, WALKED_AT_MS, walkedRound } from '../../support/rounds.ts';

const FACTS: RoundFacts = {
  codeOf: (_checkpoint, code) => (code === 'RIGHT' ? 'right' : code === 'OLD' ? 'old' : 'wrong'),
  sensorOf: () => undefined,
  byMs: WALKED_AT_MS + 3_600_000,
  clockDifferenceMs: 0,
  currentVersion: 1,
};

const judge = (round: RoundSubmission, facts: Partial<RoundFacts> = {}, template = roundTemplate()) =>
  judgeRound(template, round, { ...FACTS, ...facts });
const codes = (round: RoundSubmission, facts: Partial<RoundFacts> = {}, template = roundTemplate()) =>
  judge(round, facts, template).doubts.map(({ code }) => code);

/** The round with one answer or one visit changed. */
function changed(
  item: string,
  answer: Partial<RoundAnswer>,
  visit: Partial<CheckpointVisit> = {},
): RoundSubmission {
  const round = walkedRound();
  return {
    ...round,
    visits: round.visits.map((one) =>
      one.answers.some((answered) => answered.item === item)
        ? {
            ...one,
            ...visit,
            answers: one.answers.map((answered) =>
              answered.item === item ? { ...answered, ...answer } : answered,
            ),
          }
        : one,
    ),
  };
}

describe('a round', () => {
  it('that was walked as it should be is normal and beyond doubt', () => {
    const { result, doubts, items } = judge(walkedRound());
    expect([result, doubts]).toEqual(['normal', []]);
    expect(items.map((item) => item.result)).toEqual(['normal', 'normal', 'normal', 'normal']);
  });

  it('is never normal where nobody looked', () => {
    const round = walkedRound();
    const half = { ...round, visits: round.visits.slice(0, 1) };
    const { result, items } = judge(half);
    expect(result).toBe('incomplete');
    expect(items.map((item) => item.result)).toEqual(['normal', 'normal', 'not_done', 'not_done']);
    expect(judge({ ...round, visits: [] }).items.every((item) => item.result === 'not_done')).toBe(true);
  });

  it.each([
    ['cleaning', false],
    ['temperature', 27.5],
    ['temperature', 17.9],
    ['mode', 'off'],
    ['pressure', 89],
  ] as const)('is abnormal by %s %s', (item, value) => {
    const judged = judge(changed(item, { value }));
    expect(judged.result).toBe('abnormal');
    expect(judged.items.find((one) => one.item === item)?.result).toBe('abnormal');
  });

  it.each([
    ['temperature', 18],
    ['temperature', 27],
    ['pressure', 120],
  ] as const)('is normal at the very limit: %s %s', (item, value) => {
    expect(judge(changed(item, { value })).result).toBe('normal');
  });

  it.each([
    ['cleaning', 'yes'],
    ['temperature', 'warm'],
    ['temperature', Number.NaN],
    ['mode', 'sideways'],
  ] as const)('takes what is no answer to the item for none: %s %s', (item, value) => {
    expect(judge(changed(item, { value })).items.find((one) => one.item === item)?.result).toBe('not_done');
  });

  it('tells where person and sensor differ by more than the tolerance, and only there', () => {
    const at = (sensor: number) => judge(walkedRound(), { sensorOf: () => sensor });
    expect(at(26.4).doubts).toEqual([
      { code: 'sensor_differs', checkpoint: 'entrance', item: 'temperature', difference: 23 - 26.4 },
    ]);
    expect(at(25).doubts).toEqual([]);
    expect(at(25).items[1]).toMatchObject({ sensor: 25, result: 'normal' });
  });

  it('tells who was not at the place, with a code of another place or an old one', () => {
    expect(codes(changed('mode', {}, { way: 'none', code: '' }))).toEqual(['not_there']);
    expect(codes(changed('mode', {}, { code: 'FORGED' }))).toEqual(['wrong_code']);
    expect(codes(changed('mode', {}, { code: 'OLD' }))).toEqual(['old_code']);
  });

  it('tells "all normal" in twenty seconds', () => {
    const round = walkedRound();
    const visits = round.visits.map((visit) => ({
      ...visit,
      endedAtMs: visit.beganAtMs + 9_000,
      answers: visit.answers.map((answer) => ({ ...answer, atMs: visit.beganAtMs + 5_000 })),
    }));
    expect(judge({ ...round, visits }).doubts).toEqual([
      { code: 'too_fast', checkpoint: 'entrance', seconds: 9, minSeconds: 10 },
      { code: 'too_fast', checkpoint: 'gas', seconds: 9, minSeconds: 10 },
      { code: 'hasty', seconds: 18, minSeconds: 20 },
    ]);
    // Whoever found something has looked; whoever looked longer at one place has looked; paper has no times.
    const found = changed('cleaning', { value: false }).visits[0]?.answers ?? [];
    const abnormal = visits.map((visit, at) => (at === 0 ? { ...visit, answers: found } : visit));
    expect(codes({ ...round, visits: abnormal })).not.toContain('hasty');
    const longer = visits.map((visit, at) =>
      at === 0 ? { ...visit, endedAtMs: visit.beganAtMs + 20_000 } : visit,
    );
    expect(codes({ ...round, visits: longer })).toEqual(['too_fast']);
    expect(codes({ ...round, visits, paper: { photos: [] } })).toEqual([]);
  });

  it('tells the wrong order where the order counts, and being at two places at once', () => {
    const round = walkedRound();
    const [entrance, gas] = round.visits;
    if (entrance === undefined || gas === undefined) throw new Error('no visits');
    const later = (visit: CheckpointVisit, byMs: number): CheckpointVisit => ({
      ...visit,
      beganAtMs: visit.beganAtMs + byMs,
      endedAtMs: visit.endedAtMs + byMs,
      answers: visit.answers.map((answer) => ({ ...answer, atMs: answer.atMs + byMs })),
    });
    const turned = { ...round, visits: [later(entrance, 30_000), later(gas, -30_000)] };
    expect(codes(turned)).toContain('out_of_order');
    expect(codes(turned, {}, roundTemplate({ isOrdered: false }))).not.toContain('out_of_order');
    expect(codes({ ...round, visits: [entrance, later(gas, -15_000)] })).toContain('two_places');
  });

  it('tells times that do not fit into each other', () => {
    expect(codes(changed('mode', { atMs: WALKED_AT_MS + 1 }))).toEqual(['outside_times']);
  });

  it('tells a missing photo, an old version, a late end and a clock that is off', () => {
    const template = roundTemplate();
    const [first, ...others] = template.checkpoints;
    if (first === undefined) throw new Error('no place');
    const items = first.items.map((item) => ({ ...item, needsPhoto: item.id === 'cleaning' }));
    expect(codes(walkedRound(), {}, { ...template, checkpoints: [{ ...first, items }, ...others] })).toEqual([
      'photo_missing',
    ]);
    expect(judge(walkedRound(), { currentVersion: 3 }).doubts).toEqual([
      { code: 'old_version', version: 1, current: 3 },
    ]);
    expect(judge(walkedRound(), { byMs: WALKED_AT_MS - 90_000 }).doubts).toEqual([
      { code: 'late', seconds: 90 },
    ]);
    const day = 86_400_000;
    expect(judge(walkedRound(), { clockDifferenceMs: -day, byMs: WALKED_AT_MS - day }).doubts).toEqual([
      { code: 'clock_differs', seconds: -86_400 },
    ]);
  });

  it('tells that another had walked the same one', () => {
    expect(judge(walkedRound(), { doneBy: 'bo' }).doubts).toEqual([{ code: 'done_twice', by: 'bo' }]);
  });

  it('on paper has no times to doubt', () => {
    const round = { ...walkedRound(), paper: { photos: [] } };
    const visits = round.visits.map((visit) => ({ ...visit, endedAtMs: visit.beganAtMs }));
    expect(codes({ ...round, visits }, { clockDifferenceMs: 3_600_000 })).toEqual([]);
  });
});
