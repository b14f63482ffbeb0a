import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OutboxBody, SessionBody } from '../../config/model/api.ts';
import { eventually } from '../support/eventually.ts';
import { folderWith } from '../support/folder.ts';
import { signedIn } from '../support/signed-in.ts';
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
      const reader = await signedIn(program);
      const session = await reader.get<SessionBody>('/api/session');
      expect(session.isDemonstration).toBe(true);
      const made = spawnSync('npx', ['watchkeeper', 'lab', 'mains-failure', '--data', data], {
        cwd: checkout,
      });
      expect(made.status).toBe(0);
      const mail = await eventually(async () => {
        const { messages } = await reader.get<OutboxBody>('/api/outbox?limit=10');
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
