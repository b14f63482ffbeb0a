import type { Clock } from '../../config/runtime/clock.ts';

/** Has devices read because of what they reported. */
export interface Prompter {
  /** Reads the device now; while it was just read for this reason, once more when that is some time ago. */
  prompt(device: string): void;
  stop(): void;
}

/** How often a device is read because of traps: a storm of them must not become a storm of polls on an old card. */
const PROMPT_EVERY_MS = 1_000;

export function createPrompter(clock: Clock, pollNow: (device: string) => void): Prompter {
  /** Device → whether it is to be read again, and how to take that back. */
  const resting = new Map<string, { isOwed: boolean; cancel: () => void }>();
  const begin = (device: string): void => {
    const rest = {
      isOwed: false,
      cancel: clock.after(PROMPT_EVERY_MS, () => {
        resting.delete(device);
        if (rest.isOwed) begin(device);
      }),
    };
    resting.set(device, rest);
    pollNow(device);
  };
  return {
    prompt(device) {
      const rest = resting.get(device);
      if (rest === undefined) begin(device);
      else rest.isOwed = true;
    },
    stop() {
      for (const { cancel } of resting.values()) cancel();
      resting.clear();
    },
  };
}
