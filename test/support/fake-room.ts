import type {
  AlertView,
  ChartBody,
  DeviceView,
  LiveEntry,
  OutboxMessageView,
  ReadingView,
  WatcherView,
} from '../../config/model/api.ts';
import type { PointView } from '../../config/model/attention.ts';
import type { DeviceKind, DeviceState } from '../../config/model/device.ts';
import type { Severity } from '../../config/model/severity.ts';
import type { Site, SiteDevice } from '../../config/model/site.ts';

/** What a fake collector tells of a room: made up, but of the form and the size of the real one. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

interface Numbers {
  readonly metric: string;
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly state?: string;
  readonly severity?: Severity;
}

const HEADLINES: Partial<Record<DeviceKind, readonly Numbers[]>> = {
  ups: [
    { metric: 'ups_output_source', value: 3, state: 'normal' },
    { metric: 'ups_load_ratio', value: 0.42, labels: { line: '1' } },
    { metric: 'ups_battery_runtime_seconds', value: 25_440 },
    { metric: 'ups_battery_charge_ratio', value: 1 },
  ],
  pdu: [{ metric: 'pdu_load_watts', value: 2840 }],
  crac: [
    { metric: 'crac_supply_air_celsius', value: 18.4 },
    { metric: 'crac_return_air_celsius', value: 27.1 },
  ],
  climate_sensor: [
    { metric: 'sensor_celsius', value: 22.6, labels: { sensor: 'inlet' } },
    { metric: 'sensor_humidity_ratio', value: 0.47, labels: { sensor: 'inlet' } },
  ],
  leak: [{ metric: 'leak_detected', value: 0, labels: { sensor: 'rope' } }],
  smoke: [{ metric: 'smoke_detected', value: 0, labels: { sensor: 'ceiling' } }],
  door: [{ metric: 'door_open', value: 0, labels: { sensor: 'south' } }],
  firewall: [{ metric: 'host_cpu_load_ratio', value: 0.21, labels: { cpu: '1' } }],
  switch: [
    { metric: 'interface_up', value: 1, labels: { interface: 'XGE1/0/1' } },
    { metric: 'interface_receive_bytes_total', value: 8_812_334_211, labels: { interface: 'XGE1/0/1' } },
  ],
  server: [
    { metric: 'host_cpu_load_ratio', value: 0.34, labels: { cpu: '1' } },
    { metric: 'host_memory_used_ratio', value: 0.61 },
  ],
};

const MORE: Partial<Record<DeviceKind, readonly Numbers[]>> = {
  ups: [
    { metric: 'ups_load_ratio', value: 0.39, labels: { line: '2' } },
    { metric: 'ups_load_ratio', value: 0.44, labels: { line: '3' } },
    { metric: 'ups_battery_status', value: 2, state: 'normal' },
    { metric: 'ups_battery_volts', value: 218.4 },
    { metric: 'ups_battery_celsius', value: 24.9 },
    { metric: 'ups_self_test', value: 1, state: 'passed' },
    { metric: 'ups_input_volts', value: 231.2, labels: { line: '1' } },
    { metric: 'ups_input_volts', value: 229.8, labels: { line: '2' } },
    { metric: 'ups_input_volts', value: 230.6, labels: { line: '3' } },
    { metric: 'ups_input_hertz', value: 50.02, labels: { line: '1' } },
    { metric: 'ups_input_line_bads_total', value: 7 },
    { metric: 'device_poll_duration_seconds', value: 0.012 },
  ],
  server: [
    { metric: 'host_storage_used_ratio', value: 0.72, labels: { storage: '/' } },
    { metric: 'host_storage_size_bytes', value: 512 * 1024 ** 3, labels: { storage: '/' } },
    { metric: 'device_uptime_seconds', value: 8_640_000 },
  ],
};

function readingOf(numbers: Numbers, atMs: number, isLive: boolean): ReadingView {
  const { labels = {}, ...rest } = numbers;
  return { ...rest, labels, atMs, ...(isLive ? { source: '1.3.6.1.2.1.33.1.4.4.1.5.1' } : {}) };
}

export function deviceView(device: SiteDevice, state: DeviceState, nowMs: number): DeviceView {
  const headline = (HEADLINES[device.kind] ?? []).map((numbers) => readingOf(numbers, nowMs - 3000, false));
  return {
    id: device.id,
    state,
    headline,
    lastSeenAtMs: state.kind === 'unknown' ? state.sinceMs : nowMs - 3000,
  };
}

export function readingsOf(device: SiteDevice, nowMs: number): readonly ReadingView[] {
  const all = [...(HEADLINES[device.kind] ?? []), ...(MORE[device.kind] ?? [])];
  return all.map((numbers) => readingOf(numbers, nowMs - 3000, true));
}

export function watcherOf(nowMs: number): WatcherView {
  return {
    startedAtMs: nowMs - 50 * MINUTE,
    agents: [{ name: 'local', isUp: true, sinceMs: nowMs - 50 * MINUTE, lastScrapeAtMs: nowMs - 2000 }],
    faults: [],
  };
}

/** The room on an ordinary night. */
export function calmRoom(site: Site, nowMs: number): readonly LiveEntry[] {
  const devices = site.devices.map(
    (device): LiveEntry => [
      `device/${device.id}`,
      deviceView(device, { kind: 'ok', sinceMs: nowMs - 40 * MINUTE }, nowMs),
    ],
  );
  return [['site', site], ['watcher', watcherOf(nowMs)], ...devices];
}

