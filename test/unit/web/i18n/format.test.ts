import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../../config/model/metrics.ts';
import { formatOf, unitOf } from '../../../../web/i18n/format.ts';

const AT_MS = Date.UTC(2026, 10, 21, 19, 17, 5);
const HOUR_MS = 3_600_000;
const english = formatOf('en', 'Asia/Shanghai');
const chinese = formatOf('zh-CN', 'Asia/Shanghai');

function text({ number, unit }: { number: string; unit: string }): string {
  return `${number} ${unit}`.trim();
}

describe('an instant', () => {
  it('is told in the time of the site, not of the reader', () => {
    expect(english.time(AT_MS)).toBe('03:17:05');
    expect(formatOf('en', 'Europe/Berlin').time(AT_MS)).toBe('20:17:05');
  });

  it('of another day says so', () => {
    expect(english.instant(AT_MS, AT_MS + HOUR_MS)).toBe('03:17');
    expect(english.instant(AT_MS, AT_MS + 30 * HOUR_MS)).toContain('22 Nov');
    expect(chinese.instant(AT_MS, AT_MS + 30 * HOUR_MS)).toContain('11月22日');
  });

  it('just after midnight is 00, never 24', () => {
    expect(english.time(Date.UTC(2026, 10, 21, 16, 0, 0))).toBe('00:00:00');
  });

  it('on an axis is the day where it begins, else hours and minutes', () => {
    const midnightMs = Date.UTC(2026, 10, 21, 16);
    const axis = (language: 'zh-CN' | 'en') =>
      [midnightMs, midnightMs + 12 * 3_600_000].map(formatOf(language, 'Asia/Shanghai').axisTime);
    expect(axis('en')).toEqual(['22/11/2026', '12:00']);
    expect(axis('zh-CN')).toEqual(['2026/11/22', '12:00']);
  });

  it('names its zone', () => {
    expect(english.zone(AT_MS)).toBe('GMT+8');
  });
});

describe('a duration', () => {
  it.each([
    [0, '0 sec', '0秒'],
    [59_900, '59 sec', '59秒'],
    [60_000, '1 min', '1分钟'],
    [3_661_000, '1 hr 1 min', '1小时 1分钟'],
    [90_061_000, '1 day 1 hr', '1天 1小时'],
    [-5, '0 sec', '0秒'],
  ])('of %d ms is told by its two largest units', (durationMs, inEnglish, inChinese) => {
    expect(english.duration(durationMs)).toBe(inEnglish);
    expect(chinese.duration(durationMs)).toBe(inChinese);
  });

  it('that goes on loses its seconds after the first minute', () => {
    expect(english.age(42_000)).toBe('42 sec');
    expect(english.age(125_000)).toBe('2 min');
    expect(english.duration(125_000)).toBe('2 min 5 sec');
  });
});

describe('a quantity', () => {
  it.each([
    [22.64, 'celsius', '22.6 ℃'],
    [0.417, 'ratio', '41.7 %'],
    [-90, 'seconds', '-1 min 30 sec'],
    [2840, 'watts', '2.84 kW'],
    [999, 'watts', '999 W'],
    [25_440, 'seconds', '7 hr 4 min'],
    [0.0123, 'seconds', '12 ms'],
    [8_812_334_211, 'bytes', '8.21 GiB'],
    [125_000_000, 'bytes_per_second', '1.00 Gbit/s'],
    [50.02, 'hertz', '50.0 Hz'],
    [1_234_567, 'count', '1,235,000'],
    [Number.NaN, 'celsius', '—'],
    [Number.POSITIVE_INFINITY, 'seconds', '—'],
  ] as const)('%d in %s is shown as %s', (value, unit, shown) => {
    expect(text(english.quantity(value, unit))).toBe(shown);
  });

  it('of time on an axis is told in one unit', () => {
    expect(text(english.compact(25_440, 'seconds'))).toBe('7.1h');
    expect(text(english.compact(0.25, 'seconds'))).toBe('250 ms');
    expect(text(english.compact(0.42, 'ratio'))).toBe('42 %');
  });
});

describe('an age where there is room for little', () => {
  it.each([
    [43_900, '43 sec'],
    [4_000_000, '1 hr'],
    [100 * 3_600_000, '4 days'],
    [0, '0 sec'],
  ] as const)('of %d ms is %s', (ageMs, shown) => {
    expect(english.roughAge(ageMs)).toBe(shown);
  });
});

describe('the unit of a metric', () => {
  it('is that of the catalogue', () => {
    for (const [name, { unit }] of Object.entries(METRICS)) expect(unitOf(name)).toBe(unit);
  });

  it('of another exporter is read from its name', () => {
    expect(unitOf('node_memory_MemAvailable_bytes')).toBe('bytes');
    expect(unitOf('node_network_receive_bytes_total')).toBe('bytes');
    expect(unitOf('node_boot_time_seconds')).toBe('timestamp_seconds');
    expect(unitOf('node_load1')).toBe('none');
  });
});
