import type { Labels } from '../../config/model/labels.ts';
import type { Matcher } from '../../config/model/series.ts';
import type { Site } from '../../config/model/site.ts';
import { compileMatchers } from '../../config/runtime/matchers.ts';
import type { GroupRun } from '../engine/group.ts';
import { isAlertRule } from '../rules/rule.ts';

/** What conditions can match: rules by their own labels, devices by their place. */
export interface Reach {
  readonly rules: readonly RuleReached[];
  /** Ids. */
  readonly devices: readonly string[];
}

export interface RuleReached {
  readonly name: string;
  /** Those that it always has. */
  readonly labels: Labels;
  readonly isDangerToLife: boolean;
}

const OF_DEVICES: readonly string[] = ['device', 'room', 'kind', 'layer'];

/**
 * Which rules and devices conditions can match. A condition on a label that only an alert has, such as an instance or
 * an outlet, narrows neither: what it will match is not known before it fires. Where no rule is matched and nothing is
 * said of devices, it is about alerts of other programs: no device is reached.
 */
export function reachOf(matchers: readonly Matcher[], groups: readonly GroupRun[], site: Site): Reach {
  const ofDevice = compileMatchers(matchers.filter(({ name }) => OF_DEVICES.includes(name)));
  const rules = groups.flatMap(({ group }) =>
    group.rules.filter(isAlertRule).flatMap(({ name, labels, annotations }) => {
      const known: Labels = { alertname: name, ...fixedOf(labels) };
      const fits = compileMatchers(
        matchers.filter((one) => Object.hasOwn(known, one.name) && !OF_DEVICES.includes(one.name)),
      );
      const isDangerToLife = fixedOf(annotations)['danger'] === 'life';
      return fits(known) ? [{ name, labels: known, isDangerToLife }] : [];
    }),
  );
  const isOfDevices = rules.length > 0 || matchers.some(({ name }) => OF_DEVICES.includes(name));
  const devices = site.devices.filter(
    ({ id, room, kind, layer }) => isOfDevices && ofDevice({ device: id, room, kind, layer }),
  );
  return { rules, devices: devices.map(({ id }) => id) };
}

/** Labels whose templates say the same of every alert. */
function fixedOf(templates: Readonly<Record<string, { readonly source: string }>>): Labels {
  const fixed = Object.entries(templates).filter(([, { source }]) => !source.includes('{{'));
  return Object.fromEntries(fixed.map(([name, { source }]) => [name, source]));
}
