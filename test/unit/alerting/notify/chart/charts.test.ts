import { describe, expect, it } from 'vitest';
import { createCharts, type ChartDeps, type Judged } from '../../../../../alerting/notify/chart/charts.ts';
import { CURVE_MS, curveOf, type Curve } from '../../../../../alerting/notify/chart/curve.ts';
import { drawDigits, isDrawable } from '../../../../../alerting/notify/chart/digits.ts';
import { chartMark } from '../../../../../alerting/notify/chart/mark.ts';
import { chartSvg, type ChartFrame } from '../../../../../alerting/notify/chart/svg.ts';
import { renderMessage } from '../../../../../alerting/notify/message.ts';
import { createEngine } from '../../../../../collector/promql/engine.ts';
import { createHead } from '../../../../../collector/series/head.ts';
import { instance, SITE } from '../../../../support/alerts.ts';
import { silentLog } from '../../../../support/silent-log.ts';

const MINUTE_MS = 60_000;
/** 09:00 in Shanghai. */
const END_MS = Date.UTC(2026, 0, 2, 1);

/** A head in which two sensors warmed up, with a gap of twenty minutes. */
function warm() {
  const head = createHead();
  for (let agoMs = CURVE_MS; agoMs >= 0; agoMs -= MINUTE_MS) {
    if (agoMs > 60 * MINUTE_MS && agoMs < 80 * MINUTE_MS) continue;
    const atMs = END_MS - agoMs;
    const celsius = 22 + (10 * (CURVE_MS - agoMs)) / CURVE_MS;
    head.append({ __name__: 'sensor_celsius', device: 'ups-a', sensor: 'in' }, atMs, celsius);
    head.append({ __name__: 'sensor_celsius', device: 'ups-b', sensor: 'in' }, atMs, 20);
    head.append({ __name__: 'site_limit', device: 'ups-a' }, atMs, 27);
    head.append({ __name__: 'site_limit', device: 'ups-b' }, atMs, 99);
  }
  return createEngine({ source: head });
}

const ELEMENT = { __name__: 'sensor_celsius', device: 'ups-a', sensor: 'in' };

function curve(query: string): Curve | undefined {
  return curveOf(warm().compile(query), ELEMENT, END_MS);
}

const judged = (query: string): Judged => ({
  expression: warm().compile(query),
  instance: instance({
    element: ELEMENT,
    annotations: { summary_zh: '进风温度高', summary_en: 'Inlet is warm', unit: 'celsius' },
    phase: { kind: 'firing', sinceMs: END_MS - 40 * MINUTE_MS, firedAtMs: END_MS - 40 * MINUTE_MS },
  }),
});

describe('the curve of an alert', () => {
  it.each([
    ['sensor_celsius > 27', 27],
    ['27 < sensor_celsius', 27],
    [
      '(sensor_celsius > on (device) group_left () site_limit or sensor_celsius > 5) and on (device) site_limit',
      27,
    ],
    ['avg_over_time(sensor_celsius[5m]) >= 26 + 1 unless on () vector(0) > 1', 27],
    ['sensor_celsius != 3', undefined],
  ])('of %s is the side that changes, with what it is held against', (query, limit) => {
    const found = curve(query);
    expect(found?.values[0]).toBeCloseTo(22, 0);
    expect(found?.values.at(-1)).toBeCloseTo(32, 0);
    expect(found?.limits?.at(-1)).toBe(limit);
  });

  it.each([
    'absent(nothing)',
    'sensor_celsius',
    'sensor_celsius > bool 3',
    'nothing > 3',
    'count(sensor_celsius)',
  ])('of %s is none', (query) => {
    expect(curve(query)).toBeUndefined();
  });

  it('is broken where there was no data', () => {
    const known = curve('sensor_celsius > 27')?.values.map((value) => value !== undefined) ?? [];
    // A sample stands for five minutes.
    expect(known.filter((isKnown) => !isKnown).length).toBeGreaterThan(10);
    expect([known[0], known.at(-1)]).toEqual([true, true]);
  });
});

