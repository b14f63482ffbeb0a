import { describe, expect, it } from 'vitest';
import { giveBack } from '../../../../config/runtime/garbage.ts';

describe('a buffer that is given back', () => {
  it('has no memory any more', () => {
    const buffer = Buffer.from(new ArrayBuffer(100_000));
    giveBack(buffer);
    expect(buffer.length).toBe(0);
  });

  it('keeps it where others are in it', () => {
    const shared = new ArrayBuffer(100);
    const part = Buffer.from(shared, 10, 20).fill(7);
    giveBack(part);
    expect([...part.subarray(0, 2)]).toEqual([7, 7]);
  });
});
