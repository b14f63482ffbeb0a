import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../support/folder.ts';
import { programPath } from '../support/system.ts';
import { ROOT } from '../support/watchkeeper.ts';

const UNSHARE = programPath('unshare');
const IP = programPath('ip');
/** Root makes a network of its own as it is; others need a user namespace, which the kernel may refuse. */
const NAMESPACE = process.getuid?.() === 0 ? ['--net'] : ['--map-root-user', '--net'];

describe.skipIf(UNSHARE === undefined || IP === undefined)(
  'in a network that has nothing but loopback',
  () => {
    it('the demonstration comes up whole, and no packet ever looks for a way out', () => {
      const script = `${IP} link set lo up && exec ${process.execPath} test/support/isolated-journey.ts ${folderWith()}`;
      const { status, stdout, stderr } = spawnSync(UNSHARE ?? '', [...NAMESPACE, 'sh', '-c', script], {
        cwd: join(ROOT),
        encoding: 'utf8',
        timeout: 110_000,
        killSignal: 'SIGKILL',
      });
      expect({ status, stderr }).toMatchObject({ status: 0 });
      const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Readonly<
        Record<string, unknown>
      >;
      expect(report).toEqual({ unwell: [], packetsWithoutRoute: 0, foreignRequests: [] });
    });
  },
);
