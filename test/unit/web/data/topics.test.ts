import { expect, it } from 'vitest';
import { topicsOf } from '../../../../web/data/topics.ts';
import type { Account } from '../../../../web/data/session.ts';

const account = (roles: Account['roles'], isDisplay = false): Account => ({
  name: 'li',
  displayName: '李雷',
  roles,
  language: 'zh-CN',
  isDisplay,
});

it('a page follows what it shows, and nothing that its reader may not see', () => {
  const operator = account(['operator']);
  expect(topicsOf({ page: 'watch' }, operator)).toEqual(['board']);
  expect(topicsOf({ page: 'handover', id: 7 }, operator)).toEqual(['board']);
  expect(topicsOf({ page: 'home' }, operator)).toEqual([]);
  // Asking for it would close the socket, and with it the room.
  expect(topicsOf({ page: 'watch' }, account(['viewer']))).toEqual([]);
  expect(topicsOf({ page: 'watch' }, account(['operator'], true))).toEqual([]);
});
