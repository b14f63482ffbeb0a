import type { Labels } from '../../config/model/labels.ts';

/** A target as `GET /api/v1/targets` tells of it. */
export interface TargetView {
  readonly labels: Labels;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly health: 'up' | 'down' | 'unknown';
  /** Empty if nothing is wrong. */
  readonly lastError: string;
  /** A date as RFC 3339 has it. */
  readonly lastScrape: string;
  /** Seconds. */
  readonly lastScrapeDuration: number;
  readonly lastScrapeSamples: number;
  readonly scrapeInterval: string;
}

/** The body of `GET /api/v1/targets`. */
export interface TargetsBody {
  readonly data: { readonly activeTargets: readonly TargetView[] };
}

const URGENCY = { down: 0, unknown: 1, up: 2 } as const;

/** Those that fail first, then by job and address. */
export function inOrder(targets: readonly TargetView[]): readonly TargetView[] {
  const key = ({ health, scrapePool, scrapeUrl }: TargetView): string =>
    `${URGENCY[health]} ${scrapePool} ${scrapeUrl}`;
  return [...targets].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
