import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HOST_FAMILIES } from '../../../../agents/host/families.ts';
import { loadRules } from '../../../../alerting/rules/load.ts';
import { isAlertRule } from '../../../../alerting/rules/rule.ts';
import { createEngine } from '../../../../collector/promql/engine.ts';
import { reportOf } from '../../../../collector/rule-tests/report.ts';
import { runTestFile } from '../../../../collector/rule-tests/run.ts';
import { SHIPPED_FOLDER } from '../../../../config/load.ts';
import { parseDurationMs } from '../../../../config/model/duration.ts';
import { DUTY_METRICS } from '../../../../collector/duty/watch/facts.ts';
import { METRICS, SITE_FACTS } from '../../../../config/model/metrics.ts';
import { SEVERITIES } from '../../../../config/model/severity.ts';
import { programPath } from '../../../support/system.ts';

const FOLDER = join(SHIPPED_FOLDER, 'rules');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'));
const PROMTOOL = programPath('promtool');

const { groups, faults } = loadRules(
  FILES.map((name) => join(FOLDER, name)),
  createEngine({ source: { select: () => [] } }),
);
const ALL = groups.flatMap((group) => group.rules);
const RULES = groups.flatMap((group) =>
  group.rules.filter(isAlertRule).map((rule) => ({ ...rule, group: group.name })),
);

function promtool(...args: readonly string[]): string {
  return execFileSync(PROMTOOL ?? '', args, { cwd: FOLDER, encoding: 'utf8', stdio: 'pipe' });
}

/** What the programs tell of themselves, as their sources name it. */
function ownMetrics(): readonly string[] {
  const sources = [
    'agents/self.ts',
    'collector/own-metrics.ts',
    'collector/attention-metrics.ts',
    'collector/growth/elsewhere.ts',
    'collector/growth/growth.ts',
    'collector/duty/roster/facts.ts',
    'collector/duty/rounds/facts.ts',
    'agents/push/families.ts',
    'agents/traps/traps.ts',
  ].map((path) => join(import.meta.dirname, '../../../..', path));
  return sources
    .filter((path) => existsSync(path))
    .flatMap((path) => readFileSync(path, 'utf8').match(/\bwatchkeeper_\w+/g) ?? []);
}

