import type { DispatchSettings } from '../../alerting/notify/dispatch.ts';
import type { Mutes } from '../../alerting/notify/gates.ts';
import type { NotifyGroup } from '../../alerting/notify/groups.ts';
import { seenOf } from '../../alerting/notify/seen.ts';
import { treeOf } from '../../alerting/route/tree.ts';
import type { AlertInstance } from '../../config/model/alert.ts';
import { notifySettings, type NotifySettings } from '../../config/notify.ts';
import { Secret } from '../../config/runtime/secret.ts';
import { NotifyFile } from '../../config/schema/notify.ts';
import { checkYaml, ConfigError, formatFault, type Fault } from '../../config/yaml-file.ts';
import { SITE } from './alerts.ts';

/** The settings of a `notify.yaml`. @throws {ConfigError} with all its faults. */
export function notifyOf(yaml: string): NotifySettings {
  const { settings, faults } = readNotify(yaml);
  if (faults.length > 0) throw new ConfigError(faults);
  return settings;
}

/** What is wrong with a `notify.yaml`, one line each. */
export function notifyFaults(yaml: string): readonly string[] {
  return readNotify(yaml).faults.map(formatFault);
}

function readNotify(yaml: string): { readonly settings: NotifySettings; readonly faults: readonly Fault[] } {
  const notify = checkYaml('notify.yaml', yaml, NotifyFile);
  const faults: Fault[] = [...notify.faults];
  const secret = (reference: unknown): Secret => new Secret(typeof reference === 'string' ? reference : '');
  return { settings: notifySettings(notify, { zone: 'Asia/Shanghai', secret, faults }), faults };
}

export function dispatchSettings(yaml: string): DispatchSettings {
  return { site: SITE, notify: notifyOf(yaml), publicUrl: () => 'https://watch.example' };
}

/** Nothing keeps anything from being told. */
export const NO_MUTES: Mutes = {
  inhibited: () => undefined,
  maintained: () => undefined,
  silenced: () => undefined,
  hours: new Map(),
  isAcknowledged: () => false,
};

/** A group of these alerts under the first route of a tree. */
export function groupOf(
  alerts: readonly AlertInstance[],
  { yaml = 'receivers: [{ name: desk }]\nroute: { receiver: desk }', gone = [] as readonly string[] } = {},
): NotifyGroup {
  return {
    key: 'g',
    route: treeOf(notifyOf(yaml).route),
    labels: {},
    alerts: seenOf(alerts, SITE),
    gone: new Set(gone),
    again: new Set(),
    dueAtMs: 0,
  };
}
