import type { WatcherView } from '../config/model/api.ts';
import { defined } from '../config/model/defined.ts';
import type { TargetHealth } from './ingest/target.ts';

/** What keeps the collector from doing its work, in words; nothing when all is well. */
export function faultsOf(
  targets: readonly TargetHealth[],
  { nowMs, scrapeIntervalMs }: { readonly nowMs: number; readonly scrapeIntervalMs: number },
): readonly string[] {
  const oldestMs = nowMs - 3 * scrapeIntervalMs;
  return targets.flatMap(({ config: { instance }, isUp, lastScrapeAtMs, lastError }) => {
    if (isUp === undefined || lastScrapeAtMs === undefined) return [`agent ${instance}: not scraped yet`];
    if (lastScrapeAtMs < oldestMs) return [`agent ${instance}: not scraped in time`];
    return isUp ? [] : [`agent ${instance}: ${lastError ?? 'down'}`];
  });
}

/** The collector's own condition as pages show it. */
export function watcherView(
  targets: readonly TargetHealth[],
  { startedAtMs, faults }: { readonly startedAtMs: number; readonly faults: readonly string[] },
): WatcherView {
  return {
    startedAtMs,
    agents: targets.map(({ config, isUp, sinceMs, lastScrapeAtMs, lastError }) =>
      defined({
        name: config.instance,
        isUp: isUp ?? false,
        sinceMs: sinceMs ?? startedAtMs,
        lastScrapeAtMs,
        lastError,
      }),
    ),
    faults,
  };
}

/** Whether the agent of this `instance` answers; of one that is not known, whether any does. */
export function isAgentUp(
  targets: readonly TargetHealth[],
  instance: string | undefined,
): boolean | undefined {
  const known = targets.filter(({ config }) => config.instance === instance);
  const asked = (known.length > 0 ? known : targets).map(({ isUp }) => isUp);
  if (asked.includes(true)) return true;
  return asked.includes(false) ? false : undefined;
}
