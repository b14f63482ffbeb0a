import { beforeEach, describe, expect, it } from 'vitest';
import { createDevices, type Devices } from '../../../../collector/devices/devices.ts';
import { createHead, type Head } from '../../../../collector/series/head.ts';
import type { DeviceView } from '../../../../config/model/api.ts';
import type { DeviceKind } from '../../../../config/model/device.ts';
import type { Severity } from '../../../../config/model/severity.ts';
import type { SiteDevice } from '../../../../config/model/site.ts';

const START = 1_000_000;

function device(id: string, kind: DeviceKind): SiteDevice {
  return { id, name: { 'zh-CN': id, en: id }, kind, layer: 'facility', room: 'main', feeds: [] };
}

let head: Head;
let site: SiteDevice[];
let alerts: Map<string, Severity>;
let isAgentUp: boolean;
let devices: Devices;

beforeEach(() => {
  head = createHead();
  site = [device('ups-a', 'ups'), device('leak-1', 'leak')];
  alerts = new Map();
  isAgentUp = true;
  devices = createDevices({
    seriesOf: (id) => head.seriesWith('device', id),
    settings: () => ({ devices: site, pollIntervalMs: 10_000, scrapeIntervalMs: 5_000 }),
    isAgentUp: () => isAgentUp,
    alertSeverity: (id) => alerts.get(id),
  });
  devices.update(START);
});

/** What one scrape brought, as `metric{labels}` without those that every series has. */
function scrape(
  atMs: number,
  id: string,
  values: Record<string, number>,
  labels: Record<string, string> = {},
): void {
  for (const [name, value] of Object.entries(values)) {
    const [metric = '', state] = name.split('/');
    const own = state === undefined ? {} : { state };
    head.append(
      { __name__: metric, job: 'agent', instance: 'local', device: id, ...own, ...labels },
      atMs,
      value,
    );
  }
}

function end(atMs: number, id: string, metric: string, labels: Record<string, string> = {}): void {
  head.seriesOf({ __name__: metric, job: 'agent', instance: 'local', device: id, ...labels })?.end(atMs);
}

function viewOf(id: string, nowMs: number): DeviceView {
  const view = devices.update(nowMs).find((candidate) => candidate.id === id);
  if (view === undefined) throw new Error(`no view of ${id}`);
  return view;
}

