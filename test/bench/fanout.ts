// A thousand people online with the board of the watch open, the room's readings going on. `update`: from a person's
// pressing the button, its durable commit included, until the board with what that person did is at the socket of each
// viewer; `last_viewer`: until it is at the slowest of them. `room_update`: from the collector's sending a change of the
// room to each socket. The viewers are one process of their own, as light as it gets: it tells the share it takes.
import { Agent, request, type RequestOptions } from 'node:http';
import { connect, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { rmSync } from 'node:fs';
import { createSessions } from '../../collector/api/auth/sessions.ts';
import { addAccount } from '../../collector/records/accounts.ts';
import { openRecords } from '../../collector/records/open.ts';
import { inTransaction } from '../../collector/records/transaction.ts';
import type { CommandDone, CommandName, CommandPreview } from '../../config/model/command.ts';
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
const ACT_EACH_MS = 1_000;
const SETTLE_MS = 5_000;
/** What stands on the board anyway. */
const ITEMS = 10;
const TRIES = 100;
// Empty frames of RFC 6455, 5.5: no text holds what a ping is.
const PING = Buffer.from([0x89, 0]);
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

const data = makeFolder();
const people = await comeIn();
const program = await startWatchkeeper({ data });
const collector = descendantWith(program.process.pid ?? 0, 'collector-main.js');
const origin = program.url;
const agent = new Agent({ keepAlive: true });

const updatesMs: number[] = [];
const lastViewersMs: number[] = [];
const roomMs: number[] = [];
/** What viewers wait to see on the board, since when, and who has not seen it. */
let awaited = { text: Buffer.from('nothing'), sinceMs: 0, viewers: new Set<number>() };
// One piece of memory for what all viewers hear: a read each, and nothing to be collected.
const heard = Buffer.alloc(512 * 1024);
const sockets = await Promise.all(people.map(watch));
for (let item = 0; item < ITEMS; item += 1) await openItem(`${item}. Filter of the air conditioner`);
await pause(SETTLE_MS);

roomMs.length = 0;
const beganMs = performance.now();
const cpuBefore = cpuSeconds(collector);
const ownBefore = cpuSeconds(process.pid);
for (let act = 0; act < ACTS; act += 1) {
  await closeItem(await toldToAll(`act-${act}.`));
  await pause(ACT_EACH_MS);
}
const seconds = (performance.now() - beganMs) / 1_000;
const cores = (cpuSeconds(collector) - cpuBefore) / seconds;
const ownCores = (cpuSeconds(process.pid) - ownBefore) / seconds;
for (const socket of sockets) socket.destroy();
agent.destroy();
await program.stop();
rmSync(data, { recursive: true, force: true });
printFigures('fanout', {
  viewers: VIEWERS,
  acts: ACTS,
  update_p50_ms: quantile(updatesMs, 0.5),
  update_p99_ms: quantile(updatesMs, 0.99),
  last_viewer_p50_ms: quantile(lastViewersMs, 0.5),
  last_viewer_p99_ms: quantile(lastViewersMs, 0.99),
  room_update_p99_ms: quantile(roomMs, 0.99),
  updates_per_second: (updatesMs.length + roomMs.length) / seconds,
  server_cpu_cores: cores,
  viewers_cpu_cores: ownCores,
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

/** A page of the board: a socket that looks for what is awaited in whatever comes. */
async function watch({ cookie, localAddress }: Viewer, viewer: number): Promise<Socket> {
  const { hostname: host, port } = new URL(origin);
  const hello = [
    'GET /api/live HTTP/1.1',
    `Host: ${host}:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
    `Origin: ${origin}`,
    `Cookie: ${cookie}`,
  ];
  return new Promise((opened, failed) => {
    const options = { host, port: Number(port), localAddress };
    const socket = connect({
      ...options,
      onread: {
        buffer: heard,
        callback(bytes) {
          const chunk = heard.subarray(0, bytes);
          if (chunk.includes(PING)) socket.write(PONG);
          hear(viewer, chunk);
          return true;
        },
      },
    });
    socket.on('error', failed);
    socket.on('connect', () => {
      socket.write(`${hello.join('\r\n')}\r\n\r\n`);
      socket.write(frameOf('{"type":"subscribe","topics":["overview","board"]}'));
      opened(socket);
    });
  });
}

/** A short text frame of a browser under a mask of zeros (RFC 6455, 5.2). */
function frameOf(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

function hear(viewer: number, bytes: Buffer): void {
  if (awaited.viewers.has(viewer) && bytes.includes(awaited.text)) {
    awaited.viewers.delete(viewer);
    updatesMs.push(performance.now() - awaited.sinceMs);
    return;
  }
  const told = /"type":"delta","seq":\d+,"atMs":(\d+),/.exec(bytes.toString('latin1', 0, 80));
  if (told !== null) roomMs.push(systemClock.nowMs() - Number(told[1]));
}

/** An item is written down; answers its number once everybody has it on the board. */
async function toldToAll(subject: string): Promise<number> {
  const item = await openItem(subject, () => {
    awaited = { text: Buffer.from(subject), sinceMs: performance.now(), viewers: new Set(people.keys()) };
  });
  for (let tries = 0; awaited.viewers.size > 0; tries += 1) {
    if (tries === TRIES) throw new Error(`${awaited.viewers.size} viewers were not told of ${subject}`);
    await pause(ACT_EACH_MS / 10);
  }
  lastViewersMs.push(Math.max(...updatesMs.slice(-VIEWERS)));
  return item;
}

async function openItem(subject: string, onPressed = (): void => undefined): Promise<number> {
  const input = { sort: 'carried', subject, description: 'To be cleaned next week', weight: 'plain' };
  const { result } = await give('open-item', input, onPressed);
  return (result as { readonly id: number }).id;
}

async function closeItem(item: number): Promise<void> {
  await give('close-item', { item, note: '' });
}

/** Looks at a command, then gives it. */
async function give(
  name: CommandName,
  input: object,
  onPressed = (): void => undefined,
): Promise<CommandDone> {
  const [viewer] = people;
  if (viewer === undefined) throw new Error('nobody is there');
  const { cookie, localAddress } = viewer;
  const headers = { cookie, origin, 'content-type': 'application/json' };
  const order = { method: 'POST', path: `/api/commands/${name}`, localAddress, headers } as const;
  const { version } = JSON.parse(await ask(order, { mode: 'preview', input })) as CommandPreview;
  onPressed();
  return JSON.parse(await ask(order, { mode: 'do', input, version })) as CommandDone;
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
