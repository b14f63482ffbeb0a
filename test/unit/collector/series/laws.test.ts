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

const COUNT = 6;
const KEPT_MS = 300;

/** A head and what it should hold, on which the same is done. */
function both() {
  const head = createHead();
  const plain = Array.from({ length: COUNT }, plainSeries);
  const own = plain.map((_, index) => head.seriesOf({ __name__: 'm', index: String(index) }));
  let keptFromMs = 0;
  let clockMs = 1_000;
  const dropBefore = (): void => {
    // A series that has nothing left goes, and with it the one that is written to here.
    if (plain.some(({ newest }) => newest() < clockMs - KEPT_MS)) return;
    keptFromMs = Math.max(keptFromMs, clockMs - KEPT_MS);
    head.dropBefore(keptFromMs);
  };
  const dropAfter = (lateMs: number): void => {
    head.dropAfter(lateMs);
    for (const each of plain) each.dropAfter(lateMs);
  };
  return {
    plain,
    own,
    keptFromMs: () => keptFromMs,
    take({ kind, group, atMs }: Step, step: number): void {
      if (kind === 'append') clockMs += atMs % 7;
      const lateMs = Math.max(keptFromMs, clockMs - atMs);
      if (kind === 'dropBefore') dropBefore();
      else if (kind === 'dropAfter') dropAfter(lateMs);
      else {
        const writtenMs = kind === 'append' ? clockMs : lateMs;
        // Most is done by all, some by a few: these leave the instants of the others.
        const chosen = [...plain.keys()].filter((index) => group === 0 || index % 4 !== group);
        for (const index of chosen) {
          own[index]?.[kind](writtenMs, step + index / 8);
          plain[index]?.[kind](writtenMs, step + index / 8);
        }
      }
    },
  };
}

describe('series that share their instants', () => {
  it('hold what series that share nothing would, whatever is written to them in which order', () => {
    assert(
      property(steps, (all) => {
        const heads = both();
        const { plain, own } = heads;
        for (const [step, each] of all.entries()) heads.take(each, step);
        for (const [index, each] of plain.entries()) {
          const slice = own[index]?.slice(heads.keptFromMs(), Number.POSITIVE_INFINITY);
          const { start = 0, end = 0, timesMs, values } = slice ?? {};
          const got = Array.from({ length: end - start }, (_, offset) => [
            timesMs?.[start + offset],
            values?.[start + offset],
          ]);
          expect(got).toEqual(each.since(heads.keptFromMs()));
        }
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
