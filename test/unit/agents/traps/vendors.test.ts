import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../../../agents/traps/meaning.ts';
import { SHIPPED_FOLDER } from '../../../../config/load.ts';
import { loadProfiles } from '../../../../config/profiles.ts';

const profiles = [
  'apc-ups',
  'xups',
  'eppc-ups',
  'raritan-px',
  'liebert-power',
  'huawei-power',
  'mge-ups',
  'delta-ups',
].flatMap((name) => loadProfiles([join(SHIPPED_FOLDER, 'profiles', `${name}.yaml`)]).profiles);

const meaning = (oid: string, serving: string) => {
  const { name, told } = meaningOf({ isInform: false, oids: [oid], varBinds: [] }, profiles, [serving]);
  return [name, ...told.map(({ metric, state }) => `${metric} ${state}`)];
};

const MAINS_LOST = 'ups_output_source battery';
const BATTERY_LOW = 'ups_battery_status low';

describe('traps of vendors', () => {
  it.each<[string, string, ...string[]]>([
    ['apc-ups', '1.3.6.1.4.1.318.0.5', 'upsOnBattery', MAINS_LOST],
    ['apc-ups', '1.3.6.1.4.1.318.0.7', 'lowBattery', BATTERY_LOW],
    ['apc-ups', '1.3.6.1.4.1.318.0.3', 'upsDiagnosticsFailed', 'ups_self_test failed'],
    ['xups', '1.3.6.1.4.1.534.1.11.4.1.0.3', 'xupstdOnBattery', MAINS_LOST],
    ['xups', '1.3.6.1.4.1.534.1.11.4.2.0.4', 'xupstpLowBattery', BATTERY_LOW],
    ['xups', '1.3.6.1.4.1.534.1.0.0.0.3', 'xupstbOnBattery', MAINS_LOST],
    ['xups', '1.3.6.1.4.1.534.1.11.4.1.0.13', 'xupstdOutputOff', 'ups_output_source none'],
    ['eppc-ups', '1.3.6.1.4.1.935.10.1.2.0.7', 'upsEOnBattery', MAINS_LOST],
    ['eppc-ups', '1.3.6.1.4.1.935.10.1.2.0.3', 'upsELowBattery', BATTERY_LOW],
    ['mge-ups', '1.3.6.1.4.1.705.1.11.0.11', 'upsmgOnBattery', MAINS_LOST],
    ['mge-ups', '1.3.6.1.4.1.705.1.11.0.5', 'upsmgAtLowBattery', BATTERY_LOW],
    ['delta-ups', '1.3.6.1.4.1.2254.2.4.20.0.3', 'dupsPowerFail', MAINS_LOST],
    ['delta-ups', '1.3.6.1.4.1.2254.2.4.20.0.5', 'dupsLowBattery', BATTERY_LOW],
    ['liebert-power', '1.3.6.1.4.1.476.1.42.3.3.0.3', 'lgpEventLowBatteryWarning', BATTERY_LOW],
    [
      'liebert-power',
      '1.3.6.1.4.1.476.1.42.3.3.0.4',
      'lgpEventLoadTransferedToBypass',
      'ups_output_source bypass',
    ],
  ])('of %s, %s sets what it says', (profile, oid, ...expected) => {
    expect(meaning(oid, profile)).toEqual(expected);
  });

  it.each([
    ['apc-ups', '1.3.6.1.4.1.318.0.9', 'powerRestored'],
    ['apc-ups', '1.3.6.1.4.1.318.0.1', 'communicationLost'],
    ['xups', '1.3.6.1.4.1.534.1.11.4.1.0.5', 'xupstdUtilityPowerRestored'],
    ['eppc-ups', '1.3.6.1.4.1.935.10.1.2.0.2', 'upsEPowerRestored'],
    ['raritan-px', '1.3.6.1.4.1.13742.6.0.66', 'externalSensorStateChange'],
    ['liebert-power', '1.3.6.1.4.1.476.1.42.3.3.0.2', 'lgpEventConditionEntryRemoved'],
    ['huawei-power', '1.3.6.1.4.1.2011.6.164.2.1.3.0.99', 'hwAcbAlarmTrap'],
  ])(
    'of %s, %s is called by its name and gives no all-clear: the poll that follows does',
    (profile, oid, name) => {
      expect(meaning(oid, profile)).toEqual([name]);
    },
  );

  it('of Liebert, a condition that was added sets what it is about', () => {
    const added = (condition: string): unknown =>
      meaningOf(
        {
          isInform: false,
          oids: ['1.3.6.1.4.1.476.1.42.3.3.0.1'],
          varBinds: [{ oid: '1.3.6.1.4.1.476.1.42.3.2.3.1.2.7', value: { kind: 'oid', value: condition } }],
        },
        profiles,
        ['liebert-power'],
      ).told;
    // lgpConditionLoadOnBattery, lgpConditionUtilityFailure
    expect(added('1.3.6.1.4.1.476.1.42.3.2.1.72')).toEqual([
      { metric: 'ups_output_source', state: 'battery' },
    ]);
    expect(added('1.3.6.1.4.1.476.1.42.3.2.1.70')).toEqual([]);
  });

  it('set nothing on a device that the profile does not serve', () => {
    expect(meaning('1.3.6.1.4.1.318.0.5', 'xups')).toEqual(['upsOnBattery']);
  });
});
