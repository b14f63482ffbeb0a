import type { Topic } from '../../config/model/api.ts';

/** Counts who looks at which device. */
export interface Audience {
  /** The devices that somebody looks at. */
  devices(): Iterable<string>;
  /** A client goes from some topics to others; answers the devices that nobody looked at before. */
  change(before: readonly Topic[], after: readonly Topic[]): readonly string[];
}

export function createAudience(onNobodyLeft: (device: string) => void): Audience {
  const viewers = new Map<string, number>();
  return {
    devices: () => viewers.keys(),
    change(before, after) {
      const next = devicesOf(after);
      const fresh = [...next].filter((device) => !viewers.has(device));
      for (const device of next) viewers.set(device, (viewers.get(device) ?? 0) + 1);
      for (const device of devicesOf(before)) {
        const left = (viewers.get(device) ?? 0) - 1;
        if (left > 0) viewers.set(device, left);
        else viewers.delete(device);
        if (left <= 0) onNobodyLeft(device);
      }
      return fresh;
    },
  };
}

function devicesOf(topics: readonly Topic[]): ReadonlySet<string> {
  return new Set(topics.flatMap((topic) => /^device:(.*)$/.exec(topic)?.[1] ?? []));
}
