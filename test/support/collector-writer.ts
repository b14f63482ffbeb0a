import { startCollector } from '../../collector/app.ts';
import type { CommandPreview } from '../../config/model/command.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { silentLog } from './silent-log.ts';

/** What the process is told to do, in JSON as its argument, until it is killed. */
export interface CollectorOrder {
  readonly config: string;
  readonly data: string;
  /** The number that it begins with. */
  readonly first: number;
}

const WRITERS = 4;

/** A whole collector, and people who write to it over HTTP; prints the number of each write that was answered. */
const { config, data, first } = JSON.parse(process.argv[2] ?? '') as CollectorOrder;
const { addresses } = await startCollector({
  configFolder: config,
  dataFolder: data,
  env: { ...process.env, WATCHKEEPER_DEMO_LOGIN: '1', WATCHKEEPER_LISTEN: '127.0.0.1:0' },
  clock: systemClock,
  log: silentLog(),
});
const page = addresses['page'] ?? '';

async function post(path: string, body: object, cookie = ''): Promise<Response> {
  const headers = { 'content-type': 'application/json', origin: page, cookie };
  const answer = await fetch(page + path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered with ${answer.status}: ${await answer.text()}`);
  return answer;
}

const { demoName: name, demoPassword: password } = addresses;
const signedIn = await post('/api/session', { name, password });
const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
let next = first;

async function write(): Promise<void> {
  for (;;) {
    const number = next;
    next += 1;
    const input = { name: `token ${number}`, scopes: ['records:read'], days: 1 };
    const preview = await post('/api/commands/add-token', { mode: 'preview', input }, cookie);
    const { version } = (await preview.json()) as CommandPreview;
    await post('/api/commands/add-token', { mode: 'do', input, version }, cookie);
    process.stdout.write(`${number}\n`);
  }
}

await Promise.all(Array.from({ length: WRITERS }, write));
