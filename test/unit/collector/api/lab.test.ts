import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { labRoutes } from '../../../../collector/api/lab.ts';
import { WatchkeeperError } from '../../../../config/model/errors.ts';
import type { Role } from '../../../../config/model/account.ts';
import { serveLines } from '../../../../config/runtime/line-socket.ts';
import { apiSite, FROM_PAGE } from '../../../support/api-site.ts';
import { folderWith } from '../../../support/folder.ts';

interface Options {
  readonly isDemonstration?: boolean;
  readonly role?: Role;
  /** What the lab answers, or throws; without it there is no lab. */
  readonly answer?: object | undefined;
}

async function site({ isDemonstration = true, role = 'sysAdmin', answer }: Options = {}) {
  const socketPath = join(folderWith(), 'lab.sock');
  const asked: unknown[] = [];
  if (answer !== undefined) {
    const lab = await serveLines({
      path: socketPath,
      answer(request) {
        asked.push(request);
        if (answer instanceof Error) throw answer;
        return answer;
      },
      onError: () => undefined,
    });
    onTestFinished(() => lab.stop());
  }
  const own = await apiSite({
    plugins: () => [labRoutes({ isDemonstration: () => isDemonstration, socketPath })],
  });
  const cookie = await own.cookieOf(await own.account(role));
  const headers = { ...FROM_PAGE, cookie };
  return {
    asked,
    get: () => own.api.inject({ url: '/api/lab', headers }),
    play: (scenario: unknown) =>
      own.api.inject({ method: 'POST', url: '/api/lab', headers, payload: { scenario } }),
  };
}

const BODY = { active: ['leak'], scenarios: ['leak', 'recover'] };

describe('the lab of a demonstration', () => {
  it('tells what goes on and what could', async () => {
    const { get, asked } = await site({ answer: { ...BODY, more: 1 } });
    expect((await get()).json()).toEqual(BODY);
    expect(asked).toEqual([{ list: true }]);
  });

  it('plays a scenario', async () => {
    const { play, asked } = await site({ answer: BODY });
    expect((await play('leak')).json()).toEqual(BODY);
    expect(asked).toEqual([{ scenario: 'leak' }]);
  });

  it('plays nothing for who may only look, and nothing that is no scenario', async () => {
    expect((await (await site({ answer: BODY, role: 'viewer' })).play('leak')).statusCode).toBe(403);
    expect((await (await site({ answer: BODY })).play('flood')).statusCode).toBe(400);
  });

  it.each<[string, object | undefined]>([
    ['is not there', undefined],
    ['refuses', new WatchkeeperError('lab_unknown_scenario', 'no')],
    ['says something else', { hello: 1 }],
  ])('that %s is told as such', async (_, answer) => {
    const { get } = await site({ answer });
    const reply = await get();
    expect(reply.statusCode).toBe(503);
    expect(reply.json()).toMatchObject({ code: 'not_running' });
    expect(reply.body).not.toContain('lab.sock');
  });

  it('is nothing that a site of one’s own has', async () => {
    const { get, play, asked } = await site({ isDemonstration: false, answer: BODY });
    expect((await get()).statusCode).toBe(404);
    expect((await play('leak')).statusCode).toBe(404);
    expect(asked).toEqual([]);
  });
});
