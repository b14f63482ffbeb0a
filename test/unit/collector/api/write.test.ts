import { describe, expect, it, onTestFinished } from 'vitest';
import { writeRoutes } from '../../../../collector/api/write.ts';
import { localWriters } from '../../../../collector/ingest/local-writers.ts';
import { createReceiver } from '../../../../collector/ingest/receiver.ts';
import { createHead } from '../../../../collector/series/head.ts';
import { METRIC_NAME } from '../../../../config/model/labels.ts';
import { systemClock } from '../../../../config/runtime/system-clock.ts';
import { encodeWrite, REMOTE_WRITE_HEADERS } from '../../../../config/wire/remote-write.ts';
import { apiSite } from '../../../support/api-site.ts';
import { eventually } from '../../../support/eventually.ts';
import { startPageServer } from '../../../support/page-server.ts';
import { startPrometheus } from '../../../support/prometheus.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { programPath } from '../../../support/system.ts';

const TOKEN = 'a-token-of-the-supervisor';
const PROMETHEUS = programPath('prometheus');

async function site(maxSeries?: number) {
  const head = createHead(maxSeries === undefined ? {} : { maxSeries });
  const receiver = createReceiver({ head, clock: systemClock, outOfOrderMs: () => 600_000 });
  const door = { ...localWriters({ WATCHKEEPER_AGENT_TOKEN: TOKEN }), holder: async () => undefined };
  const own = await apiSite({ plugins: () => [writeRoutes({ receiver, door, log: silentLog() })] });
  const post = async (payload: Uint8Array, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await own.api.inject({
      method: 'POST',
      url: '/api/v1/write',
      headers: { ...REMOTE_WRITE_HEADERS, authorization: `Bearer ${TOKEN}`, ...headers },
      payload: Buffer.from(payload),
    });
    return { status: answer.statusCode, text: answer.body };
  };
  return { head, post, own };
}

function sample(name: string): Uint8Array {
  return encodeWrite([
    { labels: { [METRIC_NAME]: name }, timesMs: [systemClock.nowMs()], values: Float64Array.of(1) },
  ]);
}

describe('POST /api/v1/write', () => {
  it('takes what is right and has nothing to say', async () => {
    const { post, head } = await site();
    expect(await post(sample('m'))).toEqual({ status: 204, text: '' });
    expect(head.labelValues(METRIC_NAME)).toEqual(['m']);
  });

  it('asks for a token, before it looks at the body; a session is none', async () => {
    const { post, own, head } = await site();
    const cookie = await own.cookieOf(await own.account('engineer'));
    for (const authorization of ['', 'Bearer wrong', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`]) {
      expect((await post(sample('m'), { authorization, cookie })).status).toBe(401);
    }
    expect(head.labelValues(METRIC_NAME)).toEqual([]);
  });

  it.each([
    ['what is not packed', Buffer.from('hello'), {}, 400],
    ['another version', sample('m'), { 'x-prometheus-remote-write-version': '2.0.0' }, 400],
    ['another packing', sample('m'), { 'content-encoding': 'gzip' }, 400],
    ['another kind of body', sample('m'), { 'content-type': 'application/json' }, 415],
    ['what claims to be huge', Uint8Array.of(255, 255, 255, 255, 15), {}, 413],
    ['what is huge', new Uint8Array(17 * 1024 * 1024), {}, 413],
  ])('refuses %s so that nobody sends it again', async (_, body, headers, status) => {
    const { post } = await site();
    const answer = await post(body, headers);
    expect(answer.status).toBe(status);
    expect(answer.text).not.toMatch(/^\{/);
  });

  it('asks to come again when there is no room for new series', async () => {
    const { post } = await site(1);
    await post(sample('m'));
    expect(await post(sample('n'))).toMatchObject({
      status: 429,
      text: expect.stringMatching(/too many series/),
    });
  });

  it.skipIf(PROMETHEUS === undefined)('takes what a real Prometheus writes', async () => {
    const { head, own } = await site();
    const page = await startPageServer('room_temperature_celsius{place="机房"} 21.5\n');
    onTestFinished(() => page.stop());
    const writeUrl = `${await own.listen()}/api/v1/write`;
    startPrometheus({ program: PROMETHEUS ?? '', pageUrl: page.url, writeUrl, token: TOKEN });
    await eventually(() => {
      const [slice] = head.select([{ name: 'place', op: '=', value: '机房' }], 0, Infinity);
      expect(slice?.values[slice.end - 1]).toBe(21.5);
      expect(slice?.labels).toMatchObject({ [METRIC_NAME]: 'room_temperature_celsius', job: 'agent' });
      expect(head.labelValues(METRIC_NAME)).toContain('up');
    });
  });
});
