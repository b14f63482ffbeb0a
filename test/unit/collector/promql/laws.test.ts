import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelsKey, type Labels } from '../../../../config/model/labels.ts';
import { createEngine, type Engine, type QueryResult } from '../../../../collector/promql/engine.ts';
import { engineOn, metric, MINUTE, shown, type TestSeries } from './promql-site.ts';

const values = fc.array(fc.option(fc.integer({ min: -5, max: 50 }), { nil: undefined }), { maxLength: 30 });
const data = fc.tuple(values, values, values).map(([a, b, c]): readonly TestSeries[] => [
  [metric('heat', { room: 'a' }), a],
  [metric('heat', { room: 'b' }), b],
  [metric('limit', { room: 'b' }), c],
]);

/** Expressions built from others, as deep as it comes. */
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('heat', 'limit', 'heat{room!="a"}', 'heat offset 2m', 'vector(time())', 'heat @ 600'),
    fc
      .tuple(
        fc.constantFrom('rate', 'avg_over_time', 'changes', 'delta', 'deriv', 'max_over_time'),
        tie('expression'),
      )
      .map(([name, inner]) => `${name}((${inner})[7m:90s])`),
    fc
      .tuple(fc.constantFrom('sum', 'count', 'max by (room)', 'min without (room)'), tie('expression'))
      .map(([name, inner]) => `${name} (${inner})`),
    fc
      .tuple(tie('expression'), fc.constantFrom('+', '> bool', '<', 'and', 'or', 'unless'), tie('expression'))
      .map(([left, op, right]) => `(${left}) ${op} on (room) (max by (room) (${right}))`),
    tie('expression').map((inner) => `-(${inner})`),
  ),
}));

interface Outcome {
  readonly failure?: string;
  readonly values: ReadonlyMap<string, number>;
}

function outcome(query: () => QueryResult, atMs: number): Outcome {
  try {
    return { values: valuesAt(query(), atMs) };
  } catch (error) {
    return { failure: String(error), values: new Map() };
  }
}

function valuesAt({ value }: QueryResult, atMs: number): ReadonlyMap<string, number> {
  const found: (readonly [Labels, number | undefined])[] =
    value.type === 'vector'
      ? value.elements.map((element) => [element.labels, element.value])
      : value.type === 'matrix'
        ? value.series.map((series) => [series.labels, series.values[series.timesMs.indexOf(atMs)]])
        : [];
  return new Map(
    found.flatMap(([labels, number]) => (number === undefined ? [] : [[labelsKey(labels), number]])),
  );
}

function compare(engine: Engine, text: string): void {
  const range = { startMs: 3 * MINUTE, endMs: 24 * MINUTE, stepMs: 100_000 };
  for (let atMs = range.startMs; atMs <= range.endMs; atMs += range.stepMs) {
    const one = outcome(() => engine.instant(text, atMs), atMs);
    const many = outcome(() => engine.range(text, range), atMs);
    if (many.failure === undefined) expect([text, atMs, one]).toEqual([text, atMs, many]);
  }
}

