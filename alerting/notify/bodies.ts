import { isActive, type AlertInstance } from '../../config/model/alert.ts';
import type { Labels } from '../../config/model/labels.ts';
import type { ChannelSetting } from './channels.ts';
import type { NotifyGroup } from './groups.ts';
import { firedAtMs } from './urgency.ts';

/** An instant that Go prints for a time that is not set. */
const NEVER = '0001-01-01T00:00:00Z';

/** The JSON that Alertmanager posts to a webhook, version 4 of its format. */
export function webhookBody(group: NotifyGroup, { publicUrl, receiver }: ChannelSetting): string {
  const alerts = group.alerts.map(({ alert }) => alert);
  const base = publicUrl.replace(/\/+$/, '');
  return JSON.stringify({
    version: '4',
    groupKey: group.key,
    truncatedAlerts: 0,
    status: alerts.some(isActive) ? 'firing' : 'resolved',
    receiver,
    groupLabels: group.labels,
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    externalURL: base,
    alerts: alerts.map((alert) => alertBody(alert, base)),
  });
}

function alertBody(alert: AlertInstance, base: string) {
  const { labels, annotations, fingerprint, phase } = alert;
  return {
    status: isActive(alert) ? 'firing' : 'resolved',
    labels,
    annotations,
    startsAt: new Date(firedAtMs(alert)).toISOString(),
    endsAt: phase.kind === 'resolved' ? new Date(phase.resolvedAtMs).toISOString() : NEVER,
    generatorURL: `${base}/alerts/${fingerprint}`,
    fingerprint,
  };
}

/** What all of them say alike. */
function common([first, ...others]: readonly Labels[]): Labels {
  return Object.fromEntries(
    Object.entries(first ?? {}).filter(([name, value]) => others.every((other) => other[name] === value)),
  );
}

/**
 * The alerts as an Alertmanager takes them. Without an end it would take them for over after its own `resolve_timeout`;
 * they are told again before the end that is stated.
 */
export function alertmanagerBody(group: NotifyGroup, { publicUrl, nowMs }: ChannelSetting): string {
  const base = publicUrl.replace(/\/+$/, '');
  const aheadMs = nowMs + 2 * group.route.repeatIntervalMs + group.route.groupIntervalMs;
  return JSON.stringify(
    group.alerts.map(({ alert, labels }) => {
      const { annotations, startsAt, endsAt, generatorURL } = alertBody(alert, base);
      const isOn = endsAt === NEVER;
      return {
        labels,
        annotations,
        startsAt,
        endsAt: isOn ? new Date(aheadMs).toISOString() : endsAt,
        generatorURL,
      };
    }),
  );
}
