import { expect, it } from 'vitest';
import { changesBetween } from '../../../../config/model/audit.ts';

it('tells field by field what a write changed, and nothing of what stayed', () => {
  const before = { name: 'li', roles: ['operator'], phone: '1', nested: { a: 1, same: true } };
  const after = {
    name: 'li',
    roles: ['operator', 'engineer'],
    nested: { a: 2, same: true },
    isDisabled: false,
  };
  expect(changesBetween(before, after)).toEqual([
    { path: 'phone', before: '1', after: undefined },
    { path: 'nested.a', before: '1', after: '2' },
    { path: 'roles[1]', before: undefined, after: 'engineer' },
    { path: 'isDisabled', before: undefined, after: 'false' },
  ]);
});

it.each([
  [undefined, undefined, []],
  [undefined, 'x', [{ path: '', before: undefined, after: 'x' }]],
  [1, null, [{ path: '', before: '1', after: 'null' }]],
  [{}, [], []],
])('tells the difference of %j and %j', (before, after, changes) => {
  expect(changesBetween(before, after)).toEqual(changes);
});
