import { expect, it, onTestFinished } from 'vitest';
import { keepExtremes } from '../../../../../collector/duty/watch/extremes.ts';
import { openRecords } from '../../../../../collector/records/open.ts';
import { folderWith } from '../../../../support/folder.ts';
import { manualClock } from '../../../../support/manual-clock.ts';
import { silentLog } from '../../../../support/silent-log.ts';

it('tells what is read at the moment of the sheet, not what was read some seconds before', async () => {
  const clock = manualClock();
  const { db, ...records } = await openRecords(folderWith());
  let value = 23;
  const labels = { __name__: 'sensor_celsius', device: 'rack-1', sensor: 'inlet' };
  const latest = () => ({ labels, atMs: clock.nowMs(), value, isEnded: false });
  const extremes = await keepExtremes({
    db,
    clock,
    log: silentLog(),
    seriesOf: (metric) => (metric === 'sensor_celsius' ? [{ latest }] : []),
  });
  onTestFinished(async () => {
    await extremes.stop();
    await records.close();
  });
  await clock.advance(10_000);
  value = 55;
  expect(extremes.all()).toMatchObject([{ part: 'inlet', now: 55, lowest: 23, highest: 55 }]);
});
