import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHead, type Head } from '../../../../../collector/series/head.ts';
import {
  startRemoteWriter,
  type RemoteWriter,
} from '../../../../../collector/series/remote/remote-writer.ts';
import { METRIC_NAME } from '../../../../../config/model/labels.ts';
import { isStale } from '../../../../../config/model/sample.ts';
import type { RemoteWriteSettings } from '../../../../../config/remote-write.ts';
import { Secret } from '../../../../../config/runtime/secret.ts';
import { decodeWrite, DEFAULT_WRITE_LIMITS, labelsOf } from '../../../../../config/wire/remote-write.ts';
import { eventually } from '../../../../support/eventually.ts';
import { folderWith } from '../../../../support/folder.ts';
import { manualClock, type ManualClock } from '../../../../support/manual-clock.ts';
import { startPrometheus } from '../../../../support/peers.ts';
import { silentLog } from '../../../../support/silent-log.ts';
import { programPath } from '../../../../support/system.ts';

const TOKEN = 'a-token-of-the-receiver';
const PROMETHEUS = programPath('prometheus');
const START_MS = Date.UTC(2026, 10, 22, 3, 0, 0);

type Answer = number | 'nothing';

/** A receiver on loopback: what it took, as `name{labels} value@seconds since the start`, in the order in which it came. */
async function receiver(port = 0) {
  const requests: string[][] = [];
  const taken: string[] = [];
  const authorizations = new Set<string | undefined>();
  const held: ServerResponse[] = [];
  const state: { answer: Answer } = { answer: 200 };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      authorizations.add(request.headers.authorization);
      const samples = samplesIn(Buffer.concat(parts));
      requests.push(samples);
      if (state.answer === 'nothing') held.push(response);
      else {
        if (state.answer < 300) taken.push(...samples);
        response.writeHead(state.answer).end('as the test says');
      }
    });
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((done) => void server.close(() => done()));
  };
  onTestFinished(close);
  const at = (server.address() as AddressInfo).port;
  return {
    port: at,
    url: `http://127.0.0.1:${at}/api/v1/write`,
    requests,
    taken,
    authorizations,
    state,
    close,
  };
}

function samplesIn(body: Uint8Array): string[] {
  const { series, timesMs, values } = decodeWrite(body);
  return series.flatMap(({ key, start, end }) => {
    const labels = labelsOf(key, DEFAULT_WRITE_LIMITS);
    if (typeof labels === 'string') throw new Error(labels);
    const { [METRIC_NAME]: name = '', ...rest } = labels;
    const text = Object.entries(rest).map(([label, value]) => `${label}="${value}"`);
    return Array.from({ length: end - start }, (_none, index) => {
      const value = isStale(values, start + index) ? 'stale' : String(values[start + index]);
      return `${name}{${text.join()}} ${value}@${((timesMs[start + index] ?? 0) - START_MS) / 1_000}`;
    });
  });
}

interface Site {
  readonly head: Head;
  readonly clock: ManualClock;
  readonly folder: string;
  writer: RemoteWriter;
  begin(more?: Partial<RemoteWriteSettings>): RemoteWriter;
}

function siteTo(url: string, settings: Partial<RemoteWriteSettings> = {}): Site {
  const head = createHead();
  const clock = manualClock(START_MS);
  const folder = folderWith();
  const begin = (more: Partial<RemoteWriteSettings> = {}): RemoteWriter => {
    const base = { url, token: new Secret(TOKEN), timeoutMs: 5_000, maxQueueBytes: 1e6, labels: {} };
    const all = { ...base, ...settings, ...more };
    const writer = startRemoteWriter({ head, settings: all, folder, clock, log: silentLog() });
    head.watch({
      packed: () => undefined,
      dropped: () => undefined,
      late: (series, atMs) => writer.late(series, atMs),
    });
    return writer;
  };
  const site = { head, clock, folder, begin, writer: begin() };
  onTestFinished(() => site.writer.stop());
  return site;
}

const labels = { [METRIC_NAME]: 'temperature_celsius', device: 'd-1' };

