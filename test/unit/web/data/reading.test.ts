import { describe, expect, it } from 'vitest';
import type { ReadingView } from '../../../../config/model/api.ts';
import {
  hasCurve,
  labelText,
  readingKey,
  readingName,
  readingText,
  tileReadings,
} from '../../../../web/data/reading.ts';
import { groupReadings, groupText } from '../../../../web/data/reading-groups.ts';
import { formatOf } from '../../../../web/i18n/format.ts';
import { wordsOf } from '../../../../web/i18n/words.ts';

const words = wordsOf('en');
const format = formatOf('en', 'UTC');

function reading(metric: string, value: number, rest: Partial<ReadingView> = {}): ReadingView {
  return { metric, value, labels: {}, atMs: 0, ...rest };
}

describe('a reading', () => {
  it('of a state set is told by the name of the state', () => {
    const onBattery = reading('ups_output_source', 5, { state: 'battery' });
    expect(readingText(onBattery, words, format).number).toBe('On battery');
  });

  it('of a flag is told by a word, not by a digit', () => {
    expect(readingText(reading('leak_detected', 1), words, format).number).toBe('Wet');
    expect(readingText(reading('leak_detected', 0), wordsOf('zh-CN'), format).number).toBe('干燥');
  });

  it('of a number has its unit', () => {
    expect(readingText(reading('sensor_celsius', 22.61), words, format)).toEqual({
      number: '22.6',
      unit: '℃',
    });
  });

  it('is named by its metric and what sets it apart', () => {
    const third = reading('ups_load_ratio', 1, { labels: { line: '3', device: 'ups-a', job: 'agent' } });
    expect(readingName(third, words)).toBe('Load · L3');
    expect(labelText({ cpu: '0' })).toBe('CPU 0');
    expect(labelText({ interface: 'XGE1/0/1', description: '' })).toBe('XGE1/0/1');
    expect(readingName(reading('device_uptime_seconds', 1), words)).toBe('Uptime');
  });

  it('that only describes says its labels', () => {
    const host = reading('node_uname_info', 1, { labels: { sysname: 'Linux', release: '6.18' } });
    expect(readingName(host, words)).toBe('Operating system');
    expect(readingText(host, words, format).number).toBe('Linux · 6.18');
  });

  it('names the port before its description', () => {
    expect(labelText({ description: 'uplink', interface: 'XGE1/0/1' })).toBe('XGE1/0/1 · uplink');
  });

  it('is known again by its metric and labels, whatever their order', () => {
    expect(readingKey(reading('m', 1, { labels: { a: '1', b: '2' } }))).toBe(
      readingKey(reading('m', 9, { labels: { b: '2', a: '1' } })),
    );
  });

  it('has a curve only where a curve says something', () => {
    expect(hasCurve('ups_load_ratio')).toBe(true);
    expect(hasCurve('node_load1')).toBe(true);
    expect(hasCurve('ups_output_source')).toBe(false);
    expect(hasCurve('device_info')).toBe(false);
    expect(hasCurve('interface_up')).toBe(false);
    expect(hasCurve('node_boot_time_seconds')).toBe(false);
  });
});

describe('a tile', () => {
  it('shows of several lines the highest', () => {
    const lines = [0.3, 0.5, 0.4].map((value) => reading('ups_load_ratio', value));
    expect(tileReadings(lines).map(({ value }) => value)).toEqual([0.5]);
  });

  it('shows of several ports the one that is down', () => {
    expect(tileReadings([reading('interface_up', 1), reading('interface_up', 0)])).toMatchObject([
      { value: 0 },
    ]);
  });

  it('shows the gravest before the highest', () => {
    const tame = reading('sensor_celsius', 40);
    const grave = reading('sensor_celsius', 10, { severity: 'critical' });
    expect(tileReadings([tame, grave])).toEqual([grave]);
    expect(tileReadings([grave, tame])).toEqual([grave]);
  });

  it('keeps the order of the headline', () => {
    const headline = [reading('b', 1), reading('a', 1), reading('b', 2)];
    expect(tileReadings(headline).map(({ metric }) => metric)).toEqual(['b', 'a']);
  });
});

describe('the list of readings', () => {
  it('has what is wrong first, and the lines of one metric together in their natural order', () => {
    const told = [
      reading('load', 3, { labels: { line: '10' } }),
      reading('volts', 2),
      reading('load', 1, { labels: { line: '2' } }),
      reading('state', 4, { severity: 'minor' }),
      reading('output', 5, { severity: 'critical' }),
    ];
    const groups = groupReadings(told);
    expect(groups.map(({ metric }) => metric)).toEqual(['output', 'state', 'load', 'volts']);
    expect(groups[2]?.readings.map(({ value }) => value)).toEqual([1, 3]);
  });

  const ports = (values: readonly number[], metric: string): readonly ReadingView[] =>
    values.map((value, index) => reading(metric, value, { labels: { interface: `GE${index}` } }));

  it('folds the many ports of a switch, unless one of them is wrong', () => {
    const [many] = groupReadings(
      ports(
        Array.from({ length: 48 }, () => 1),
        'interface_up',
      ),
    );
    expect(many?.isLong).toBe(true);
    const [few] = groupReadings(ports([1, 1, 1], 'interface_up'));
    expect(few?.isLong).toBe(false);
    const wrong = [
      ...ports(
        Array.from({ length: 48 }, () => 1),
        'm',
      ),
      reading('m', 0, { severity: 'major' }),
    ];
    expect(groupReadings(wrong)[0]?.isLong).toBe(false);
  });

  it('tells of a folded group how many say what, or how far the values reach', () => {
    const [states] = groupReadings(ports([1, 1, 0], 'interface_up'));
    const [bytes] = groupReadings(ports([2048, 1024, 4096], 'interface_receive_bytes_total'));
    const [same] = groupReadings(ports([7, 7], 'host_processes'));
    expect(states && groupText(states, words, format)).toBe('Up 2 · Down 1');
    expect(bytes && groupText(bytes, words, format)).toBe('1.00 KiB – 4.00 KiB');
    expect(same && groupText(same, words, format)).toBe('7');
  });
});