describe('the shipped rules', () => {
  it('have names of their own: one condition raises one alarm', () => {
    const names = RULES.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('load without a fault', () => {
    expect(faults).toEqual([]);
    expect(RULES.length).toBeGreaterThanOrEqual(20);
  });

  it.skipIf(PROMTOOL === undefined).each(FILES)(
    'of %s are rules to Prometheus too, and do what their test says',
    (name) => {
      const tests = name.replace(/\.yaml$/, '.test.yaml');
      expect(existsSync(join(FOLDER, tests)), `${tests} is missing`).toBe(true);
      expect(promtool('check', 'rules', name)).toContain('SUCCESS');
      expect(promtool('test', 'rules', tests)).toContain('SUCCESS');
    },
    // Days of power are judged each ten seconds.
    60_000,
  );

  it.each(FILES)('of %s do what their test says on the engine that judges for real', (name) => {
    const outcome = runTestFile(join(FOLDER, name.replace(/\.yaml$/, '.test.yaml')));
    expect(reportOf(outcome)).toMatch(/: \d+ tests passed\.\n$/);
    expect(outcome.tests).toBeGreaterThan(0);
  });

  it.each(RULES.map((rule) => [rule.name, rule] as const))('%s is tested beside it', (name, { file }) => {
    const tests = readFileSync(file.replace(/\.yaml$/, '.test.yaml'), 'utf8');
    expect(tests).toContain(`alertname="${name}"`);
  });

  it.each(RULES.map((rule) => [rule.name, rule] as const))(
    '%s says in both languages what it is, what to do, by when, and what happens otherwise',
    (_name, { annotations }) => {
      for (const field of ['summary', 'response', 'consequence']) {
        expect(annotations[`${field}_zh`]?.source, `${field}_zh`).toMatch(/\p{Script=Han}/u);
        expect(annotations[`${field}_en`]?.source, `${field}_en`).toMatch(/[A-Za-z]{3}/);
        expect(annotations[`${field}_en`]?.source, `${field}_en`).not.toMatch(/\p{Script=Han}/u);
      }
      expect(parseDurationMs(annotations['time_to_act']?.source ?? '')).toBeGreaterThan(0);
      expect(annotations['unit']?.source).toMatch(/^[a-z_]+$/);
    },
  );

  it.each(RULES.map((rule) => [rule.name, rule] as const))(
    '%s has a severity of the four',
    (_name, { labels }) => {
      expect(SEVERITIES).toContain(labels['severity']?.source);
    },
  );

  it.each(ALL.map((rule) => [rule.name, rule] as const))(
    '%s asks only for metrics that are told',
    (_name, { expression }) => {
      const known = new Set([
        ...Object.keys({ ...METRICS, ...SITE_FACTS, ...HOST_FAMILIES }),
        ...ownMetrics(),
        ...DUTY_METRICS,
        ...ALL.filter(({ kind }) => kind === 'record').map(({ name }) => name),
        'ALERTS',
        'up',
        // Told by node_exporter alone; of its own host an agent tells another.
        'node_time_seconds',
      ]);
      expect(expression.metrics?.size).toBeGreaterThan(0);
      expect([...(expression.metrics ?? [])].filter((name) => !known.has(name))).toEqual([]);
    },
  );

  // R37: the hard limit, and what is told of less severity before it.
  it.each([
    ['UpsLoadHigh', 'UpsLoadNearLimit'],
    ['UpsOverloaded', 'UpsLoadHigh'],
    ['UpsRuntimeShort', 'UpsRuntimeNearLimit'],
    ['UpsCannotCarryOther', 'UpsCannotCarryOtherSoon'],
    ['FeedCannotCarryOther', 'FeedCannotCarryOtherSoon'],
    ['RackCannotLoseFeed', 'RackCannotLoseFeedSoon'],
    ['UpsBatteryOld', 'UpsBatteryAging'],
    ['UpsBatteryHot', 'UpsBatteryWarm'],
    ['UpsInputLost', 'UpsInputVoltageOff'],
    ['PduLoadHigh', 'PduLoadNearLimit'],
    ['InletTemperatureDangerous', 'InletTemperatureHigh'],
    ['InletTemperatureHigh', 'InletTemperatureRising'],
    ['InletWarmingFast', 'InletWarmingSteadily'],
    ['CracSupplyTooWarm', 'CracSupplyWarming'],
    ['StorageNearlyFull', 'StorageFilling'],
    ['HostMemoryFull', 'HostMemoryFilling'],
    ['UplinkSaturated', 'UplinkBusy'],
    ['FirewallSessionsFull', 'FirewallSessionsHigh'],
    ['AgentSpoolDrops', 'AgentSpoolGrows'],
    ['RuleEvaluationsFail', 'RuleEvaluationsLate'],
  ])('tell of %s after a warning, %s', (hard, warning) => {
    const gravity = (name: string): number => {
      const severity = RULES.find((rule) => rule.name === name)?.labels['severity']?.source;
      return SEVERITIES.findIndex((one) => one === severity);
    };
    expect(gravity(hard)).toBeGreaterThanOrEqual(0);
    expect(gravity(hard)).toBeLessThan(gravity(warning));
  });

  const saying = (annotation: string, word: string): readonly string[] =>
    RULES.filter(({ annotations }) => annotations[annotation]?.source.split(' ').includes(word)).map(
      ({ name }) => name,
    );

  it('of smoke, fire, gas and water say that life is in danger, and no others do', () => {
    expect(saying('danger', 'life')).toEqual(['SmokeDetected', 'WaterLeak', 'FireContact', 'WaterContact']);
  });

  it('of a danger to life are critical, wait for nothing and are explained by nothing', () => {
    for (const name of saying('danger', 'life')) {
      expect(RULES.find((one) => one.name === name)?.annotations['follows'], name).toBeUndefined();
      const rule = RULES.find((one) => one.name === name);
      expect(rule, name).toMatchObject({ forMs: 0, holds: true });
      expect(rule?.labels['severity']?.source).toBe('critical');
    }
  });

  it('say what they cut off, and what explains them', () => {
    expect(saying('cuts_off', 'power').toSorted()).toEqual(['FeedLost', 'UpsOutputOff']);
    expect(saying('cuts_off', 'network')).toEqual(['DeviceSilent']);
    expect(saying('cuts_off', 'agent')).toEqual(['AgentGone', 'AgentSilent']);
    expect(saying('follows', 'network')).toEqual(['DeviceSilent', 'AgentGone', 'AgentSilent']);
    expect(saying('follows', 'agent')).toEqual([
      'DeviceSilent',
      'AgentPushFails',
      'AgentSpoolGrows',
      'AgentClockOff',
      'AgentPollsLate',
    ]);
    expect(saying('follows', 'power').toSorted()).toEqual([
      'AgentGone',
      'AgentSilent',
      'AtsNoSource',
      'DeviceSilent',
      'PduNoPower',
    ]);
  });

  it('of smoke send nobody into a room that may be full of gas', () => {
    const smoke = RULES.find(({ name }) => name === 'SmokeDetected');
    expect(smoke?.annotations['response_zh']?.source).toContain('未经通风并确认安全，任何人不得进入');
    expect(smoke?.annotations['response_en']?.source).toContain(
      'nobody enters before the room has been aired',
    );
  });

  // Not «now»: a held alert keeps the words of its last evaluation.
  it.each([
    ['response_zh', [35_400], /^按最近一次读数，电池约可再供电 9h 50m 0s。确认是否停电/],
    ['response_en', [35_400], /^By its last reading the battery lasts about 9h 50m 0s\. Check whether/],
    ['response_zh', [], /^确认是否停电/],
    ['response_en', [], /^Check whether/],
  ] as const)(
    'of a mains failure tell in %s how long the battery lasts, if known (%j)',
    (name, known, words) => {
      const template = RULES.find((rule) => rule.name === 'UpsOnBattery')?.annotations[name];
      const asked: string[] = [];
      const told = template?.expand({
        labels: { device: 'ups-a' },
        value: 1,
        externalLabels: {},
        externalUrl: '',
        nowMs: 0,
        query(expression) {
          asked.push(expression);
          return known.map((value) => ({ labels: {}, value }));
        },
      });
      expect(told).toMatch(words);
      expect(asked).toEqual(['ups_battery_runtime_seconds{device="ups-a"}']);
    },
  );

  it('hold when their device falls silent, all but those that are not about what a device tells', () => {
    const free = [
      'AlertFlood',
      'AlertLoadHigh',
      'AlertsChatter',
      'AlertsStale',
      'RulesUnexplained',
      'HistoryFaulty',
      'HistoryNotWritten',
      'HistoryGivesWay',
      'HistoryDiskNearlyFull',
      'CapacityRunsOut',
      'UplinkNotFound',
      'WatchUncovered',
      'WatchNotTaken',
      'LeaderMissing',
      'HandoverOverdue',
      'IncomingLate',
      'IncomingAbsent',
      'ProbeUnanswered',
      'StandInMissing',
      'LeaderWordUnconfirmed',
      'AwayTooLong',
      'WatchClockBehind',
      'AlertUnacknowledged',
      'CallTreeUntried',
      'AgentGone',
      'ZoneUnread',
      'AgentPushFails',
      'AgentSpoolGrows',
      'AgentSpoolDrops',
      'AgentClockOff',
      'ClockSetBack',
      'WritesRefused',
      'SeriesFull',
      'SamplesNotKept',
      'RecordsFail',
      'BackupOld',
      'AgentPollsLate',
      'RuleEvaluationsFail',
      'RuleEvaluationsLate',
      'NotifyWayDown',
      'ModemGone',
      'RosterGapAhead',
      'RosterGapSoon',
      'RosterStandbyMissing',
      'RosterRestShort',
      'RosterUnqualified',
      'QualificationEnding',
      'RoundDueSoon',
      'RoundOverdue',
      'RoundLongOverdue',
      'RoundMissed',
      'RoundDoubtful',
      'RoundTaskOld',
      'SeriesNearLimit',
      'CertificateEnds',
      'RootCertificateEnds',
      'RemoteWriteBehind',
      'RemoteWriteDrops',
      'RemoteWriteQueueNearlyFull',
      'QueryEngineAway',
      'QueryEngineDiskNearlyFull',
      'RulesFromMemory',
    ];
    const found = RULES.filter(({ holds }) => !holds).map(({ name }) => name);
    expect(found.toSorted()).toEqual(free.toSorted());
  });
});
