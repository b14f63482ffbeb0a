import { describe, expect, it } from 'vitest';
import { isWithin } from '../../../../alerting/mute/hours.ts';
import { notifyFaults, notifyOf } from '../../../support/notify.ts';

const hoursOf = (interval: string) =>
  notifyOf(`receivers: []\ntime_intervals: [{ name: h, time_intervals: [${interval}] }]`).hours.get('h') ??
  [];

describe('recurring hours', () => {
  it.each([
    // Without a zone the clock of the site counts, which is eight hours ahead.
    ['{ times: [{ start_time: "09:00", end_time: "17:00" }] }', '2026-11-27T01:00:00Z', true],
    ['{ times: [{ start_time: "09:00", end_time: "17:00" }] }', '2026-11-27T00:59:59Z', false],
    ['{ times: [{ start_time: "09:00", end_time: "17:00" }] }', '2026-11-27T09:00:00Z', false],
    ['{ times: [{ start_time: "00:00", end_time: "24:00" }], location: UTC }', '2026-11-27T23:59:59Z', true],
    ['{ weekdays: ["monday:friday"], location: UTC }', '2026-11-27T12:00:00Z', true],
    ['{ weekdays: ["monday:friday"], location: UTC }', '2026-11-28T12:00:00Z', false],
    ['{ weekdays: [Sunday] }', '2026-11-28T16:00:00Z', true],
    ['{ days_of_month: ["1:5"], location: UTC }', '2026-11-05T23:00:00Z', true],
    ['{ days_of_month: ["-3:-1"], location: UTC }', '2026-02-26T00:00:00Z', true],
    ['{ days_of_month: ["-3:-1"], location: UTC }', '2026-02-25T23:59:59Z', false],
    ['{ days_of_month: ["29:31"], location: UTC }', '2028-02-29T00:00:00Z', true],
    ['{ days_of_month: ["31"], location: UTC }', '2026-11-30T00:00:00Z', false],
    ['{ days_of_month: ["28:-1"], location: UTC }', '2026-11-30T00:00:00Z', true],
    ['{ months: ["december", "1:2"], location: UTC }', '2026-02-01T00:00:00Z', true],
    ['{ months: ["december", "1:2"], location: UTC }', '2026-03-01T00:00:00Z', false],
    ['{ years: [2026, "2028:2030"], location: UTC }', '2027-01-01T00:00:00Z', false],
    ['{ years: [2026, "2028:2030"], location: UTC }', '2029-01-01T00:00:00Z', true],
    // At the change to summer time the clock goes from 02:00 to 03:00.
    [
      '{ times: [{ start_time: "02:00", end_time: "03:00" }], location: Europe/Berlin }',
      '2026-03-29T01:00:00Z',
      false,
    ],
    [
      '{ times: [{ start_time: "03:00", end_time: "04:00" }], location: Europe/Berlin }',
      '2026-03-29T01:00:00Z',
      true,
    ],
    // Every part that is stated must hold.
    ['{ weekdays: [friday], months: [may], location: UTC }', '2026-11-27T12:00:00Z', false],
    ['{}', '2026-11-27T12:00:00Z', true],
  ])('%s at %s: %s', (interval, at, expected) => {
    expect(isWithin(hoursOf(interval), Date.parse(at))).toBe(expected);
  });

  it('hold when one of several does, and never when there are none', () => {
    const either = hoursOf('{ years: [2020] }, { years: [2026] }');
    expect(isWithin(either, Date.parse('2026-06-01T00:00:00Z'))).toBe(true);
    expect(isWithin([], 0)).toBe(false);
  });

  it.each([
    [
      '{ times: [{ start_time: "18:00", end_time: "08:00" }] }',
      /times\[0\]: 18:00 is not before 08:00; hours over midnight/,
    ],
    ['{ times: [{ start_time: "18:00", end_time: "24:30" }] }', /24:30 is later than 24:00/],
    ['{ weekdays: [freeday] }', /weekdays\[0\]: freeday is no such value or range/],
    ['{ days_of_month: ["5:1"] }', /5:1 ends before it begins/],
    ['{ days_of_month: [0] }', /0 is no such value/],
    ['{ months: ["1:2:3"] }', /1:2:3 is no such value/],
    ['{ location: Mars/Olympus }', /location: Mars\/Olympus is no time zone; Asia\/Shanghai is one/],
  ])('a fault in %s is told at its place', (interval, message) => {
    const faults = notifyFaults(
      `receivers: []\ntime_intervals: [{ name: h, time_intervals: [${interval}] }]`,
    );
    expect(faults).toEqual([expect.stringMatching(message)]);
  });
});
