import { describe, expect, it } from 'vitest';
import { qualificationsAt } from '../../../../../collector/duty/people/qualifications.ts';
import { TRAININGS, type Qualification } from '../../../../../config/model/person.ts';

const ZONE = { timeZone: 'Asia/Shanghai' };
const at = (text: string): number => Date.parse(text);
const all = (endsOn?: string): Qualification[] =>
  TRAININGS.map((training) => ({
    training,
    passedOn: '2026-01-10',
    ...(endsOn === undefined ? {} : { endsOn }),
  }));
const person = (qualifications: readonly Qualification[], vettedOn: string | undefined = '2026-01-01') => ({
  qualifications,
  ...(vettedOn === undefined ? {} : { vettedOn }),
});

describe('the qualifications of a person at an instant', () => {
  it('are complete with the vetting and the three exams', () => {
    expect(qualificationsAt(person(all()), at('2026-06-01T00:00:00Z'), ZONE)).toEqual({
      isVetted: true,
      missing: [],
      expired: [],
      verdict: 'qualified',
    });
  });

  it('count through their last day, by the days of the site', () => {
    const until = person(all('2026-06-30'));
    // In Shanghai it is still the 30th at 15:59 UTC, and the 1st at 16:00.
    expect(qualificationsAt(until, at('2026-06-30T15:59:59Z'), ZONE)).toMatchObject({
      verdict: 'qualified',
      endsAfter: '2026-06-30',
    });
    expect(qualificationsAt(until, at('2026-06-30T16:00:00Z'), ZONE)).toMatchObject({
      verdict: 'warned',
      expired: ['business', 'technical', 'security'],
    });
  });

  it('do not count before the exam was passed', () => {
    expect(qualificationsAt(person(all()), at('2026-01-09T12:00:00+08:00'), ZONE).missing).toEqual([
      ...TRAININGS,
    ]);
    expect(qualificationsAt(person(all()), at('2026-01-10T00:00:00+08:00'), ZONE).missing).toEqual([]);
  });

  it.each([
    [undefined, 'warned'],
    ['2026-07-02', 'warned'],
    ['2026-07-01', 'refused'],
    ['2026-01-01', 'refused'],
  ] as const)(
    'that are lacking, with %s as the day from which they are required, are %s',
    (from, verdict) => {
      const rules = from === undefined ? ZONE : { ...ZONE, requiredFrom: from };
      const noon = at('2026-07-01T12:00:00+08:00');
      expect(qualificationsAt(person([]), noon, rules).verdict).toBe(verdict);
      expect(qualificationsAt(person(all(), '2026-07-02'), noon, rules)).toMatchObject({
        isVetted: false,
        verdict,
      });
      expect(qualificationsAt(person(all()), noon, rules).verdict).toBe('qualified');
    },
  );

  it('of an exam that was taken again count as long as the later one', () => {
    const twice = [...all('2026-03-01'), ...all('2026-09-01')];
    expect(qualificationsAt(person(twice), at('2026-06-01T00:00:00Z'), ZONE)).toMatchObject({
      verdict: 'qualified',
      endsAfter: '2026-09-01',
    });
  });
});
