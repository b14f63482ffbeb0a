import type { Clock } from '../../config/runtime/clock.ts';
import { every } from '../../config/runtime/every.ts';
import type { Log } from '../../config/runtime/log.ts';

/** The state of people's work restated as a sample: duty rules are ordinary rules over such series. */
export interface DutyFact {
  readonly metric: `watchkeeper_${string}`;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What one part of people's work has to say at an instant. */
export type DutyFactSource = (atMs: number) => Promise<readonly DutyFact[]>;

export interface DutyFacts {
  /** As they were found last. */
  now(): readonly DutyFact[];
  stop(): Promise<void>;
}

const LOOK_EACH_MS = 10_000;

/** Asks each part from time to time. One that fails says nothing: its series end, and a rule that needs them is held. */
export function startDutyFacts(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  sources: readonly DutyFactSource[],
): DutyFacts {
  let facts: readonly DutyFact[] = [];
  const look = async (): Promise<void> => {
    const found = await Promise.all(
      sources.map(async (source) => {
        try {
          return await source(clock.nowMs());
        } catch (err) {
          log.error({ err }, 'facts about people’s work could not be found');
          return [];
        }
      }),
    );
    facts = found.flat();
  };
  const onError = (err: unknown): void => log.error({ err }, 'facts about people’s work could not be found');
  const loop = every(clock, { intervalMs: LOOK_EACH_MS, onError }, look);
  return { now: () => facts, stop: () => loop.stop() };
}
