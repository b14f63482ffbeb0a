import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectTo, post } from '../../../../config/wire/connection.ts';
import { startServer } from '../../../../collector/api/server.ts';
import { writeRoutes } from '../../../../collector/api/write.ts';
import { certifyAgent } from '../../../../collector/https/agent-certificate.ts';
import { createJoinedAgents } from '../../../../collector/ingest/joined-agents.ts';
import { createReceiver } from '../../../../collector/ingest/receiver.ts';
import { setAgentRevoked } from '../../../../collector/records/agents.ts';
import { createHead } from '../../../../collector/series/head.ts';
import { METRIC_NAME } from '../../../../config/model/labels.ts';
import { encodeWrite, REMOTE_WRITE_HEADERS } from '../../../../config/wire/remote-write.ts';
import { apiSite } from '../../../support/api-site.ts';
import { folderWith } from '../../../support/folder.ts';
import { ask, testCertificate } from '../../../support/https.ts';
import { silentLog } from '../../../support/silent-log.ts';

const WHO = { who: 'command line', origin: 'local' };

/** A collector to which agents push by certificates, and what an agent's own files are. */
async function collector() {
  const { certificate, clock } = await testCertificate();
  const head = createHead();
  const receiver = createReceiver({ head, clock, outOfOrderMs: () => 600_000 });
  const site = await apiSite();
  const agents = createJoinedAgents({ db: site.db, clock, head });
  const door = {
    writer: (token: string) => agents.writer(token),
    holder: (fingerprint: string) => agents.holder(fingerprint),
  };
  const routes = writeRoutes({ receiver, door, log: silentLog() });
  const deps = { ...site.deps, plugins: [...site.deps.plugins, routes], certificate };
  const server = await startServer(deps);
  onTestFinished(() => server.stop());
  const { page, push } = server;
  const certify = (name: string) =>
    certifyAgent({ agents, https: { certificate }, clock }, { zone: 'inner', name }, WHO);
  const body = encodeWrite([
    { labels: { [METRIC_NAME]: 'a' }, timesMs: [clock.nowMs()], values: Float64Array.of(1) },
  ]);
  const shut = async (name: string, atMs: number | undefined): Promise<void> => {
    await setAgentRevoked(site.db, name, atMs);
    agents.forget();
  };
  return { page, push, agents, certify, body, head, shut, clock };
}

/** Pushes as an agent does, by the files that it was given. */
async function pushBy(
  page: string,
  files: Readonly<Record<string, string>>,
  { body, headers = {} }: { body: Uint8Array; headers?: Readonly<Record<string, string>> },
): Promise<number> {
  const folder = folderWith();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const at = (name: string): string => join(folder, name);
  const own = 'agent.crt' in files ? { certFile: at('agent.crt'), keyFile: at('agent.key') } : {};
  const connection = connectTo({ url: page, caFile: at('ca.crt'), ...own });
  onTestFinished(() => connection.agent.destroy());
  const { status } = await post(connection, '/api/v1/write', {
    headers: { ...REMOTE_WRITE_HEADERS, ...headers },
    body,
  });
  return status;
}

describe('an agent with a certificate', () => {
  it('pushes without a token, under its own name, until it is shut out, and again when it is let in', async () => {
    const { page, agents, certify, body, head, shut, clock } = await collector();
    const files = await certify('inner-1');
    expect(await pushBy(page, files, { body })).toBe(204);
    const [series] = [
      ...head.select([{ name: METRIC_NAME, op: '=', value: 'a' }], 0, Number.MAX_SAFE_INTEGER),
    ];
    expect(series?.labels).toMatchObject({ instance: 'inner-1' });
    expect(await agents.list()).toMatchObject([{ name: 'inner-1', zone: 'inner' }]);
    await shut('inner-1', clock.nowMs());
    expect(await pushBy(page, files, { body })).toBe(401);
    await shut('inner-1', undefined);
    expect(await pushBy(page, files, { body })).toBe(204);
  });

  it('is replaced by the next of its name: the certificate before is good no more', async () => {
    const { page, certify, body } = await collector();
    const before = await certify('inner-1');
    const after = await certify('inner-1');
    expect([await pushBy(page, before, { body }), await pushBy(page, after, { body })]).toEqual([401, 204]);
  });

  it('cannot be played by a certificate of another authority, by none, nor by a fingerprint as a token', async () => {
    const { page, certify, body } = await collector();
    const files = await certify('inner-1');
    const stranger = await (await collector()).certify('inner-1');
    expect(await pushBy(page, { ...stranger, 'ca.crt': files['ca.crt'] ?? '' }, { body })).toBe(401);
    const { 'ca.crt': ca = '' } = files;
    expect(await pushBy(page, { 'ca.crt': ca }, { body })).toBe(401);
    const { fingerprint256 } = new X509Certificate(files['agent.crt'] ?? '');
    for (const token of [fingerprint256, `certificate ${fingerprint256}`]) {
      const headers = { authorization: `Bearer ${token}` };
      expect(await pushBy(page, { 'ca.crt': ca }, { body, headers })).toBe(401);
    }
  });

  it('may only write: other routes know nobody by a certificate', async () => {
    const { page, certify } = await collector();
    const { 'ca.crt': ca, 'agent.crt': cert, 'agent.key': key } = await certify('inner-1');
    const own = { ca, cert, key };
    const act = { ...own, method: 'DELETE' };
    expect((await ask(`${page}/api/session`, act)).status).toBe(403);
  });

  it('is refused names that are none, and a collector whose pages are in the clear', async () => {
    const { agents, certify } = await collector();
    await expect(certify('../x')).rejects.toMatchObject({ code: 'invalid_request' });
    const { clock } = await testCertificate();
    const plain = certifyAgent({ agents, https: {}, clock }, { zone: 'inner', name: 'a' }, WHO);
    await expect(plain).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('the agent beside the collector', () => {
  it('pushes in the clear, as what it says never leaves the machine, but must show its token', async () => {
    const { push, agents, body } = await collector();
    const token = await agents.makeToken('inner', WHO);
    const { credential } = await agents.join(token, 'local-1', '127.0.0.1');
    const connection = connectTo({ url: push });
    onTestFinished(() => connection.agent.destroy());
    const by = (bearer: string) =>
      post(connection, '/api/v1/write', {
        headers: { ...REMOTE_WRITE_HEADERS, authorization: `Bearer ${bearer}` },
        body,
      });
    expect((await by(credential)).status).toBe(204);
    expect((await by('guess')).status).toBe(401);
  });
});
