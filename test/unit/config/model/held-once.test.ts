import { expect, it } from 'vitest';
import { heldOnce } from '../../../../config/model/held-once.ts';

it('equal values are held once, as long as they are among the last', () => {
  const once = heldOnce<{ name: string }>(2, (one, other) => one.name === other.name);
  const [first, other] = [{ name: 'a' }, { name: 'b' }];
  expect(once(first)).toBe(first);
  expect(once(other)).toBe(other);
  expect(once({ name: 'a' })).toBe(first);
  once({ name: 'c' });
  const again = { name: 'a' };
  expect(once(again)).toBe(again);
});
