// Durable writes through the HTTP interface: each is a transaction with its audit line, on the disk before it is answered.
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { signedInOf, type ApiPlugin } from '../../collector/api/api.ts';
import { createSessions } from '../../collector/api/auth/sessions.ts';
import { startServer } from '../../collector/api/server.ts';
import { addAccount } from '../../collector/records/accounts.ts';
import { audited, verifyAudit } from '../../collector/records/audit.ts';
import { openRecords } from '../../collector/records/open.ts';
import { peopleSettings } from '../../config/people.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { makeFolder } from '../support/folder.ts';
import { silentLog } from '../support/silent-log.ts';
import { stores, type Store } from '../support/stores.ts';
import { printFigures, quantile } from './figures.ts';

const DURATION_MS = 10_000;
const WRITERS = 16;
/** One address may ask 1,200 times a minute; each writer comes from several of loopback. */
const ADDRESSES = 8;

const figures: Record<string, number> = {};
for (const store of await stores()) {
  const { perSecond, p99Ms } = await measure(store);
  const name = store.name === 'SQLite' ? 'sqlite' : 'postgres';
  figures[`writes_per_s_${name}`] = perSecond;
  figures[`write_p99_ms_${name}`] = p99Ms;
}
printFigures('records', figures);

async function measure({ make }: Store): Promise<{ perSecond: number; p99Ms: number }> {
  const folder = makeFolder();
  const { settings, remove } = make();
  const records = await openRecords(join(folder, 'data'), settings);
  const { db } = records;
  const clock = systemClock;
  const sessions = createSessions({ db, clock, people: () => peopleSettings() });
  const account = await addAccount(db, {
    name: 'operator',
    displayName: 'Operator',
    roles: ['operator'],
    language: 'en',
    passwordHash: '-',
    createdAtMs: clock.nowMs(),
    isDemonstration: false,
  });
  const cookie = `watchkeeper_session=${await sessions.begin(db, account.id, { origin: '127.0.0.1', browser: 'bench' })}`;
  /** One line of the audit for each request, and nothing else: the route is one that the table knows. */
  const writing: ApiPlugin = (api) => {
    api.post('/api/v2/alerts', async (asked) => {
      const { account: who } = signedInOf(asked);
      const entry = {
        atMs: clock.nowMs(),
        who: who.name,
        action: 'bench',
        target: 'bench',
        origin: asked.ip,
      };
      await audited(db, { ...entry, after: asked.body }, async () => undefined);
      return { isWritten: true };
    });
  };
  const server = await startServer({
    log: silentLog(),
    listen: '127.0.0.1:0',
    webFolder: folder,
    door: { ...sessions, program: async () => undefined },
    live: { accept: (_request, socket) => socket.end() },
    faults: () => [],
    plugins: [writing],
  });
  const latenciesMs: number[] = [];
  const beganMs = performance.now();
  await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) =>
      write(server.page, cookie, { writer, beganMs, latenciesMs }),
    ),
  );
  const seconds = (performance.now() - beganMs) / 1000;
  const { lines, broken } = await verifyAudit(db);
  if (broken !== undefined || lines !== latenciesMs.length)
    throw new Error(`${lines} lines of ${latenciesMs.length} writes`);
  await server.stop();
  await records.close();
  await remove();
  rmSync(folder, { recursive: true, force: true });
  return { perSecond: latenciesMs.length / seconds, p99Ms: quantile(latenciesMs, 0.99) };
}

async function write(
  page: string,
  cookie: string,
  { writer, beganMs, latenciesMs }: { writer: number; beganMs: number; latenciesMs: number[] },
): Promise<void> {
  const agents = Array.from(
    { length: ADDRESSES },
    (_, index) => new Agent({ keepAlive: true, localAddress: `127.0.${1 + writer}.${1 + index}` }),
  );
  for (let number = 0; performance.now() - beganMs < DURATION_MS; number += 1) {
    const startedMs = performance.now();
    const body = JSON.stringify({ reason: `更换漏水传感器 ${writer}-${number}` });
    const asked = request(`${page}/api/v2/alerts`, {
      method: 'POST',
      agent: agents[number % ADDRESSES],
      headers: {
        cookie,
        origin: page,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    if (answer.statusCode !== 200) throw new Error(`answered with ${answer.statusCode}`);
    latenciesMs.push(performance.now() - startedMs);
  }
  for (const agent of agents) agent.destroy();
}
