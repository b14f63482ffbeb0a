import { expect, it } from 'vitest';
import { icalOf } from '../../../../../collector/duty/roster/ical.ts';
import { shiftsOf } from '../../../../../collector/duty/roster/plan.ts';
import { rosterPlan } from '../../../../support/roster.ts';

const fromMs = Date.parse('2026-01-01T08:00:00+08:00');

it('a calendar escapes what has a meaning in it and breaks its lines after 75 octets, never in a character', () => {
  const [shift] = shiftsOf(rosterPlan(), { fromMs, toMs: fromMs + 1 });
  if (shift === undefined) throw new Error('no shift');
  const name = '夜,班;\\'.repeat(12);
  const text = icalOf({
    shifts: [{ shift: { ...shift, name, isOnCall: true }, own: ['operator', 'deputy'] }],
    site: '机房\n二',
    language: 'zh-CN',
    nowMs: fromMs,
    host: 'test',
  });
  const lines = text.split('\r\n');
  expect(lines.every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
  const whole = text.replaceAll('\r\n ', '');
  expect(whole).toContain(`SUMMARY:值班、B角 · ${'夜\\,班\\;\\\\'.repeat(12)} · 在家待命\r\n`);
  expect(whole).toContain('LOCATION:机房\\n二\r\n');
  expect(whole).toContain('DTSTAMP:20260101T000000Z\r\n');
});
