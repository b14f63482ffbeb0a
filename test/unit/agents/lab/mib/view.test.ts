import { describe, expect, it } from 'vitest';
import { integer } from '../../../../../agents/lab/mib/values.ts';
import { indexAfter, mibView, scalars, table } from '../../../../../agents/lab/mib/view.ts';

const VIEW = mibView([
  ...table('1.3.6.1.2.1.2.2.1', ['first', 'second'], { 10: () => integer(1), 2: () => integer(2) }),
  ...scalars('1.3.6.1.2.1.2', { 1: () => integer(3) }),
  ...table('1.3.6.1.2.1.300', ['only'], { 200: () => integer(4), 5: () => integer(5) }),
]);

describe('a view', () => {
  it('has its objects in the order of their numbers, not of their letters', () => {
    expect(VIEW.objects.map(({ oid }) => oid)).toEqual([
      '1.3.6.1.2.1.2.1.0',
      '1.3.6.1.2.1.2.2.1.2.1',
      '1.3.6.1.2.1.2.2.1.2.2',
      '1.3.6.1.2.1.2.2.1.10.1',
      '1.3.6.1.2.1.2.2.1.10.2',
      '1.3.6.1.2.1.300.5.1',
      '1.3.6.1.2.1.300.200.1',
    ]);
  });

  it.each([
    ['1.3', 0],
    ['1.3.6.1.2.1.2.1', 0],
    ['1.3.6.1.2.1.2.1.0', 1],
    ['1.3.6.1.2.1.2.1.0.0', 1],
    ['1.3.6.1.2.1.2.2.1.2.1', 2],
    ['1.3.6.1.2.1.2.2.1.3', 3],
    ['1.3.6.1.2.1.128', 5],
    ['1.3.6.1.2.1.300.5.1', 6],
    ['1.3.6.1.2.1.300.200.1', 7],
    ['2.5', 7],
  ])('after %s comes the object at %i', (oid, index) => {
    expect(indexAfter(VIEW, oid)).toBe(index);
  });

  it('refuses an object that stands twice', () => {
    const one = scalars('1.3.6.1.2.1.2', { 1: () => integer(3) });
    expect(() => mibView([...one, ...one])).toThrow('twice');
  });
});
