import type { Clock } from '../../config/runtime/clock.ts';
import { every, type Loop } from '../../config/runtime/every.ts';
import type { Log } from '../../config/runtime/log.ts';
import type { Head } from '../series/head.ts';
import { createTarget, type Target, type TargetConfig, type TargetHealth } from './target.ts';

/** Scrapes targets for ever. */
export interface Scraper {
  health(): readonly TargetHealth[];
  /** Goes on with these targets and ends the others with their series. One that stays keeps what it knows. */
  setTargets(configs: readonly TargetConfig[], intervalMs: number): Promise<void>;
}

export interface ScraperDeps {
  readonly head: Head;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when the samples of a scrape, or of its failure, are in the head. */
  readonly onScraped: (health: TargetHealth) => void;
}

interface Scraping {
  readonly target: Target;
  readonly intervalMs: number;
  readonly loop: Loop;
}

/** A scrape ends this long before the next one is due. */
export const TIMEOUT_SHARE = 0.8;

export function createScraper({ head, clock, log, onScraped }: ScraperDeps): Scraper {
  let running = new Map<string, Scraping>();

  const start = (config: TargetConfig, intervalMs: number): Scraping => {
    const target = createTarget({
      config,
      head,
      timeoutMs: Math.min(config.page?.timeoutMs ?? Number.POSITIVE_INFINITY, intervalMs * TIMEOUT_SHARE),
    });
    const loop = every(
      clock,
      {
        intervalMs,
        offsetMs: offsetOf(config, intervalMs),
        onError: (err) => log.error({ err, target: config.instance }, 'scrape broke off'),
      },
      async (slotMs, signal) => {
        const wasUp = target.health().isUp;
        await target.scrape(slotMs, signal);
        if (signal.aborted) return;
        const health = target.health();
        if (health.isUp !== wasUp) tell(log, health);
        onScraped(health);
      },
    );
    return { target, intervalMs, loop };
  };
  const end = async ({ target, loop }: Scraping): Promise<void> => {
    await loop.stop();
    target.leave(clock.nowMs());
  };

  return {
    health: () => [...running.values()].map(({ target }) => target.health()),
    async setTargets(configs, intervalMs) {
      const next = new Map<string, Scraping>();
      const ending = new Map(running);
      for (const config of configs) {
        const key = keyOf(config);
        const same = running.get(key);
        const ownMs = config.page?.intervalMs ?? intervalMs;
        const isKept = same?.intervalMs === ownMs;
        if (isKept) ending.delete(key);
        next.set(key, isKept ? same : start(config, ownMs));
      }
      running = next;
      await Promise.all([...ending.values()].map(end));
    },
  };
}

/** Equal for targets that are scraped alike. A secret prints as hidden: it is told apart by what it is. */
function keyOf({ page, ...config }: TargetConfig): string {
  return JSON.stringify([config, page, page?.authorization?.reveal()]);
}

function tell(log: Log, { config, isUp, lastError }: TargetHealth): void {
  const fields = { job: config.job, target: config.instance };
  if (isUp === true) log.info(fields, 'target answers');
  else log.warn({ ...fields, lastError }, 'target could not be scraped');
}

/** Where in the interval a target has its slots: always the same, spread over all targets. */
function offsetOf({ job, instance, url }: TargetConfig, intervalMs: number): number {
  let hash = 0;
  for (const character of `${job} ${instance} ${url}`) {
    hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  }
  return hash % intervalMs;
}
