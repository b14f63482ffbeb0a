import { expect, it } from 'vitest';
import { choicesOf } from '../../../../web/data/colleagues.ts';

it('two who are called alike are told apart by their accounts', () => {
  const people = [
    { name: 'li', displayName: '李雷' },
    { name: 'li2', displayName: '李雷' },
    { name: 'wang', displayName: '王芳' },
  ];
  expect(choicesOf(people).map(({ label }) => label)).toEqual(['李雷 · li', '李雷 · li2', '王芳']);
});
