/** Whether Watchkeeper tells it of itself. */
export function isToldHere(metric: string): boolean {
  return metric.startsWith('watchkeeper_') || metric.startsWith('ALERTS');
}

/** Which metrics rules have recorded since when: who selects one needs it to be at the engine. */
export function recordings() {
  const lastOf = new Map<string, number>();
  let count = 0;
  return {
    count: () => count,
    wrote(metric: string): void {
      if (isToldHere(metric)) return;
      count += 1;
      lastOf.set(metric, count);
    },
    isSince(before: number, metrics: ReadonlySet<string> | undefined): boolean {
      if (metrics === undefined) return count > before;
      return [...metrics].some((metric) => (lastOf.get(metric) ?? 0) > before);
    },
  };
}