describe('laws of queries', () => {
  it('a range has at each step what an instant query has', () => {
    fc.assert(
      fc.property(data, expression, (series, text) => compare(engineOn(series).engine, text)),
      { numRuns: 60, seed: 7 },
    );
  });

  it('it does not matter whether a source tells the newest samples or gives all', () => {
    fc.assert(
      fc.property(data, expression, fc.integer({ min: -5, max: 50 }), (series, text, limit) => {
        const { head, engine } = engineOn(series);
        const other = createEngine({ source: { select: (...asked) => head.select(...asked) } });
        for (const asked of [text, `heat > ${limit}`, `${limit} >= heat`, 'timestamp(heat)']) {
          for (const atMs of [0, 10 * MINUTE, 31 * MINUTE, 90 * MINUTE]) {
            const told = outcome(() => engine.instant(asked, atMs), atMs);
            expect([asked, atMs, told]).toEqual([
              asked,
              atMs,
              outcome(() => other.instant(asked, atMs), atMs),
            ]);
          }
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('what is judged again and again says what it says when it is judged for the first time', () => {
    const gaps = fc.array(fc.option(fc.integer({ min: -5, max: 50 }), { nil: undefined, freq: 2 }), {
      minLength: 30,
      maxLength: 30,
    });
    const texts = [
      'sum by (room) (heat)',
      'topk by (room) (1, heat)',
      'count_values by (room) ("value", heat)',
      'heat - on (room) group_left (side) limit',
      'limit < on (room) group_right (rack) heat',
      'limit > on (room) limit offset 1m',
      'heat and on (room) limit > 9',
      'heat unless on (room, rack) heat offset 1m',
      'heat > 9 or limit or heat < 3',
    ];
    fc.assert(
      fc.property(fc.tuple(gaps, gaps, gaps, gaps), ([a, b, c, d]) => {
        const { engine } = engineOn(
          [
            [metric('heat', { room: 'a', rack: '1' }), a],
            [metric('heat', { room: 'a', rack: '2' }), b],
            [metric('heat', { room: 'b', rack: '1' }), c],
            [metric('limit', { room: 'a', side: 'x' }), d],
          ],
          { lookbackMs: MINUTE },
        );
        for (const text of texts) {
          const again = engine.prepare(text);
          for (let atMs = 0; atMs < 30 * MINUTE; atMs += MINUTE) {
            const told = outcome(() => again.instant(atMs), atMs);
            expect([text, atMs, told]).toEqual([text, atMs, outcome(() => engine.instant(text, atMs), atMs)]);
          }
        }
      }),
      { numRuns: 20, seed: 7 },
    );
  });

  it('what one side has or the other, it has once', () => {
    fc.assert(
      fc.property(data, fc.constantFrom('', 'on (room)', 'on ()', 'ignoring (room)'), (series, matching) => {
        const { engine } = engineOn(series, { lookbackMs: MINUTE });
        for (const text of [
          `heat > 9 or ${matching} {__name__=~"heat|limit"} offset 1m`,
          `-heat or ${matching} -limit or ${matching} heat - 1`,
        ]) {
          for (let atMs = 0; atMs < 30 * MINUTE; atMs += MINUTE) {
            const found = shown(engine.instant(text, atMs)).map((line) => line.split(' ')[0]);
            expect(new Set(found).size).toBe(found.length);
          }
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('what an expression finds, its unfiltered form finds too', () => {
    fc.assert(
      fc.property(data, fc.integer({ min: -5, max: 50 }), (series, limit) => {
        const { engine } = engineOn(series);
        for (const text of [
          `heat > ${limit}`,
          `heat < ${limit} and heat > 3`,
          `heat > on (room) limit or limit > 9`,
        ]) {
          const rule = engine.compile(text);
          const keys = (elements: readonly { readonly labels: Labels }[]): readonly string[] =>
            elements.map(({ labels }) => labels['room'] ?? '');
          expect(keys(rule.unfiltered(10 * MINUTE))).toEqual(
            expect.arrayContaining([...keys(rule.evaluate(10 * MINUTE))]),
          );
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

/** Each look at it takes a second. */
function secondsApart() {
  let nowMs = 0;
  return {
    nowMs() {
      nowMs += 1_000;
      return nowMs;
    },
  };
}

describe('a query that would eat the machine', () => {
  it('ends: steps without number', () => {
    const { engine } = engineOn([], { maxSamples: 10_000 });
    expect(() => engine.instant('max_over_time(gone[10y:1ms])', 0)).toThrow('more than 10000 samples');
  });

  it('ends where it is told to', () => {
    const { engine } = engineOn([], { deadline: { clock: secondsApart(), limitMs: 2_000 } });
    expect(() => engine.instant('max_over_time(gone[10y:1s])', 0)).toThrow('longer than 2 s');
  });

  it('ends as a rule too, and each evaluation has the whole time', () => {
    const { engine } = engineOn([[metric('heat'), [1]]], {
      deadline: { clock: secondsApart(), limitMs: 5_000 },
    });
    const quick = engine.compile('heat > 0');
    for (let round = 0; round < 10; round += 1) expect(quick.evaluate(0)).toHaveLength(1);
    const slow = engine.compile('max_over_time(heat[1h:1s]) > 0');
    const late = expect.objectContaining({
      code: 'query_limit',
      message: 'the query takes longer than 5 s',
    });
    expect(() => slow.evaluate(0)).toThrow(late);
    expect(() => slow.unfiltered(0)).toThrow(late);
  });

  it('ends where it works on long after it has read', () => {
    const { engine } = engineOn([[metric('heat'), [1]]], {
      deadline: { clock: secondsApart(), limitMs: 5_000 },
    });
    expect(() => engine.instant('-(-(-(-(-(-(-heat))))))', 0)).toThrow('longer than 5 s');
  });

  it('takes linear time for patterns that would take others an age', () => {
    const { engine } = engineOn([[metric('m', { text: `${'a'.repeat(5_000)}!` }), [1]]]);
    const found = engine.instant('label_replace(m{text=~"(a*)*b|.*"}, "to", "x", "text", "(a|aa)+b")', 0);
    expect(shown(found)).toHaveLength(1);
  });

  it('refuses series that cannot be told apart without their names', () => {
    const { engine } = engineOn([
      [metric('a', { room: '1' }), [1, 2]],
      [metric('b', { room: '1' }), [1, 2]],
    ]);
    for (const text of ['sum(rate({room="1"}[5m]))', 'count(-{room="1"})', 'max({room="1"} * 2)']) {
      expect(() => engine.instant(text, MINUTE)).toThrow(
        'vector cannot contain metrics with the same labelset',
      );
    }
    expect(shown(engine.instant('count({room="1"} > 0)', MINUTE))).toEqual(['{} 2']);
  });
});
