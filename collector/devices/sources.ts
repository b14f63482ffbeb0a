import type { AgentDeviceBody } from '../../config/model/agent-api.ts';
import type { ReadingsView } from '../../config/model/api.ts';
import { labelsKey, type Labels } from '../../config/model/labels.ts';
import type { Clock } from '../../config/runtime/clock.ts';

/** Where the numbers of devices come from (leaf OIDs), as their agents tell. */
export interface Sources {
  /** The readings with their sources as far as these are known; asks the agent anew when they are old. */
  withSources(view: ReadingsView): ReadingsView;
}

export interface SourcesDeps {
  readonly clock: Clock;
  readonly askAgent: (device: string) => Promise<AgentDeviceBody>;
  /** Called when more is known of a device. */
  readonly onKnown: (device: string) => void;
}

/** A device keeps its tables; a new row shows its source a little later. */
const ASKED_EACH_MS = 60_000;
/** Pages look at few devices; those of earlier are forgotten. */
const MAX_DEVICES = 64;

interface Known {
  readonly askedAtMs: number;
  readonly sources: ReadonlyMap<string, string>;
}

export function createSources({ clock, askAgent, onKnown }: SourcesDeps): Sources {
  const known = new Map<string, Known>();
  const ask = async (device: string, askedAtMs: number): Promise<void> => {
    try {
      const { readings } = await askAgent(device);
      const sources = new Map(readings.map(({ metric, labels, source }) => [keyOf(metric, labels), source]));
      known.set(device, { askedAtMs, sources });
      onKnown(device);
    } catch {
      // That the agent does not answer is told as its health; the readings do without their sources.
    }
  };
  return {
    withSources(view) {
      const nowMs = clock.nowMs();
      const before = known.get(view.device);
      const sources = before?.sources ?? new Map<string, string>();
      if (before === undefined || nowMs - before.askedAtMs >= ASKED_EACH_MS) {
        known.delete(view.device);
        known.set(view.device, { askedAtMs: nowMs, sources });
        for (const device of known.keys()) if (known.size > MAX_DEVICES) known.delete(device);
        void ask(view.device, nowMs);
      }
      const readings = view.readings.map((reading) => {
        const source = sources.get(keyOf(reading.metric, reading.labels));
        return source === undefined ? reading : { ...reading, source };
      });
      return { device: view.device, readings };
    },
  };
}

function keyOf(metric: string, labels: Labels): string {
  return `${metric}\n${labelsKey(labels)}`;
}
