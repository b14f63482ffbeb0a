// Kills processes that work on records, on both stores, and looks whether anything was lost: --times N rounds on each.
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { makeFolder } from '../support/folder.ts';
import { stores } from '../support/stores.ts';
import { tortureCollector } from '../support/torture-collector.ts';
import { tortureRecords } from '../support/torture-records.ts';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
/** A whole collector takes seconds to start: it is killed once where a process that writes is killed so often. */
const EACH_COLLECTOR = 10;
const times = Number(values.times);
const figures: Record<string, number> = {};
for (const { name, make } of await stores()) {
  const removals: (() => Promise<void>)[] = [];
  const fresh = () => {
    const folder = makeFolder();
    const { settings, remove } = make();
    removals.push(async () => {
      rmSync(folder, { recursive: true, force: true });
      await remove();
    });
    return { folder, settings };
  };
  const torture = tortureRecords(fresh, Number(values.seed));
  const collector = tortureCollector(fresh(), Number(values.seed));
  for (let round = 0; round < times; round += 1) {
    try {
      await torture.round(round);
    } catch (error) {
      throw new Error(`${name}, round ${round}, seed ${values.seed}`, { cause: error });
    }
    if (round % 20 === 19) process.stderr.write(`${name}: ${round + 1} kills, nothing lost\n`);
  }
  const collectorTimes = Math.ceil(times / EACH_COLLECTOR);
  for (let round = 0; round < collectorTimes; round += 1) {
    try {
      await collector.round();
    } catch (error) {
      throw new Error(`${name}, collector, round ${round}, seed ${values.seed}`, { cause: error });
    }
  }
  for (const remove of removals) await remove();
  figures[`kills_${name.toLowerCase()}`] = times;
  figures[`answers_${name.toLowerCase()}`] = torture.answered;
  figures[`kills_collector_${name.toLowerCase()}`] = collectorTimes;
  figures[`answers_collector_${name.toLowerCase()}`] = collector.answered;
}
process.stdout.write(`${JSON.stringify({ torture: 'records', figures })}\n`);
