import type { AlertInstance } from '../../config/model/alert.ts';
import { remembered } from '../../config/model/remembered.ts';
import type { Site, SiteDevice } from '../../config/model/site.ts';
import type { Seen } from '../mute/inhibit.ts';

/**
 * Alerts as routes, inhibition and silences see them: with `room`, `kind` and `layer` of their device, where they have
 * no such labels of their own. Pending ones are no alerts yet.
 */
export function seenOf(instances: readonly AlertInstance[], site: Site): readonly Seen[] {
  return seenAmong(site)(instances);
}

/** Of the same list the very same. */
const seenAmong = remembered((site: Site) =>
  remembered((instances: readonly AlertInstance[]): readonly Seen[] =>
    instances.filter(({ phase }) => phase.kind !== 'pending').map(seenAt(site)),
  ),
);

/** Of the same instance at the same site the very same. */
const seenAt = remembered((site: Site) => {
  const devices = new Map(site.devices.map((device) => [device.id, placeLabels(device)]));
  return remembered(
    (alert: AlertInstance): Seen => ({
      alert,
      labels: { ...devices.get(alert.labels['device'] ?? ''), ...alert.labels },
    }),
  );
});

function placeLabels({ room, kind, layer }: SiteDevice) {
  return { room, kind, layer };
}
