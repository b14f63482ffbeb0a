import { describe, expect, it } from 'vitest';
import { ADMINISTRATORS, ROLES, type Role } from '../../../../config/model/account.ts';
import { isDay, rolesFault } from '../../../../config/model/person.ts';

describe('roles together', () => {
  it('of two administrators are refused, unless the site allows it', () => {
    for (const one of ADMINISTRATORS) {
      for (const other of ADMINISTRATORS.filter((role) => role !== one)) {
        expect(rolesFault([one, other], { mayCombine: false })).toBe('combined_administrators');
        expect(rolesFault([one, other], { mayCombine: true })).toBeUndefined();
      }
    }
  });

  it.each(ADMINISTRATORS)(
    'of %s and those who work in the room are one person with several posts',
    (role) => {
      const posts: Role[] = [role, ...ROLES.filter((other) => !ADMINISTRATORS.includes(other))];
      expect(rolesFault(posts, { mayCombine: false })).toBeUndefined();
    },
  );

  it('of a screen on the wall are that of who only looks', () => {
    expect(rolesFault(['viewer'], { mayCombine: true, isDisplay: true })).toBeUndefined();
    expect(rolesFault(['operator'], { mayCombine: true, isDisplay: true })).toBe('display_only_looks');
    expect(rolesFault([], { mayCombine: true })).toBe('no_role');
  });
});

it.each([
  ['2026-02-28', true],
  ['2024-02-29', true],
  ['2026-02-29', false],
  ['2026-13-01', false],
  ['2026-1-1', false],
  ['26-01-01', false],
  ['', false],
])('%s as a day: %s', (text, expected) => {
  expect(isDay(text)).toBe(expected);
});
