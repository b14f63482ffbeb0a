import type { AlertView, DeviceView } from '../../config/model/api.ts';
import type { DeviceState } from '../../config/model/device.ts';
import { levelOf, SEVERITIES, type Severity } from '../../config/model/severity.ts';
import type { SiteDevice } from '../../config/model/site.ts';

/** What a tile shows: an alarmed device by its severity. */
export type Sign = Severity | Exclude<DeviceState['kind'], 'alarmed'>;

/** Worst first. What nobody can see comes before what is only a little wrong. */
const ORDER: readonly Sign[] = ['critical', 'major', 'unknown', 'minor', 'info', 'starting', 'ok'];

export function signOf(state: DeviceState | undefined): Sign {
  if (state === undefined) return 'starting';
  return state.kind === 'alarmed' ? state.severity : state.kind;
}

export function rankOf(sign: Sign): number {
  return ORDER.indexOf(sign);
}

/** Whether the values of a device with this sign are of now: those of a silent one are history. */
export function tellsNow(sign: Sign): boolean {
  return sign !== 'unknown' && sign !== 'starting';
}

/** How many devices show which sign, and those that are not well, worst first. */
export interface Summary {
  readonly counts: Readonly<Record<Sign, number>>;
  readonly total: number;
  readonly abnormal: readonly {
    readonly device: SiteDevice;
    readonly sign: Sign;
    readonly sinceMs: number;
  }[];
}

export function summarize(devices: readonly SiteDevice[], views: ReadonlyMap<string, DeviceView>): Summary {
  const counts: Record<Sign, number> = {
    critical: 0,
    major: 0,
    unknown: 0,
    minor: 0,
    info: 0,
    starting: 0,
    ok: 0,
  };
  const abnormal: { device: SiteDevice; sign: Sign; sinceMs: number }[] = [];
  for (const device of devices) {
    const state = views.get(device.id)?.state;
    const sign = signOf(state);
    counts[sign] += 1;
    if (state !== undefined && sign !== 'ok' && sign !== 'starting') {
      abnormal.push({ device, sign, sinceMs: state.sinceMs });
    }
  }
  abnormal.sort((a, b) => rankOf(a.sign) - rankOf(b.sign) || b.sinceMs - a.sinceMs);
  return { counts, total: devices.length, abnormal };
}

/** The worst sign that occurs; `ok` where there is nothing. */
export function worstOf(summary: Summary): Sign {
  return ORDER.find((sign) => summary.counts[sign] > 0) ?? 'ok';
}

/** When an alert began to be true. */
export function alertSinceMs(alert: AlertView): number {
  const { phase } = alert;
  return phase.kind === 'resolved' ? phase.firedAtMs : phase.sinceMs;
}

/** Order of alerts: the graver first, among equals the newer. */
export function byUrgency(a: AlertView, b: AlertView): number {
  return levelOf(a.severity) - levelOf(b.severity) || alertSinceMs(b) - alertSinceMs(a);
}

export function worstSeverity(alerts: readonly AlertView[]): Severity | undefined {
  return SEVERITIES.find((severity) => alerts.some((alert) => alert.severity === severity));
}
