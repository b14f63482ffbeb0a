import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isBackupDue, startDailyBackups } from '../../../../collector/backup/daily.ts';
import { openForReading, openRecords } from '../../../../collector/records/open.ts';
import { Secret } from '../../../../config/runtime/secret.ts';
import { eventually } from '../../../support/eventually.ts';
import { folderWith } from '../../../support/folder.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { silentLog } from '../../../support/silent-log.ts';

const at = { atMinutes: 150, timeZone: 'Asia/Shanghai' };
const time = (text: string): number => Date.parse(`${text}+08:00`);

it.each([
  ['never made', undefined, '2026-11-27T20:00', true],
  ['made today', '2026-11-27T02:31', '2026-11-27T20:00', false],
  ['the time has not come', '2026-11-26T02:31', '2026-11-27T02:29', false],
  ['the time has come', '2026-11-26T02:31', '2026-11-27T02:30', true],
  ['made by hand before its time', '2026-11-27T01:00', '2026-11-27T02:30', true],
  ['made by hand after its time', '2026-11-27T09:00', '2026-11-28T02:29', false],
  ['the machine was off for days', '2026-11-20T02:31', '2026-11-27T01:00', true],
  ['the clock was set back', '2027-11-27T02:31', '2026-11-27T01:00', true],
])('is due once a day: %s', (_, lastGood, now, isDue) => {
  expect(isBackupDue(at, lastGood === undefined ? undefined : time(lastGood), time(now))).toBe(isDue);
});

it('makes a backup each day, keeps as many as it should, and tells when it cannot', async () => {
  const data = folderWith();
  const records = await openRecords(data);
  onTestFinished(() => records.close());
  const folder = join(folderWith(), 'backups');
  const clock = manualClock();
  let isWanted = false;
  const settings = { folder, key: new Secret('correct horse battery staple'), atMinutes: 150, keep: 2 };
  const daily = startDailyBackups({
    clock,
    log: silentLog(),
    settings: () => (isWanted ? settings : undefined),
    timeZone: () => 'Asia/Shanghai',
    configFolder: folderWith({ 'site.yaml': 'name: Room\n' }),
    dataFolder: data,
    open: () => openForReading(data, {}),
  });
  onTestFinished(() => daily.stop());
  const made = (): number => (existsSync(folder) ? readdirSync(folder).length : 0);
  await clock.advance(60_000);
  expect(daily.ageSeconds(clock.nowMs())).toBeUndefined();

  isWanted = true;
  writeFileSync(folder, 'in the way');
  await clock.advance(60_000);
  await eventually(() =>
    expect(daily.faults()).toEqual([expect.stringMatching(/^no backup could be made: /)]),
  );
  await clock.advance(60_000);
  expect(daily.ageSeconds(clock.nowMs())).toBe(60);
  rmSync(folder);
  await clock.advance(15 * 60_000);
  await eventually(() => expect(made()).toBe(1));
  await eventually(() => expect(daily.faults()).toEqual([]));
  expect(daily.ageSeconds(clock.nowMs())).toBeLessThan(600);
});
