import { expect, it } from 'vitest';
import { passwordFault } from '../../../../config/model/password.ts';

it.each([
  ['', 'too_short'],
  ['Ab3$efgh9', 'too_short'],
  ['密码密码密码密码密', 'too_short'],
  ['x'.repeat(257), 'too_long'],
  ['li.lei.2026', 'like_name'],
  ['LI.LEI!!!!', 'like_name'],
  ['ｌｉ.lei12345', 'like_name'],
  ['li.lei123456x', undefined],
  ['li.leili.lei', 'like_name'],
  ['1234567890', 'too_common'],
  ['9876543210', 'too_common'],
  ['aaaaaaaaaaaa', 'too_common'],
  ['abababababab', 'too_common'],
  ['Password123!', 'too_common'],
  ['administrator', 'too_common'],
  ['qwertyuiop', 'too_common'],
  ['woaini1314520', 'too_common'],
  ['abcdefghij', 'too_common'],
  ['correct horse battery', undefined],
  ['一二三四五六七八九十', undefined],
  ['my li.lei battery staple', undefined],
])('judges the password %j of li.lei as %s', (password, fault) => {
  expect(passwordFault(password, 'li.lei')).toBe(fault);
});

it('judges a password before a name was given', () => {
  expect(passwordFault('correct horse', '')).toBeUndefined();
});
