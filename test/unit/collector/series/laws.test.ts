import { array, assert, constantFrom, integer, oneof, property, record, type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHead } from '../../../../collector/series/head.ts';

interface Step {
  readonly kind: 'append' | 'insert' | 'dropBefore' | 'dropAfter';
  /** Which series: the step is done on those of the same rest of 4. */
  readonly group: number;
  readonly atMs: number;
}

/** Many appends, each a little later; now and then something else. */
const steps: Arbitrary<readonly Step[]> = array(
  record({
    kind: oneof(
      { weight: 60, arbitrary: constantFrom('append' as const) },
      { weight: 6, arbitrary: constantFrom('insert' as const) },
      { weight: 1, arbitrary: constantFrom('dropBefore' as const, 'dropAfter' as const) },
    ),
    group: integer({ min: 0, max: 3 }),
    atMs: integer({ min: 0, max: 200 }),
  }),
  { minLength: 50, maxLength: 500 },
);

/** What a head does, in the plainest way. */
function plainSeries() {
  let samples = new Map<number, number>();
  const newest = (): number => Math.max(Number.NEGATIVE_INFINITY, ...samples.keys());
  return {
    append: (atMs: number, value: number) => void (atMs > newest() && samples.set(atMs, value)),
    insert: (atMs: number, value: number) => void (samples.has(atMs) || samples.set(atMs, value)),
    dropAfter(afterMs: number) {
      samples = new Map([...samples].filter(([atMs]) => atMs <= afterMs));
    },
    newest,
    since: (fromMs: number) => [...samples].filter(([atMs]) => atMs >= fromMs).sort(([a], [b]) => a - b),
  };
}

describe('series that share their instants', () => {
  it('hold what series that share nothing would, whatever is written to them in which order', () => {
    const count = 6;
    assert(
      property(steps, (all) => {
        const head = createHead();
        const plain = Array.from({ length: count }, plainSeries);
        const own = plain.map((_, index) => head.seriesOf({ __name__: 'm', index: String(index) }));
        let keptFromMs = 0;
        let clockMs = 1_000;
        for (const [step, { kind, group, atMs }] of all.entries()) {
          clockMs += kind === 'append' ? atMs % 7 : 0;
          const lateMs = Math.max(keptFromMs, clockMs - atMs);
          for (let index = 0; index < count; index += 1) {
            // Most steps are done by all, some by a few: these leave the instants of the others.
            if (group > 0 && index % 4 === group) continue;
            const value = step + index / 8;
            if (kind === 'append') own[index]?.append(clockMs, value);
            if (kind === 'append') plain[index]?.append(clockMs, value);
            if (kind === 'insert') own[index]?.insert(lateMs, value);
            if (kind === 'insert') plain[index]?.insert(lateMs, value);
          }
          if (kind === 'dropAfter') {
            head.dropAfter(lateMs);
            for (const each of plain) each.dropAfter(lateMs);
          }
          const isKept = plain.every(({ newest }) => newest() >= clockMs - 300);
          if (kind === 'dropBefore' && isKept) {
            keptFromMs = Math.max(keptFromMs, clockMs - 300);
            head.dropBefore(keptFromMs);
          }
        }
        for (const [index, each] of plain.entries()) {
          const slice = own[index]?.slice(keptFromMs, Number.POSITIVE_INFINITY);
          const got = Array.from({ length: (slice?.end ?? 0) - (slice?.start ?? 0) }, (_, offset) => {
            const at = (slice?.start ?? 0) + offset;
            return [slice?.timesMs[at], slice?.values[at]];
          });
          expect(got).toEqual(each.since(keptFromMs));
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