describe('the chart', () => {
  const frame: ChartFrame = {
    language: 'zh-CN',
    timeZone: 'Asia/Shanghai',
    unit: 'celsius',
    firedAtMs: END_MS - 40 * MINUTE_MS,
  };
  const at = (values: Curve['values'], limits?: Curve['values']): Curve => ({
    startMs: END_MS - CURVE_MS,
    endMs: END_MS,
    stepMs: CURVE_MS / 2,
    values,
    ...(limits === undefined ? {} : { limits }),
  });

  it('has its curve, its limit and when it fired, and the hours of the site', () => {
    const { svg, unit } = chartSvg(at([20, undefined, 40], [27, 27, 27]), frame);
    expect(unit).toBe('℃');
    expect(svg).toMatch(/stroke="#0b57d0"/);
    expect(svg).toMatch(/stroke="#b3261e" stroke-width="1.5" stroke-dasharray/);
    expect(svg).toMatch(/stroke-dasharray="2 3"/);
    expect(chartSvg(at([20, undefined, 40]), { ...frame, firedAtMs: 0 }).svg).not.toContain('dasharray');
    expect(chartSvg(at([20, undefined, 40]), { ...frame, timeZone: 'UTC' }).svg).not.toBe(svg);
  });

  it.each([[[0, 0, 0]], [[1e9, 1e9, 1e9]], [[-5, -5, -4]], [[1e-9, 2e-9, 3e-9]]])(
    'is drawn of whatever the values are: %j',
    (values) => {
      expect(chartSvg(at(values), frame).svg).not.toMatch(/NaN|Infinity/);
    },
  );

  it('writes numbers in one unit, or plain ones', () => {
    expect(chartSvg(at([0, 1, 2]), { ...frame, unit: undefined }).unit).toBe('');
    expect(chartSvg(at([30, 4_000, 90_000]), { ...frame, unit: 'seconds' }).unit).toBe('seconds');
  });

  it('draws every sign of numbers and times, each otherwise', () => {
    const place = { x: 0, y: 0, anchor: 'start', heightPx: 9, stroke: '#000' } as const;
    const drawn = Array.from('0123456789.,:-').map((sign) => drawDigits(sign, place));
    expect(new Set(drawn).size).toBe(14);
    expect(isDrawable('-12:34.5')).toBe(true);
    expect(isDrawable('12 k</g>')).toBe(false);
    expect(drawDigits('<5>', place)).toBe(drawDigits('5', place));
  });
});

describe('the picture in a mail', () => {
  const charts = (more: Partial<ChartDeps> = {}) =>
    createCharts({
      log: silentLog(),
      site: () => SITE,
      judged: () => judged('sensor_celsius > 27'),
      ...more,
    });
  const { html } = renderMessage([judged('sensor_celsius > 27').instance], {
    site: SITE,
    language: 'zh-CN',
    publicUrl: 'https://watch.example',
    nowMs: END_MS,
  });

  it("stands where the mail has its mark, with words in its reader's language beside it", async () => {
    const told = await charts()(html, END_MS);
    expect(told.picture?.png.subarray(1, 4).toString()).toBe('PNG');
    expect(told.html).toContain(`src="cid:${told.picture?.contentId}"`);
    expect(told.html).not.toContain('<!--');
    expect(told.html).toContain(
      '此前三小时，时间按 Asia/Shanghai · 单位 ℃ · 红色虚线：限值 27.0 ℃ · 竖点线：告警时间',
    );
    const english = await charts()(html.replace('zh-CN-->', 'en-->'), END_MS);
    expect(english.html).toContain(
      'times of Asia/Shanghai · in ℃ · red dashes: limit 27.0 ℃ · dotted: when it fired',
    );
  });

  it('is drawn once for all who are told', async () => {
    let drawn = 0;
    const draw = async () => {
      drawn += 1;
      return Buffer.from('x');
    };
    const own = charts({ draw });
    await Promise.all([own(html, END_MS), own(html, END_MS)]);
    expect(drawn).toBe(1);
  });

  it.each<[string, Partial<ChartDeps>]>([
    ['cannot be drawn', { draw: () => Promise.reject(new Error('no memory')) }],
    ['has no curve', { judged: () => judged('absent(nothing)') }],
    ['is of an alert that no rule made', { judged: () => undefined }],
    [
      'cannot be read',
      {
        judged: () => {
          throw new Error('query_limit');
        },
      },
    ],
  ])('is left out where it %s', async (_why, deps) => {
    const told = await charts(deps)(html, END_MS);
    expect(told.picture).toBeUndefined();
    expect(told.html).toBe(html.replace(/<!--chart.*?-->/, ''));
  });

  it('is put nowhere by what stands in a label', () => {
    const mark = chartMark('f1', 'en');
    const evil = instance({ annotations: { summary: mark, response: mark } });
    const mail = renderMessage([evil], {
      site: SITE,
      language: 'en',
      publicUrl: 'https://x.example',
      nowMs: 0,
    });
    expect(mail.html.split('<!--chart')).toHaveLength(2);
    expect(mail.html).toContain(chartMark(evil.fingerprint, 'en'));
  });
});
