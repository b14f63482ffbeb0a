import { readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { folderWith } from '../support/folder.ts';
import { commandLine, descendants, descendantWith, isAlive } from '../support/processes.ts';
import { runToEnd, startWatchkeeper, type Watchkeeper } from '../support/watchkeeper.ts';

const STOP_WITHIN_MS = 5_000;

async function started(options: Partial<Parameters<typeof startWatchkeeper>[0]> = {}): Promise<Watchkeeper> {
  const program = await startWatchkeeper({ data: folderWith(), ...options });
  onTestFinished(async () => {
    await program.stop();
  });
  return program;
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
    const readers = pids.filter((id) => commandLine(id).includes('agents-settings-main.js'));
    // The process that reads the site's files for the agent is there for a while only.
    expect(pids.filter((id) => !readers.includes(id))).toHaveLength(3);
    const beforeMs = performance.now();
    expect(await program.stop()).toBe(0);
    expect(performance.now() - beforeMs).toBeLessThan(STOP_WITHIN_MS);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'ends everything when only the process of npm gets %s',
    async (signal) => {
      const program = await started({ isByNpm: true });
      const pids = descendants(program.process.pid ?? 0);
      expect(pids.length).toBeGreaterThanOrEqual(4);
      program.process.kill(signal);
      await eventually(() => expect(pids.filter(isAlive)).toEqual([]), STOP_WITHIN_MS);
    },
  );

  it('starts a killed collector again on the same address', async () => {
    const program = await started();
    const pid = descendantWith(program.process.pid ?? 0, 'collector-main.js');
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
    const data = '/dev/null/watchkeeper';
    const { code, lines } = await runToEnd({ data });
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain(`The data folder ${data} cannot be written`);
  });

  it('refuses a second start on the same data folder', async () => {
    const data = folderWith();
    await started({ data });
    const { code, lines } = await runToEnd({ data });
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain(`Another Watchkeeper uses ${data}`);
  });

  it('refuses a faulty configuration, listing every fault', async () => {
    const config = folderWith({ 'site.yaml': 'name: X\nrooms: [{ id: a }]\ndevices: [{ id: "?" }]\n' });
    const { code, lines } = await runToEnd({ data: folderWith(), config });
    expect(code).toBe(1);
    expect(lines.filter((line) => line.includes('site.yaml:')).length).toBeGreaterThanOrEqual(3);
  });

  it('keeps its sockets and records from other users of the machine', async () => {
    const data = folderWith();
    await started({ data });
    for (const name of readdirSync(data).filter((file) => /\.(sock|sqlite)$/.test(file))) {
      expect(statSync(`${data}/${name}`).mode & 0o077, name).toBe(0);
    }
  });
});
