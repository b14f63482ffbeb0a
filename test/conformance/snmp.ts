import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHIPPED_FOLDER } from '../../config/load.ts';
import { loadProfiles } from '../../config/profiles.ts';
import { formatFault } from '../../config/yaml-file.ts';
import type { Profile } from '../../config/model/profile.ts';
import { readRecording } from '../../agents/tools/recorded.ts';
import { sensorsOf, type Sensor } from './snmp/expected.ts';
import { byLeaf, judge } from './snmp/judge.ts';
import { readDevice } from './snmp/read.ts';
import { scoreOf, told, type Scored } from './snmp/score.ts';
import type { Outcome, Suite } from './suite.ts';

/** The kinds of devices that stand in a machine room, with the least mean share that counts as passed. */
const FLOORS: Readonly<Record<string, number>> = {
  power: 0.95,
  environment: 0.95,
  firewall: 0.85,
  server: 0.85,
  management: 0.85,
};

/** Prints what is not read, or not as grave, of the recordings whose name matches this expression; `.` for all. */
const MISSED = process.env['WATCHKEEPER_MISSED'];

/** Recorded devices, and what another program reads from them. */
export const snmp: Suite = {
  name: 'snmp',
  run: (folder) => runSnmp(folder, FLOORS),
};

/** As the suite, with other floors: type → least mean share. */
export async function runSnmp(folder: string, floors: Readonly<Record<string, number>>): Promise<Outcome> {
  const { profiles, faults } = loadProfiles(shippedProfiles());
  const table = join(folder, 'expected.tsv');
  const sensors = existsSync(table) ? sensorsOf(readFileSync(table, 'utf8')) : [];
  const byRecording = Map.groupBy(sensors, ({ recording }) => recording);
  const runs: RecordingRun[] = [];
  for (const name of recordingsOf(folder)) {
    const file = join(folder, 'recordings', `${name}.snmprec`);
    const wanted = byRecording.get(name);
    if (wanted !== undefined) runs.push(await runRecording(name, file, { wanted, profiles }));
  }
  const outcome = outcomeOf(runs, floors);
  if (faults.length === 0) return outcome;
  return { ...outcome, isPassed: false, failures: [...faults.map(formatFault), ...outcome.failures] };
}

function shippedProfiles(): readonly string[] {
  const folder = join(SHIPPED_FOLDER, 'profiles');
  return readdirSync(folder).map((name) => join(folder, name));
}

function recordingsOf(folder: string): readonly string[] {
  const part = join(folder, 'recordings');
  const files = existsSync(part) ? readdirSync(part).sort() : [];
  return files.filter((file) => file.endsWith('.snmprec')).map((file) => file.slice(0, -'.snmprec'.length));
}

interface RecordingRun extends Scored {
  readonly missed: readonly string[];
  /** States of which is said how grave they are, and those that are as grave here. */
  readonly judged: number;
  readonly agreed: number;
}

async function runRecording(
  name: string,
  file: string,
  { wanted, profiles }: { wanted: readonly Sensor[]; profiles: readonly Profile[] },
): Promise<RecordingRun> {
  const known = await readDevice(readRecording(file), profiles);
  const reads = typeof known === 'string' ? undefined : byLeaf(known);
  const verdicts = wanted.map((sensor) => ({ sensor, ...judge(sensor, reads?.get(sensor.oid)) }));
  const faulty = verdicts.filter(({ fault }) => fault !== undefined);
  return {
    recording: name,
    type: wanted[0]?.type ?? '',
    expected: wanted.length,
    read: wanted.length - faulty.length,
    missed: verdicts.flatMap(({ sensor, fault, gravity }) => {
      const why = fault ?? gravity;
      return why === undefined
        ? []
        : [`${name}: ${sensor.class} ${sensor.oid} "${sensor.description}" ${sensor.value} ${why}`];
    }),
    judged: verdicts.filter(({ isGravityRight }) => isGravityRight !== undefined).length,
    agreed: verdicts.filter(({ isGravityRight }) => isGravityRight === true).length,
  };
}

function outcomeOf(runs: readonly RecordingRun[], floors: Readonly<Record<string, number>>): Outcome {
  const types = Map.groupBy(runs, ({ type }) => type);
  const counted = runs.filter(({ type }) => Object.hasOwn(floors, type));
  const whole = scoreOf(counted);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
  const below = [...types].flatMap(([type, some]) => {
    const floor = floors[type] ?? 0;
    const { mean } = scoreOf(some);
    return mean < floor ? [`snmp: ${type} reaches ${mean.toFixed(4)}; at least ${floor} is due`] : [];
  });
  return {
    passed: whole.read,
    total: whole.expected,
    isPassed: below.length === 0,
    failures: below,
    notes: [
      ...missedOf(runs),
      ...[...types].sort(([a], [b]) => a.localeCompare(b)).map(([type, some]) => typeLine(type, some)),
      `snmp_severity ${sum(counted.map(({ agreed }) => agreed))}/${sum(counted.map(({ judged }) => judged))}`,
      ...(counted.length === 0 ? [] : [`snmp_mean ${told(whole.mean)}`]),
    ],
  };
}

function missedOf(runs: readonly RecordingRun[]): readonly string[] {
  if (MISSED === undefined) return [];
  const chosen = new RegExp(MISSED, 'u');
  return runs
    .filter(({ recording }) => chosen.test(recording))
    .flatMap(({ recording, type, read, expected, missed }) => [
      `${recording} (${type}) ${read}/${expected}`,
      ...missed,
    ]);
}

function typeLine(type: string, runs: readonly RecordingRun[]): string {
  const { recordings, read, expected, mean } = scoreOf(runs);
  return `snmp_${type} ${told(mean)}: mean of ${recordings} recordings, ${read}/${expected} sensors`;
}
