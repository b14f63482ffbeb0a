import { array, assert, boolean, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeBlock, readBlock, type Block } from '../../../../collector/series/block.ts';
import { createCells } from '../../../../collector/series/cells.ts';
import { Histories } from '../../../../collector/series/history.ts';

type Sample = readonly [number, number];

/** What comes next of a series: mostly as before, sometimes with a gap, at another pace, or in fewer samples. */
const pieces = array(
  record({
    count: constantFrom(32, 32, 32, 7),
    gapMs: constantFrom(10_000, 10_000, 10_000, 10_001, 70_000),
    stepMs: constantFrom(10_000, 10_000, 10_000, 5_000),
    isUneven: constantFrom(false, false, false, true),
    value: constantFrom(7, 7, 7, 8, -0.5, Number.POSITIVE_INFINITY),
    isMoving: boolean(),
    /** After it, what is older than so many pieces goes. */
    keptPieces: integer({ min: 1, max: 12 }),
  }),
  { minLength: 1, maxLength: 40 },
);

interface Piece {
  readonly count: number;
  readonly stepMs: number;
  readonly isUneven: boolean;
  readonly value: number;
  readonly isMoving: boolean;
}

function samplesOf({ fromMs, ...piece }: { readonly fromMs: number } & Piece): Sample[] {
  return Array.from({ length: piece.count }, (_, index) => [
    fromMs + index * piece.stepMs + (piece.isUneven ? (index * 7) % 5 : 0),
    piece.isMoving ? piece.value + (index % 4) : piece.value,
  ]);
}

function blockOf(samples: readonly Sample[]): Block {
  const timesMs = Float64Array.from(samples, ([atMs]) => atMs);
  const values = Float64Array.from(samples, ([, value]) => value);
  return closeBlock({ timesMs, values, start: 0, end: samples.length });
}

function samplesIn(blocks: readonly Block[]): Sample[] {
  return blocks.flatMap((block) => {
    const columns = { timesMs: new Float64Array(block.count), values: new Float64Array(block.count) };
    readBlock(block, columns, 0);
    return Array.from(columns.timesMs, (atMs, at): Sample => [atMs, columns.values[at] ?? Number.NaN]);
  });
}

describe('packed blocks behind each other', () => {
  it('are read as they were put there, whatever they are like and however many of the oldest went', () => {
    assert(
      property(pieces, (all) => {
        const histories = new Histories(createCells());
        const places = { others: 0, own: 1 };
        for (const place of Object.values(places)) histories.begin(place);
        let kept: Sample[][] = [];
        let toMs = 1_000_000_000_000;
        for (const piece of all) {
          const samples = samplesOf({ fromMs: toMs + piece.gapMs, ...piece });
          toMs = samples.at(-1)?.[0] ?? toMs;
          for (const place of Object.values(places)) histories.push(place, blockOf(samples));
          kept.push(samples);
          expect(samplesIn(histories.blocks(places.own))).toEqual(kept.flat());
          const beforeMs = kept.at(-piece.keptPieces)?.[0]?.[0] ?? 0;
          histories.dropBefore(places.own, beforeMs);
          kept = kept.filter((each) => (each.at(-1)?.[0] ?? 0) >= beforeMs);
          expect(samplesIn(histories.blocks(places.own))).toEqual(kept.flat());
          expect(histories.toMs(places.own)).toBe(toMs);
        }
      }),
    );
  });

  it('take one byte each where a number does not change', () => {
    const cells = createCells();
    const histories = new Histories(cells);
    const place = 0;
    histories.begin(place);
    const piece = { count: 32, stepMs: 10_000, isUneven: false, value: 230, isMoving: false };
    const bytesAfter = Array.from({ length: 30 }, (_, index) => {
      histories.push(place, blockOf(samplesOf({ fromMs: 1e12 + index * 320_000, ...piece })));
      return cells.read(place).length;
    });
    const [, , third = 0] = bytesAfter;
    expect(bytesAfter.slice(2)).toEqual(bytesAfter.slice(2).map((_, index) => third + index));
  });
});
