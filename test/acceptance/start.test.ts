import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { folderWith } from '../support/folder.ts';
import { runToEnd, startWatchkeeper, type Watchkeeper } from '../support/watchkeeper.ts';

const STOP_WITHIN_MS = 5_000;

async function started(options: Partial<Parameters<typeof startWatchkeeper>[0]> = {}): Promise<Watchkeeper> {
  const program = await startWatchkeeper({ data: folderWith(), ...options });
  onTestFinished(async () => {
    await program.stop();
  });
  return program;
}

/** The process ids of everything below one process, read from the kernel. */
function descendants(pid: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }];
      } catch {
        return []; // It ended while we looked.
      }
    });
  const below = (parent: number): readonly number[] =>
    parents.filter((entry) => entry.parent === parent).flatMap((entry) => [entry.pid, ...below(entry.pid)]);
  return below(pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('npm start', () => {
  it('works, says where, and offers a one-time link for the first administrator', async () => {
    const program = await started();
    expect(program.firstRunUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/first-run#.{20,}$/);
    await eventually(async () => {
      const health = await fetch(`${program.url}/healthz`);
      expect(health.status).toBe(200);
    }, 20_000);
  });

  it('runs agent, collector and lab as processes of their own, and ends all of them within 5 s', async () => {
    const program = await started();
    const pids = descendants(program.process.pid ?? 0);
    expect(pids).toHaveLength(3);
    const beforeMs = performance.now();
    expect(await program.stop()).toBe(0);
    expect(performance.now() - beforeMs).toBeLessThan(STOP_WITHIN_MS);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'ends everything when only the process of npm gets %s',
    async (signal) => {
      const program = await started({ command: ['npm', 'start'] });
      const pids = descendants(program.process.pid ?? 0);
      expect(pids.length).toBeGreaterThanOrEqual(4);
      program.process.kill(signal);
      await eventually(() => expect(pids.filter(isAlive)).toEqual([]), STOP_WITHIN_MS);
    },
  );

  it('starts a killed collector again on the same address', async () => {
    const program = await started();
    const isCollector = (pid: number): boolean =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('collector/main.ts');
    const pid = descendants(program.process.pid ?? 0).find(isCollector) ?? 0;
    process.kill(pid, 'SIGKILL');
    await eventually(() => expect(isAlive(pid)).toBe(false));
    await eventually(async () => expect((await fetch(`${program.url}/healthz`)).status).toBe(200), 20_000);
  });

  it('names the address that is in use, and leaves nothing running', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await eventually(() => expect(server.listening).toBe(true));
    const { port } = server.address() as AddressInfo;
    const { code, lines } = await runToEnd({
      data: folderWith(),
      env: { WATCHKEEPER_LISTEN: `127.0.0.1:${port}` },
    });
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain(`127.0.0.1:${port}`);
    expect(lines.join('\n')).toMatch(/in use|listens/i);
  });

  it('refuses a data folder that it cannot write, naming it', async () => {
    const data = '/proc/watchkeeper';
    const { code, lines } = await runToEnd({ data });
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain(`The data folder ${data} cannot be written`);
  });

  it('refuses a second start on the same data folder', async () => {
    const data = folderWith();
    await started({ data });
    const { code, lines } = await runToEnd({ data });
    expect(code).toBe(1);
    expect(lines.join('\n')).toMatch(/Another Watchkeeper|already/i);
  });

  it('refuses a faulty configuration, listing every fault', async () => {
    const config = folderWith({ 'site.yaml': 'name: X\nrooms: [{ id: a }]\ndevices: [{ id: "?" }]\n' });
    const { code, lines } = await runToEnd({ data: folderWith(), config });
    expect(code).toBe(1);
    expect(lines.filter((line) => line.includes('site.yaml:')).length).toBeGreaterThanOrEqual(3);
  });

  it('keeps its sockets and records from other users of the machine', async () => {
    const data = folderWith();
    chmodSync(data, 0o700);
    await started({ data });
    const { statSync } = await import('node:fs');
    for (const name of readdirSync(data).filter((file) => /\.(sock|sqlite)$/.test(file))) {
      expect(statSync(`${data}/${name}`).mode & 0o077, name).toBe(0);
    }
  });
});