interface AlertTexts {
  readonly name: string;
  readonly severity: Severity;
  readonly device: string;
  readonly zh: readonly [summary: string, response: string, consequence: string];
  readonly en: readonly [summary: string, response: string, consequence: string];
  readonly value: number;
  readonly unit?: string;
}

export function alertView(texts: AlertTexts, sinceMs: number, heldSinceMs?: number): AlertView {
  const pick = (index: 0 | 1 | 2) => ({ 'zh-CN': texts.zh[index], en: texts.en[index] });
  return {
    fingerprint: `${texts.name}-${texts.device}`,
    rule: texts.name,
    name: texts.name,
    severity: texts.severity,
    phase:
      heldSinceMs === undefined
        ? { kind: 'firing', sinceMs, firedAtMs: sinceMs }
        : { kind: 'held', sinceMs, firedAtMs: sinceMs, heldSinceMs },
    labels: { alertname: texts.name, severity: texts.severity, device: texts.device },
    summary: pick(0),
    response: pick(1),
    consequence: pick(2),
    device: texts.device,
    value: texts.value,
    ...(texts.unit === undefined ? {} : { unit: texts.unit }),
  };
}

/** The point of the alert that `alertView` makes of the same texts. */
export function pointOf(texts: AlertTexts): PointView {
  const { fingerprint, name, rule, summary, severity } = alertView(texts, 0);
  return { fingerprint, name, rule, summary, severity, device: texts.device };
}

export const ON_BATTERY: AlertTexts = {
  name: 'UpsOnBattery',
  severity: 'critical',
  device: 'ups-a',
  zh: [
    'UPS A 路由电池供电，剩余 41 分钟',
    '确认市电状态；联系供电部门；按关机预案准备依次关闭服务器。',
    '电池耗尽后 A 路设备断电，未关闭的服务器会丢失数据。',
  ],
  en: [
    'UPS A is on battery, 41 min left',
    'Check the mains, call the electricity supplier, prepare the ordered shutdown.',
    'When the battery is empty feed A goes dark and servers lose data.',
  ],
  value: 2460,
  unit: 'seconds',
};

export const HOT: AlertTexts = {
  name: 'InletHot',
  severity: 'major',
  device: 'climate-a3',
  zh: [
    'A3 柜进风温度 29.4 ℃，高于 27 ℃',
    '检查空调送风与冷通道封闭，必要时降低负载。',
    '设备过热降频或停机。',
  ],
  en: [
    'Inlet of rack A3 is 29.4 ℃, above 27 ℃',
    'Check the air conditioner and the cold aisle, shed load if needed.',
    'Machines throttle, then stop.',
  ],
  value: 29.4,
  unit: 'celsius',
};

export const DOOR: AlertTexts = {
  name: 'DoorOpen',
  severity: 'minor',
  device: 'door-1',
  zh: ['机房门已打开超过 5 分钟', '到场查看并关门，登记原因。', '未经授权的人员可以进入；冷量外泄。'],
  en: [
    'The door has been open for more than 5 min',
    'Go and see, close it, note the reason.',
    'Anybody can enter; cold air is lost.',
  ],
  value: 1,
  unit: 'flag',
};

