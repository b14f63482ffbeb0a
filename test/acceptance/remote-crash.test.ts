import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { labelsKey, type Labels } from '../../config/model/labels.ts';
import { decodeWrite, DEFAULT_WRITE_LIMITS, labelsOf } from '../../config/wire/remote-write.ts';
import { eventually } from '../support/eventually.ts';
import { folderWith } from '../support/folder.ts';
import { descendantWith } from '../support/processes.ts';
import { signedIn } from '../support/signed-in.ts';
import { demoWith } from '../support/site-folder.ts';
import { startWatchkeeper } from '../support/watchkeeper.ts';

const ROUNDS = 3;
const WITHIN_MS = 60_000;

/** A receiver of remote_write that keeps the instants of each series. */
async function receiver() {
  const times = new Map<string, number[]>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      const { series, timesMs } = decodeWrite(Buffer.concat(parts));
      for (const { key, start, end } of series) {
        const labels = labelsOf(key, DEFAULT_WRITE_LIMITS);
        if (typeof labels === 'string') throw new Error(labels);
        const own = times.get(labelsKey(labels)) ?? [];
        own.push(...timesMs.subarray(start, end));
        times.set(labelsKey(labels), own);
      }
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { times, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/write` };
}

interface Matrix {
  readonly data: {
    readonly result: readonly { readonly metric: Labels; readonly values: readonly [number, string][] }[];
  };
}

describe('a collector that is killed while it sends its samples to another store', () => {
  it('has sent all that it knows itself after its restart', { timeout: 240_000 }, async () => {
    const { times, url } = await receiver();
    const config = demoWith({
      'agent.yaml': 'poll_interval: 1s\n',
      'collector.yaml': `scrape_interval: 1s\nremote_write: { url: '${url}' }\n`,
    });
    const program = await startWatchkeeper({ data: folderWith(), config, isDemoLogin: true });
    onTestFinished(async () => {
      await program.stop();
    });
    const reader = await signedIn(program);
    const known = async () => {
      const query = encodeURIComponent('{job="agent",device=~"ups-.*|climate-.*"}[10m]');
      const { data } = await reader.get<Matrix>(`/api/v1/query?query=${query}`);
      return data.result.flatMap(({ metric, values }) =>
        values.map(([seconds]) => [labelsKey(metric), Math.round(seconds * 1_000)] as const),
      );
    };
    const newestMs = async (): Promise<number> => Math.max(0, ...(await known()).map(([, atMs]) => atMs));

    const newerThan = (atMs: number): Promise<number> =>
      eventually(async () => {
        const foundMs = await newestMs();
        expect(foundMs).toBeGreaterThan(atMs);
        return foundMs;
      }, WITHIN_MS);

    await eventually(() => expect(times.size).toBeGreaterThan(50), WITHIN_MS);
    for (let round = 0; round < ROUNDS; round += 1) {
      const beforeMs = await newestMs();
      process.kill(descendantWith(program.process.pid ?? 0, 'collector-main.js'), 'SIGKILL');
      const backMs = await newerThan(beforeMs);
      await newerThan(backMs + 2_000);
    }
    const all = await known();
    expect(all.length).toBeGreaterThan(500);
    await eventually(() => {
      const missing = all.filter(([key, atMs]) => times.get(key)?.includes(atMs) !== true);
      expect(missing.slice(0, 5)).toEqual([]);
    }, 30_000);
  });
});
