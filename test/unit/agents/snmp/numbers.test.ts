import { describe, expect, it } from 'vitest';
import { createNumbers } from '../../../../agents/snmp/numbers.ts';

describe('room for the numbers of many devices', () => {
  it('is each device’s own, and zero', () => {
    const take = createNumbers();
    const rooms = Array.from({ length: 500 }, (_none, index) => take(70).fill(index));
    expect(take(70).every((number) => number === 0)).toBe(true);
    rooms.forEach((room, index) => expect(room.every((number) => number === index)).toBe(true));
  });

  it('is one piece of memory for many', () => {
    const take = createNumbers();
    const pieces = new Set(Array.from({ length: 100 }, () => take(70).buffer));
    expect(pieces.size).toBe(1);
  });

  it('is a piece of memory of its own for a device of many readings', () => {
    const take = createNumbers();
    expect(take(10_000)).toHaveLength(10_000);
    expect(take(10_000).buffer).not.toBe(take(70).buffer);
  });
});