/** A bad night: mains gone, a rack too hot, a door open, the firewall silent and one alert held. */
export function badRoom(site: Site, nowMs: number): readonly LiveEntry[] {
  const states: Readonly<Record<string, DeviceState>> = {
    'ups-a': { kind: 'alarmed', sinceMs: nowMs - 9 * MINUTE, severity: 'critical' },
    'climate-a3': { kind: 'alarmed', sinceMs: nowMs - 4 * MINUTE, severity: 'major' },
    'door-1': { kind: 'alarmed', sinceMs: nowMs - 6 * MINUTE, severity: 'minor' },
    'server-2': { kind: 'alarmed', sinceMs: nowMs - 2 * MINUTE, severity: 'info' },
    'firewall-1': { kind: 'unknown', sinceMs: nowMs - 3 * MINUTE, reason: 'device_silent' },
    'this-host': { kind: 'starting', sinceMs: nowMs - 1000 },
  };
  const changed = site.devices
    .filter(({ id }) => states[id] !== undefined)
    .map((device): LiveEntry => {
      const state = states[device.id] ?? { kind: 'ok', sinceMs: nowMs };
      return [`device/${device.id}`, worse(deviceView(device, state, nowMs))];
    });
  const alerts = [
    alertView(ON_BATTERY, nowMs - 9 * MINUTE),
    alertView(HOT, nowMs - 4 * MINUTE),
    alertView(
      { ...HOT, name: 'FirewallCpuHigh', device: 'firewall-1', ...HELD },
      nowMs - 20 * MINUTE,
      nowMs - 3 * MINUTE,
    ),
    alertView(DOOR, nowMs - 6 * MINUTE),
  ].map((alert): LiveEntry => [`alert/${alert.fingerprint}`, alert]);
  const busy = { people: 2, tenMinutes: 5, hour: 19, day: 212, chattering: 1, stale: 2 };
  return [...changed, ...alerts, ['attention', busy]];
}

const HELD = {
  zh: [
    '边界防火墙 CPU 负载 93 %',
    '查看会话数与策略命中，判断是否遭受攻击。',
    '出口拥塞，政务外网访问变慢。',
  ],
  en: [
    'CPU of the border firewall at 93 %',
    'Look at sessions and rule hits: is it an attack?',
    'The uplink jams; the office network slows down.',
  ],
  value: 0.93,
  unit: 'ratio',
} as const;

function worse(view: DeviceView): DeviceView {
  const headline = view.headline.map((reading): ReadingView => {
    if (view.id === 'ups-a' && reading.metric === 'ups_output_source') {
      return { ...reading, value: 5, state: 'battery', severity: 'critical' };
    }
    if (view.id === 'ups-a' && reading.metric === 'ups_battery_runtime_seconds')
      return { ...reading, value: 2460 };
    if (view.id === 'climate-a3' && reading.metric === 'sensor_celsius') return { ...reading, value: 29.4 };
    if (view.id === 'door-1') return { ...reading, value: 1, state: '1', severity: 'minor' };
    return reading;
  });
  return { ...view, headline };
}

const CHART_STEP_MS = 30 * SECOND;

/** A breathing curve with a hole in it. */
export function chartOf(
  labelSets: readonly Readonly<Record<string, string>>[],
  base: number,
  [fromMs, toMs]: readonly [number, number],
): ChartBody {
  const timesMs: number[] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += CHART_STEP_MS) timesMs.push(atMs);
  const isGap = (index: number): boolean => index / timesMs.length > 0.55 && index / timesMs.length < 0.62;
  return {
    timesMs,
    lines: labelSets.map((labels, line) => ({
      labels,
      values: timesMs.map((atMs, index) =>
        isGap(index)
          ? null
          : base *
            (1 + line * 0.06 + 0.08 * Math.sin(atMs / 900_000 + line) + 0.015 * Math.sin(atMs / 47_000)),
      ),
    })),
  };
}

export function outboxOf(nowMs: number): readonly OutboxMessageView[] {
  const mail = (id: number, subject: string, rest: Partial<OutboxMessageView>): OutboxMessageView => ({
    id,
    createdAtMs: nowMs - (10 - id) * 3 * MINUTE,
    receiver: 'operators',
    channel: 'mail',
    to: ['duty@centre.example', 'engineer@centre.example'],
    subject,
    text: `${subject}\n\n位置: 主机房 · A1 · U1–U4\n处置: 确认市电状态；联系供电部门。\n\nhttp://127.0.0.1:8480/devices/ups-a\n`,
    html: `<!doctype html><html><body><h1 style="color:rgb(179, 38, 30)">${subject}</h1><p>主机房 · A1 · U1–U4</p><script>parent.document.title='x'</script></body></html>`,
    state: 'sent',
    attempts: 1,
    ...rest,
  });
  return [
    mail(5, '[紧急] UPS A 路由电池供电，剩余 41 分钟', {
      state: 'waiting',
      attempts: 3,
      nextAttemptAtMs: nowMs + 2 * MINUTE,
      lastError: '421 4.3.2 Service not available',
    }),
    mail(4, '[重要] A3 柜进风温度 29.4 ℃', { sentAtMs: nowMs - 17 * MINUTE }),
    mail(3, '[已消除] 机房门已关闭', { sentAtMs: nowMs - 20 * MINUTE }),
    mail(2, '[一般] 机房门已打开超过 5 分钟', {
      state: 'failed',
      attempts: 1,
      lastError: '550 5.1.1 <engineer@centre.example>: user unknown',
    }),
    mail(1, '[提示] 自检完成', { state: 'kept', attempts: 0 }),
  ];
}
