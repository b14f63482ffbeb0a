import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCalendar } from '../../../collector/duty/roster/calendar.ts';
import { calendarName, readCalendars } from '../../../config/calendars.ts';
import { formatFault } from '../../../config/yaml-file.ts';
import { folderWith } from '../../support/folder.ts';
import { chineseCalendar } from '../../support/roster.ts';

describe('the calendar of holidays', () => {
  it('knows the days off of China and the weekend days on which is worked', () => {
    const calendar = chineseCalendar();
    expect(calendar.dayOf('2026-02-17')).toMatchObject({
      kind: 'restday',
      holiday: { en: 'Spring Festival' },
    });
    expect(calendar.dayOf('2026-02-28')).toEqual({ day: '2026-02-28', kind: 'workday', isShifted: true });
    expect(calendar.dayOf('2026-02-24').kind).toBe('workday');
    expect(calendar.dayOf('2026-11-28')).toEqual({ day: '2026-11-28', kind: 'restday' });
    expect(calendar.isKnown(2026)).toBe(true);
  });

  it('says of a year that nobody has published that it is not known', () => {
    expect(chineseCalendar().isKnown(2027)).toBe(false);
    expect(chineseCalendar().dayOf('2027-10-01').kind).toBe('restday');
    expect(createCalendar([]).dayOf('2026-10-01').kind).toBe('workday');
  });

  it('is the one of the zone unless the site names another', () => {
    expect(calendarName(undefined, 'Asia/Shanghai')).toBe('cn');
    expect(calendarName(undefined, 'Europe/Berlin')).toBe('none');
    expect(calendarName('de', 'Europe/Berlin')).toBe('de');
  });

  it('is read by name, and each wrong day is told with its line', () => {
    const folder = folderWith();
    const file = join(folder, 'de-2026.yaml');
    writeFileSync(
      file,
      'source: test\ncomplete: true\nholidays:\n  - { name: May, from: "2026-05-32", to: "2026-05-01" }\nworkdays: ["2027-01-02"]\n',
    );
    const { years, faults } = readCalendars('de', [file, join(folder, 'xde-2026.yaml')]);
    expect(years.map(({ year }) => year)).toEqual([2026]);
    expect(faults.map(formatFault)).toEqual([
      `${file}:4: holidays[0].from: is no day of 2026`,
      `${file}:4: holidays[0].to: is before the first day`,
      `${file}:5: workdays[0]: is no day of 2026`,
    ]);
  });
});