describe('a device', () => {
  it('shows its headline in the order of its kind', () => {
    scrape(START, 'ups-a', {
      device_up: 1,
      ups_battery_charge_ratio: 1,
      'ups_output_source/normal': 1,
      'ups_output_source/battery': 0,
    });
    scrape(START, 'ups-a', { ups_load_ratio: 0.4 }, { line: '1' });
    expect(viewOf('ups-a', START)).toEqual({
      id: 'ups-a',
      state: { kind: 'ok', sinceMs: START },
      lastSeenAtMs: START,
      headline: [
        { metric: 'ups_output_source', labels: {}, value: 0, state: 'normal', atMs: START },
        { metric: 'ups_load_ratio', labels: { line: '1' }, value: 0.4, atMs: START },
        { metric: 'ups_battery_charge_ratio', labels: {}, value: 1, atMs: START },
      ],
    });
  });

  it('is alarmed by a state that its catalogue calls grave', () => {
    scrape(START, 'ups-a', { device_up: 1, 'ups_output_source/normal': 0, 'ups_output_source/battery': 1 });
    const { state, headline } = viewOf('ups-a', START);
    expect(state).toEqual({ kind: 'alarmed', severity: 'critical', sinceMs: START });
    expect(headline[0]).toMatchObject({ state: 'battery', severity: 'critical' });
  });

  it.each([
    [{ leak_detected: 1 }, 'alarmed'],
    [{ leak_detected: 0 }, 'ok'],
    [{ door_open: 1 }, 'ok'],
  ])('with %j is %s', (values, kind) => {
    scrape(START, 'leak-1', { device_up: 1, ...values });
    expect(viewOf('leak-1', START).state.kind).toBe(kind);
  });

  it('is as grave as the gravest of its alerts and states', () => {
    scrape(START, 'ups-a', { device_up: 1, 'ups_self_test/warning': 1 });
    expect(viewOf('ups-a', START).state).toMatchObject({ severity: 'minor' });
    alerts.set('ups-a', 'major');
    expect(viewOf('ups-a', START).state).toMatchObject({ severity: 'major' });
  });

  it('that stops answering keeps its readings, none younger than its last answer', () => {
    scrape(START, 'leak-1', { device_up: 1, leak_detected: 0 });
    expect(viewOf('leak-1', START).state.kind).toBe('ok');
    scrape(START + 5_000, 'leak-1', { device_up: 0, leak_detected: 0 });
    scrape(START + 10_000, 'leak-1', { device_up: 0 });
    end(START + 10_000, 'leak-1', 'leak_detected');
    const view = viewOf('leak-1', START + 10_000);
    expect(view.state).toEqual({ kind: 'unknown', reason: 'device_silent', sinceMs: START + 10_000 });
    expect(view.lastSeenAtMs).toBe(START);
    expect(view.headline).toEqual([{ metric: 'leak_detected', labels: {}, value: 0, atMs: START }]);
  });

  it('is one and the same view until something is different', () => {
    scrape(START, 'leak-1', { device_up: 1, leak_detected: 0 });
    const first = viewOf('leak-1', START);
    expect(viewOf('leak-1', START + 1_000)).toBe(first);
    alerts.set('leak-1', 'minor');
    const alarmed = viewOf('leak-1', START + 2_000);
    expect(alarmed.state).toEqual({ kind: 'alarmed', severity: 'minor', sinceMs: START + 2_000 });
    expect(viewOf('leak-1', START + 3_000)).toBe(alarmed);
    scrape(START + 5_000, 'leak-1', { device_up: 1, leak_detected: 1 });
    expect(viewOf('leak-1', START + 5_000)).toMatchObject({
      state: { severity: 'critical' },
      headline: [{ value: 1, atMs: START + 5_000 }],
    });
  });

  it('takes back what it told after the clock was set back', () => {
    scrape(START, 'leak-1', { device_up: 1, leak_detected: 0 });
    scrape(START + 5_000, 'leak-1', { device_up: 1, leak_detected: 1 });
    expect(viewOf('leak-1', START + 5_000).state.kind).toBe('alarmed');
    head.dropAfter(START);
    expect(viewOf('leak-1', START).state.kind).toBe('ok');
  });

  it('is not made ok by the readings of before', () => {
    scrape(START, 'leak-1', { device_up: 1, leak_detected: 1 });
    viewOf('leak-1', START);
    scrape(START + 5_000, 'leak-1', { device_up: 0 });
    expect(viewOf('leak-1', START + 5_000).state.kind).toBe('unknown');
  });

  it('whose agent is silent is unknown at once', () => {
    scrape(START, 'leak-1', { device_up: 1, leak_detected: 0 });
    viewOf('leak-1', START);
    end(START + 5_000, 'leak-1', 'device_up');
    end(START + 5_000, 'leak-1', 'leak_detected');
    isAgentUp = false;
    const view = viewOf('leak-1', START + 5_000);
    expect(view.state).toMatchObject({ kind: 'unknown', reason: 'agent_silent' });
    expect(view.headline).toHaveLength(1);
  });

  it('stays silent, not unseen, when its samples have grown too old to be kept', () => {
    scrape(START, 'leak-1', { device_up: 1 });
    viewOf('leak-1', START);
    head.dropBefore(START + 1);
    expect(viewOf('leak-1', START + 100_000)).toMatchObject({
      state: { kind: 'unknown', reason: 'device_silent' },
      lastSeenAtMs: START,
    });
  });

  it('does not show a sensor that it has no more', () => {
    scrape(START, 'leak-1', { device_up: 1 });
    scrape(START, 'leak-1', { leak_detected: 1 }, { sensor: 'a' });
    scrape(START, 'leak-1', { leak_detected: 0 }, { sensor: 'b' });
    expect(viewOf('leak-1', START).state.kind).toBe('alarmed');
    scrape(START + 5_000, 'leak-1', { device_up: 1 });
    scrape(START + 5_000, 'leak-1', { leak_detected: 0 }, { sensor: 'b' });
    end(START + 5_000, 'leak-1', 'leak_detected', { sensor: 'a' });
    const { state, headline } = viewOf('leak-1', START + 5_000);
    expect(state.kind).toBe('ok');
    expect(headline.map(({ labels }) => labels)).toEqual([{ sensor: 'b' }]);
  });

  it('read by two agents is judged by the one that reaches it', () => {
    scrape(START, 'leak-1', { device_up: 0, leak_detected: 1 }, { instance: 'other' });
    scrape(START, 'leak-1', { device_up: 1, leak_detected: 0 });
    const view = viewOf('leak-1', START);
    expect(view.state.kind).toBe('ok');
    expect(view.headline).toHaveLength(1);
  });

  it('takes no reading from series that are not an agent’s', () => {
    scrape(START, 'leak-1', { device_up: 1, leak_detected: 0 });
    scrape(START, 'leak-1', { leak_detected: 1 }, { job: 'stranger' });
    expect(viewOf('leak-1', START).state.kind).toBe('ok');
  });
});

describe('the readings of a device', () => {
  it('are all that it told, in the order of the catalogue, then by name', () => {
    scrape(START, 'ups-a', {
      node_load1: 2,
      device_up: 1,
      zz_other: 3,
      ups_battery_volts: 54,
      'ups_battery_status/low': 1,
    });
    viewOf('ups-a', START);
    expect(devices.readings('ups-a')?.readings.map(({ metric }) => metric)).toEqual([
      'ups_battery_status',
      'ups_battery_volts',
      'node_load1',
      'zz_other',
    ]);
  });

  it('are not the alerts that rules made of it', () => {
    scrape(START, 'ups-a', { device_up: 1, ups_battery_volts: 54 });
    scrape(START, 'ups-a', { ALERTS: 1, ALERTS_FOR_STATE: 1_795_000_000 }, { alertname: 'UpsOnBattery' });
    viewOf('ups-a', START);
    expect(devices.readings('ups-a')?.readings.map(({ metric }) => metric)).toEqual(['ups_battery_volts']);
  });

  it('are none of a device that never answered, and nothing of one that the site has not', () => {
    expect(devices.readings('ups-a')).toEqual({ device: 'ups-a', readings: [] });
    expect(devices.readings('nobody')).toBeUndefined();
  });
});

it('a device that joins the site is waited for from then on', () => {
  site = [...site, device('late', 'door')];
  expect(viewOf('late', START + 100_000).state).toEqual({ kind: 'starting', sinceMs: START + 100_000 });
  expect(viewOf('ups-a', START + 100_000).state.kind).toBe('unknown');
});
