import { isActive } from '../../../config/model/alert.ts';
import type { Labels } from '../../../config/model/labels.ts';
import type { Matcher } from '../../../config/model/series.ts';
import { compileMatchers } from '../../../config/runtime/matchers.ts';
import { reachOf, type Reach } from '../../../alerting/mute/reach.ts';
import { firedLabels } from '../../records/alerts.ts';
import type { Db } from '../../records/tables.ts';
import type { CareDeps } from './care-deps.ts';

/** What a silence of these conditions keeps from being told. */
export interface Cover {
  /** How many rules and devices they can match. */
  readonly rules: number;
  readonly devices: number;
  /** Alerts that fire now and are matched. */
  readonly firing: number;
  /** How often one that is matched fired, since then. */
  readonly fired: number;
  readonly sinceMs: number;
  /** Who would not be called. */
  readonly receivers: readonly string[];
  /** Rules among them that are a danger to life. */
  readonly danger: number;
}

/** How far back it is counted what would have been silent. */
const LOOK_BACK_MS = 7 * 24 * 3_600_000;
/** Pairs of a rule and a device that are asked for their receivers. */
const MAX_PAIRS = 2_000;

export async function coverOf(
  deps: CareDeps,
  db: Db,
  matchers: readonly Matcher[],
  atMs: number,
): Promise<Cover> {
  const { alerting, site } = deps;
  const test = compileMatchers(matchers);
  const reach = reachOf(matchers, alerting.groups(), site());
  const firing = alerting.seen().filter(({ alert, labels }) => isActive(alert) && test(labels));
  const devices = new Map(
    site().devices.map(({ id, room, kind, layer }) => [id, { device: id, room, kind, layer }]),
  );
  const sinceMs = atMs - LOOK_BACK_MS;
  const fired = await firedLabels(db, sinceMs);
  return {
    rules: reach.rules.length,
    devices: reach.devices.length,
    firing: firing.length,
    fired: fired.filter((labels) => test({ ...devices.get(labels['device'] ?? ''), ...labels })).length,
    sinceMs,
    receivers: receiversOf(
      deps,
      firing.map(({ labels }) => labels),
      pairs(reach, devices),
    ),
    danger: reach.rules.filter(({ isDangerToLife }) => isDangerToLife).length,
  };
}

/** Those whom the routes name for what fires, or could fire. */
function receiversOf({ alerting }: CareDeps, ...labels: readonly (readonly Labels[])[]): readonly string[] {
  return [...new Set(labels.flat().flatMap((one) => alerting.receiversOf(one)))].sort();
}

function pairs({ rules, devices }: Reach, places: ReadonlyMap<string, Labels>): readonly Labels[] {
  const found: Labels[] = [];
  for (const { labels } of rules)
    for (const id of devices) {
      if (found.length >= MAX_PAIRS) return found;
      found.push({ ...places.get(id), ...labels });
    }
  return found;
}