function sample(site: Site, second: number, value = second): void {
  site.head.append(labels, START_MS + second * 1_000, value);
}

/** Ten seconds: what is in the head now is gathered. */
async function pass(site: Site): Promise<void> {
  const { sent, failed, dropped } = site.writer.figures();
  await site.clock.advance(10_000);
  await eventually(() => {
    const now = site.writer.figures();
    expect(now.sent + now.failed + now.dropped).toBeGreaterThan(sent + failed + dropped);
  });
}

const told = (...seconds: readonly number[]): string[] =>
  seconds.map((second) => `temperature_celsius{device="d-1"} ${second}@${second}`);

describe('remote_write out', () => {
  it('sends each sample once, with its token and the labels of the site, staleness markers too', async () => {
    const peer = await receiver();
    const site = siteTo(peer.url, { labels: { site: 'a', device: 'none' } });
    sample(site, 1);
    await pass(site);
    sample(site, 11);
    site.head.seriesOf(labels)?.end(START_MS + 12_000);
    await pass(site);
    const each = ['1@1', '11@11', 'stale@12'];
    const text = (value: string): string => `temperature_celsius{device="d-1",site="a"} ${value}`;
    await eventually(() => expect(peer.taken).toEqual(each.map(text)));
    expect([...peer.authorizations]).toEqual([`Bearer ${TOKEN}`]);
    expect(site.writer.figures()).toMatchObject({ dropped: 0, failed: 0, queueBytes: 0, behindSeconds: 0 });
  });

  it.each<Answer>([429, 500, 503, 401])(
    'keeps what is answered %s, and sends it in order once it is taken',
    async (answer) => {
      const peer = await receiver();
      const site = siteTo(peer.url);
      peer.state.answer = answer;
      for (const second of [1, 11, 21]) {
        sample(site, second);
        await site.clock.advance(10_000);
      }
      await eventually(() => {
        const { failed, queueBytes, behindSeconds } = site.writer.figures();
        expect(failed).toBeGreaterThan(0);
        expect(queueBytes).toBeGreaterThan(0);
        expect(behindSeconds).toBeGreaterThanOrEqual(20);
      });
      peer.state.answer = 200;
      await untilSent(site, peer.taken, told(1, 11, 21));
      // The writer hears of it a moment after the receiver has it.
      await eventually(() => expect(site.writer.figures()).toMatchObject({ dropped: 0, queueBytes: 0 }));
      expect(site.writer.faults()).toEqual([]);
    },
  );

  it('asks a receiver that is away less and less often, and says so after two minutes', async () => {
    const peer = await receiver();
    const site = siteTo(peer.url);
    peer.state.answer = 500;
    sample(site, 1);
    await pass(site);
    for (const [index, seconds] of [1, 2, 4, 8, 16, 32, 60, 60].entries()) {
      await site.clock.advance(seconds * 1_000 - 1);
      expect(peer.requests).toHaveLength(index + 1);
      await site.clock.advance(1);
      await eventually(() => expect(site.writer.figures().failed).toBe(index + 2));
    }
    expect(site.writer.faults()).toEqual([
      'remote_write waits, its receiver takes nothing: the receiver answered 500: as the test says',
    ]);
  });

  it('waits for a receiver that is closed, and goes on when it is there again', async () => {
    const first = await receiver();
    const site = siteTo(first.url);
    sample(site, 1);
    await pass(site);
    await eventually(() => expect(first.taken).toEqual(told(1)));
    await first.close();
    sample(site, 11);
    await pass(site);
    expect(site.writer.figures()).toMatchObject({ sent: 1, failed: 1, dropped: 0 });
    const again = await receiver(first.port);
    await untilSent(site, again.taken, told(11));
  });

  it('gives up waiting for a slow one, sends again, and loses nothing when it is told that it is known', async () => {
    const peer = await receiver();
    const site = siteTo(peer.url, { timeoutMs: 100 });
    sample(site, 1);
    await pass(site);
    peer.state.answer = 'nothing';
    sample(site, 11);
    await pass(site);
    expect(site.writer.figures()).toMatchObject({ sent: 1, failed: 1 });
    peer.state.answer = 400;
    await site.clock.advance(10_000);
    await eventually(() => expect(site.writer.figures().queueBytes).toBe(0));
    expect(peer.requests).toEqual([told(1), told(11), told(11)]);
    expect(site.writer.figures().dropped).toBe(0);
  });

  it('drops what is refused for what is in it, counts it and says so', async () => {
    const peer = await receiver();
    const site = siteTo(peer.url);
    sample(site, 1);
    await pass(site);
    peer.state.answer = 400;
    sample(site, 11);
    await pass(site);
    peer.state.answer = 200;
    sample(site, 21);
    await pass(site);
    await eventually(() => expect(peer.taken).toEqual(told(1, 21)));
    expect(site.writer.figures()).toMatchObject({ sent: 2, dropped: 1, queueBytes: 0 });
    expect(site.writer.faults()).toEqual([
      'remote_write has lost 1 requests since the start: the receiver answered 400: as the test says',
    ]);
    await site.clock.advance(3_600_000);
    expect(site.writer.faults()).toEqual([]);
  });

  it('lets the oldest go beyond the bound of its queue, counts them and says so', async () => {
    const peer = await receiver();
    const site = siteTo(peer.url, { maxQueueBytes: 1_000 });
    peer.state.answer = 500;
    const kept = () => [site.writer.figures().queueBytes, site.writer.figures().dropped];
    const seconds = Array.from({ length: 30 }, (_none, index) => 10 * index + 1);
    for (const second of seconds) {
      const before = kept();
      sample(site, second);
      await eventually(async () => {
        await site.clock.advance(5_000);
        expect(kept()).not.toEqual(before);
      });
      expect(site.writer.figures().queueBytes).toBeLessThanOrEqual(1_000);
    }
    const { dropped } = site.writer.figures();
    expect(dropped).toBeGreaterThan(10);
    expect(site.writer.faults().at(-1)).toMatch(/has lost \d+ requests .*the queue is full, the oldest went/);
    peer.state.answer = 200;
    await untilSent(site, peer.taken, told(...seconds.slice(dropped)));
  });

  it('sends late samples apart, so that who takes none of them refuses nothing else', async () => {
    const peer = await receiver();
    const site = siteTo(peer.url);
    sample(site, 3);
    await pass(site);
    sample(site, 13);
    site.head.seriesOf(labels)?.insert(START_MS + 2_000, 2);
    site.head.seriesOf(labels)?.insert(START_MS + 1_000, 1);
    site.head.seriesOf(labels)?.insert(START_MS + 11_000, 11);
    await eventually(async () => {
      await site.clock.advance(5_000);
      expect(peer.requests).toHaveLength(3);
    });
    expect(peer.requests).toEqual(expect.arrayContaining([told(3), told(11, 13), told(1, 2)]));
  });

  it('goes on after a stop where it was: nothing twice, nothing missing', async () => {
    const peer = await receiver();
    const site = siteTo(peer.url);
    sample(site, 1);
    await pass(site);
    peer.state.answer = 500;
    sample(site, 11);
    await pass(site);
    sample(site, 19);
    await site.writer.stop();
    peer.state.answer = 200;
    site.writer = site.begin();
    sample(site, 31);
    await site.clock.advance(20_000);
    await untilSent(site, peer.taken, told(1, 11, 19, 31));
  });

  it('has on the way out what came late before the head has it on disk: killed right after, it sends that', async () => {
    const peer = await receiver();
    const site = siteTo(peer.url);
    peer.state.answer = 500;
    sample(site, 1);
    sample(site, 21);
    // What the clock sets going comes to its end before it goes on.
    for (let turn = 0; turn < 6; turn += 1) {
      await site.clock.advance(5_000);
      await site.writer.gatherLate();
    }
    site.head.seriesOf(labels)?.insert(START_MS + 12_000, 12);
    site.head.append({ ...labels, device: 'd-2' }, START_MS + 13_000, 13);
    const { queueBytes } = site.writer.figures();
    await site.writer.gatherLate();
    expect(site.writer.figures().queueBytes).toBeGreaterThan(queueBytes);
    const gatheredBytes = site.writer.figures().queueBytes;
    await site.writer.gatherLate();
    expect(site.writer.figures().queueBytes).toBe(gatheredBytes);
    // As after a kill: nobody stops the one before in order.
    const killed = site.writer;
    onTestFinished(() => killed.stop());
    peer.state.answer = 200;
    site.writer = site.begin();
    const all = [...told(1, 21, 12), 'temperature_celsius{device="d-2"} 13@13'];
    await eventually(async () => {
      await site.clock.advance(5_000);
      expect([...new Set(peer.taken)].sort()).toEqual(all.sort());
    });
  });

  it('sends at once what somebody waits for, once, and says whether the receiver has it', async () => {
    const peer = await receiver();
    const site = siteTo(peer.url);
    sample(site, 1);
    sample(site, 2);
    expect(await site.writer.deliver(2_000)).toBe(true);
    expect(peer.taken).toEqual([1, 2].map((at) => `temperature_celsius{device="d-1"} ${at}@${at}`));
    expect(await Promise.all([site.writer.deliver(2_000), site.writer.deliver(2_000)])).toEqual([true, true]);
    await site.clock.advance(20_000);
    sample(site, 11);
    await pass(site);
    expect(peer.taken.map((line) => line.split(' ')[1])).toEqual(['1@1', '2@2', '11@11']);

    peer.state.answer = 'nothing';
    sample(site, 31);
    const waiting = site.writer.deliver(2_000);
    await eventually(() => expect(peer.requests).toHaveLength(3));
    await site.clock.advance(2_000);
    expect(await waiting).toBe(false);
    await peer.close();
    await eventually(() => expect(site.writer.figures().failed).toBe(1));
    expect(await site.writer.deliver(2_000)).toBe(false);
  });

  it('begins with what comes from now on', async () => {
    const peer = await receiver();
    const site = siteTo(peer.url);
    await site.writer.stop();
    sample(site, 1);
    const fresh = folderWith();
    const { head, clock } = site;
    const settings = { url: peer.url, timeoutMs: 5_000, maxQueueBytes: 1e6, labels: {} };
    site.writer = startRemoteWriter({ head, settings, folder: fresh, clock, log: silentLog() });
    sample(site, 2);
    await pass(site);
    await eventually(() => expect(peer.taken).toEqual(told(2)));
  });

  it.skipIf(PROMETHEUS === undefined)(
    "is taken by Debian's Prometheus, over an outage of it too",
    async () => {
      const prometheus = await startPrometheus('global: {}\n');
      onTestFinished(() => prometheus.stop());
      const closed = await receiver();
      const site = siteTo(closed.url);
      closed.state.answer = 503;
      const seconds = [1, 11, 21];
      for (const second of seconds) {
        sample(site, second);
        await site.clock.advance(10_000);
      }
      await site.writer.stop();
      site.writer = site.begin({ url: `${prometheus.url}/api/v1/write` });
      sample(site, 31);
      await site.clock.advance(10_000);
      await eventually(() =>
        expect(site.writer.figures()).toMatchObject({ queueBytes: 0, failed: 0, dropped: 0 }),
      );
      const query = `temperature_celsius{device="d-1"}[1m]&time=${START_MS / 1_000 + 50}`;
      await eventually(async () => {
        const answer = await fetch(`${prometheus.url}/api/v1/query?query=${query}`);
        const { data } = (await answer.json()) as { data: { result: { values: [number, string][] }[] } };
        const values = data.result[0]?.values.map(([at, value]) => [at - START_MS / 1_000, value]);
        expect(values).toEqual([...seconds, 31].map((second) => [second, String(second)]));
      });
    },
  );
});

/** Moves the clock on until the receiver took these. */
async function untilSent(site: Site, taken: readonly string[], wanted: readonly string[]): Promise<void> {
  await eventually(async () => {
    await site.clock.advance(5_000);
    expect(taken).toEqual(wanted);
  });
}
