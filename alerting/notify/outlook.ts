import type { AlertInstance } from '../../config/model/alert.ts';
import type { Silence } from '../../config/model/silence.ts';
import { remembered } from '../../config/model/remembered.ts';
import { compileMatchers } from '../../config/runtime/matchers.ts';
import { isDangerToLife } from '../danger.ts';
import { inhibitorOf, type Inhibitor, type InhibitRule, type Seen } from '../mute/inhibit.ts';
import { silencerOf } from '../mute/silences.ts';
import { topologyInhibitor } from '../mute/topology.ts';
import { treeOf } from '../route/tree.ts';
import type { Route } from '../route/route.ts';
import { CALM, type FloodState } from '../attention/flood.ts';
import type { DispatchSettings } from './dispatch.ts';
import type { Mutes } from './gates.ts';
import { withPeople } from './people.ts';
import { seenOf } from './seen.ts';
import type { WhoPort } from '../ports.ts';

/** The settings in the form in which they are used. */
export interface InForce extends DispatchSettings {
  readonly root: Route;
  readonly inhibitRules: readonly InhibitRule[];
}

export function putInForce(settings: DispatchSettings): InForce {
  const { route, inhibitRules } = settings.notify;
  return {
    ...settings,
    root: treeOf(route),
    inhibitRules: inhibitRules.map(({ source, target, equal }) => ({
      source: compileMatchers(source),
      target: compileMatchers(target),
      equal,
    })),
  };
}

/** Everything that a decision at one instant looks at. */
export interface Outlook extends InForce {
  readonly seen: readonly Seen[];
  readonly mutes: Mutes;
  /** Whether more is raised than anybody can read. */
  readonly flood: FloodState;
  /** Whether neither maintenance, another alert nor a silence keeps it from being told. */
  readonly isTold: (seen: Seen) => boolean;
}

export interface OutlookDeps {
  readonly instances: readonly AlertInstance[];
  readonly silences: readonly Silence[];
  readonly isAcknowledged: (alert: AlertInstance) => boolean;
  readonly who: WhoPort;
  /** Absent: nobody counts. */
  readonly flood?: FloodState;
}

export function outlookOf(inForce: InForce, deps: OutlookDeps, nowMs: number): Outlook {
  const seen = seenOf(deps.instances, inForce.site);
  let made: Mutes | undefined;
  // Most looks find nobody whose turn it is, and ask none of this.
  const mutes = (): Mutes => (made ??= mutesOf(inForce, seen, deps, nowMs));
  return {
    ...inForce,
    notify: withPeople(inForce.notify, deps.who, nowMs),
    seen,
    flood: deps.flood ?? CALM,
    get mutes() {
      return mutes();
    },
    isTold: (one) =>
      mutes().maintained(one) === undefined &&
      mutes().silenced(one) === undefined &&
      (isDangerToLife(one.alert) || mutes().inhibited(one) === undefined),
  };
}

/** By rule or by what hangs on what: of the same alerts the very same. */
const inhibitorAmong = remembered(({ inhibitRules, site }: InForce) =>
  remembered((seen: readonly Seen[]): Inhibitor => {
    const rules = inhibitorOf(inhibitRules, seen);
    const topology = topologyInhibitor(site, seen);
    return (one) => rules(one) ?? topology(one);
  }),
);

function mutesOf(
  inForce: InForce,
  seen: readonly Seen[],
  { silences, isAcknowledged }: OutlookDeps,
  nowMs: number,
): Mutes {
  return {
    inhibited: inhibitorAmong(inForce)(seen),
    maintained: silencerOf(silences, 'maintenance', nowMs),
    silenced: silencerOf(silences, 'silence', nowMs),
    hours: inForce.notify.hours,
    isAcknowledged,
  };
}
