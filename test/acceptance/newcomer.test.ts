import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { OutboxBody, SessionBody } from '../../config/model/api.ts';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { folderWith } from '../support/folder.ts';
import { ROOT, startWatchkeeper } from '../support/watchkeeper.ts';

const WITHIN_MS = 3 * 60_000;

describe('a newcomer', () => {
  it('sees the first alarm and its mail within three minutes of git clone', {
    timeout: WITHIN_MS + 30_000,
  }, async () => {
    const folder = folderWith();
    const checkout = join(folder, 'watchkeeper');
    const beganMs = performance.now();
    const cloned = spawnSync('git', ['clone', '-q', '--no-local', ROOT, checkout], { encoding: 'utf8' });
    expect(cloned).toMatchObject({ status: 0 });
    const data = join(folder, 'data');
    const program = await startWatchkeeper({ data, checkout, isByNpm: true, isDemoLogin: true });
    try {
      const { cookie, session } = await signIn(program.url, program.account);
      expect(session.isDemonstration).toBe(true);
      const made = spawnSync('npx', ['watchkeeper', 'lab', 'mains-failure', '--data', data], {
        cwd: checkout,
      });
      expect(made.status).toBe(0);
      const mail = await eventually(async () => {
        const answer = await fetch(`${program.url}/api/outbox?limit=10`, { headers: { cookie } });
        const { messages } = (await answer.json()) as OutboxBody;
        const found = messages.find(({ subject }) => /UPS A/.test(subject));
        expect(found).toBeDefined();
        return found;
      }, WITHIN_MS);
      const seconds = (performance.now() - beganMs) / 1000;
      process.stdout.write(
        `from git clone to the first mail: ${seconds.toFixed(0)} s: ${mail?.subject ?? ''}\n`,
      );
      expect(seconds).toBeLessThan(WITHIN_MS / 1000);
    } finally {
      await program.stop();
    }
  });
});

async function signIn(
  url: string,
  account: { readonly name: string; readonly password: string } | undefined,
): Promise<{ cookie: string; session: SessionBody }> {
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(account),
  });
  expect(answer.status).toBe(200);
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const session = await fetch(`${url}/api/session`, { headers: { cookie } });
  return { cookie, session: (await session.json()) as SessionBody };
}
