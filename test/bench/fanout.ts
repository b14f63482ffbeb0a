// A thousand people online with the board of the watch open. `update`: from the collector's making a change to each of
// their sockets; `act`: from a person's pressing the button, its durable commit included; every board then asks anew.
import { Agent, request, type RequestOptions } from 'node:http';
import { parseArgs } from 'node:util';
import { rmSync } from 'node:fs';
import { WebSocket } from 'ws';
import { createSessions } from '../../collector/api/auth/sessions.ts';
import { addAccount } from '../../collector/records/accounts.ts';
import { openRecords } from '../../collector/records/open.ts';
import { inTransaction } from '../../collector/records/transaction.ts';
import type { CommandPreview } from '../../config/model/command.ts';
import { peopleSettings } from '../../config/people.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { makeFolder } from '../support/folder.ts';
import { descendantWith } from '../support/processes.ts';
import { startWatchkeeper } from '../support/watchkeeper.ts';
import { cpuSeconds, printFigures, quantile } from './figures.ts';

const { values } = parseArgs({
  options: { viewers: { type: 'string', default: '1000' }, acts: { type: 'string', default: '30' } },
});
const VIEWERS = Number(values.viewers);
const ACTS = Number(values.acts);
const ACT_EACH_MS = 2_000;
/** As the page does; see `useRefreshed` in `web/parts/refreshed.ts`. */
const BOARD_EACH_MS = 10_000;

const data = makeFolder();
const people = await comeIn();
const program = await startWatchkeeper({ data });
const collector = descendantWith(program.process.pid ?? 0, 'collector/main.ts');
const origin = program.url;
const agent = new Agent({ keepAlive: true, maxSockets: VIEWERS });

const updatesMs: number[] = [];
const actsMs: number[] = [];
const boardsMs: number[] = [];
const asking = new Set<Promise<string>>();
let actedAtMs: number | undefined;
const sockets = await Promise.all(people.map(watch));
const polling = people.map((person, index) =>
  setTimeout(
    () => {
      void board(person);
      timers.push(setInterval(() => void board(person), BOARD_EACH_MS));
    },
    (index / VIEWERS) * BOARD_EACH_MS,
  ),
);
const timers: NodeJS.Timeout[] = [];
await pause(BOARD_EACH_MS);

for (const list of [updatesMs, actsMs, boardsMs]) list.length = 0;
const beganMs = performance.now();
const cpuBefore = cpuSeconds(collector);
for (let act = 0; act < ACTS; act += 1) {
  const person = people[act % VIEWERS];
  if (person !== undefined) await write(person, `act ${act}`);
  await pause(ACT_EACH_MS);
}
const seconds = (performance.now() - beganMs) / 1_000;
const cores = (cpuSeconds(collector) - cpuBefore) / seconds;
for (const timer of [...polling, ...timers]) clearTimeout(timer);
for (const socket of sockets) socket.terminate();
await Promise.all(asking);
agent.destroy();
await program.stop();
rmSync(data, { recursive: true, force: true });
printFigures('fanout', {
  viewers: VIEWERS,
  acts: ACTS,
  update_p50_ms: quantile(updatesMs, 0.5),
  update_p99_ms: quantile(updatesMs, 0.99),
  act_p50_ms: quantile(actsMs, 0.5),
  act_p99_ms: quantile(actsMs, 0.99),
  board_p99_ms: quantile(boardsMs, 0.99),
  boards_per_second: boardsMs.length / seconds,
  updates_per_second: updatesMs.length / seconds,
  server_cpu_cores: cores,
});

/** Who is at a page, and at which address: each has one of loopback's own, as the collector counts requests by it. */
interface Viewer {
  readonly cookie: string;
  readonly localAddress: string;
}

/** An account and a session for each, as after a sign-in. */
async function comeIn(): Promise<readonly Viewer[]> {
  const records = await openRecords(data);
  const sessions = createSessions({ db: records.db, clock: systemClock, people: () => peopleSettings() });
  const made = await inTransaction(records.db, async (step) => {
    const viewers: Viewer[] = [];
    for (let index = 0; index < VIEWERS; index += 1) {
      const localAddress = `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}`;
      const { id } = await addAccount(step, {
        name: `viewer${index}`,
        displayName: `Viewer ${index}`,
        roles: ['operator'],
        language: 'en',
        passwordHash: '-',
        createdAtMs: systemClock.nowMs(),
        isDemonstration: false,
      });
      const token = await sessions.begin(step, id, { origin: localAddress, browser: 'bench' });
      viewers.push({ cookie: `watchkeeper_session=${token}`, localAddress });
    }
    return viewers;
  });
  await records.close();
  return made;
}

/** A page of the board: what it hears of an act is an update, and has it ask for the whole board. */
async function watch(viewer: Viewer): Promise<WebSocket> {
  const { cookie, localAddress } = viewer;
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/live`, {
    headers: { cookie, origin },
    localAddress,
  });
  await new Promise((opened, failed) => {
    socket.on('open', opened);
    socket.on('error', failed);
  });
  socket.send('{"type":"subscribe","topics":["overview"]}');
  socket.on('message', (bytes: Buffer) => {
    const told = /^\{"type":"delta","seq":\d+,"atMs":(\d+),/.exec(bytes.toString('latin1', 0, 80));
    if (told === null) return;
    updatesMs.push(systemClock.nowMs() - Number(told[1]));
    if (actedAtMs === undefined || !bytes.includes('["watch",')) return;
    actsMs.push(performance.now() - actedAtMs);
    void board(viewer);
  });
  return socket;
}

async function board({ cookie, localAddress }: Viewer): Promise<void> {
  const beforeMs = performance.now();
  const asked = ask({ path: '/api/watch', localAddress, headers: { cookie } });
  asking.add(asked);
  await asked;
  asking.delete(asked);
  boardsMs.push(performance.now() - beforeMs);
}

/** A line of the log: the board of everybody changes. */
async function write({ cookie, localAddress }: Viewer, text: string): Promise<void> {
  const input = { text, tags: [], attachments: [] };
  const headers = { cookie, origin, 'content-type': 'application/json' };
  const order = { method: 'POST', path: '/api/commands/write-log', localAddress, headers } as const;
  const preview = await ask(order, { mode: 'preview', input });
  const { version } = JSON.parse(preview) as CommandPreview;
  actedAtMs = performance.now();
  await ask(order, { mode: 'do', input, version });
}

function ask(options: RequestOptions, body?: object): Promise<string> {
  return new Promise((done, failed) => {
    const asked = request(origin, { ...options, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) done(text);
        else failed(new Error(`${options.path} answered with ${response.statusCode}: ${text}`));
      });
    });
    asked.on('error', failed);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function pause(ms: number): Promise<void> {
  await new Promise((next) => setTimeout(next, ms));
}
