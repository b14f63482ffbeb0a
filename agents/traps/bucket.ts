/** So much at once, and so much each second after that, for each source by itself; of many sources the longest silent is forgotten. */
export interface Buckets {
  /** Whether one more from this source is within its measure. */
  take(source: string, nowMs: number): boolean;
  readonly size: number;
}

export interface BucketOptions {
  readonly burst: number;
  readonly perSecond: number;
  readonly maxSources: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

export function createBuckets({ burst, perSecond, maxSources }: BucketOptions): Buckets {
  const buckets = new Map<string, Bucket>();
  return {
    take(source, nowMs) {
      const known = buckets.get(source);
      const bucket = known ?? { tokens: burst, atMs: nowMs };
      const gained = (Math.max(0, nowMs - bucket.atMs) / 1000) * perSecond;
      bucket.tokens = Math.min(burst, bucket.tokens + gained);
      bucket.atMs = nowMs;
      // The map keeps the order of use: its first is the one that was silent longest.
      buckets.delete(source);
      buckets.set(source, bucket);
      if (known === undefined && buckets.size > maxSources) forgetFirst(buckets);
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
    get size() {
      return buckets.size;
    },
  };
}

/** Takes the first entry out of a map that has grown beyond its measure. */
export function forgetFirst<K>(map: Map<K, unknown>): void {
  const first = map.keys().next();
  if (first.done !== true) map.delete(first.value);
}
