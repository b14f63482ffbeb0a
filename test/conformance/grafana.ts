import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCollectorProgram, type CollectorPeer } from '../support/peers.ts';
import type { Suite } from './suite.ts';

interface Asked {
  readonly why: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  /** One word, or several with "or" between. */
  readonly resultType?: string;
  /** Places of the body that must hold something. */
  readonly needs?: readonly string[];
  /** 200 where none is stated. */
  readonly status?: number;
}

const SITE = `name: Conformance
rooms: [{ id: main, name: Main }]
devices: [{ id: none, name: None, kind: other, room: main, snmp: { host: 127.0.0.1, port: 9 } }]
`;

/** The requests that Grafana's data source makes, before a collector that runs. */
export const grafana: Suite = {
  name: 'grafana',
  async run(folder) {
    const requests = JSON.parse(readFileSync(join(folder, 'requests.json'), 'utf8')) as readonly Asked[];
    const collector = await startCollectorProgram({ 'site.yaml': SITE, 'collector.yaml': 'agents: []\n' });
    const failures: string[] = [];
    try {
      for (const asked of requests) {
        const fault = await faultOf(asked, collector);
        if (fault !== undefined) failures.push(`${asked.method} ${asked.path} (${asked.why}): ${fault}`);
      }
    } finally {
      await collector.stop();
    }
    return { passed: requests.length - failures.length, total: requests.length, failures };
  },
};

/** What is wrong with the answer to a request. */
async function faultOf(asked: Asked, { page, cookie }: CollectorPeer): Promise<string | undefined> {
  const { method, path, form } = asked;
  const answer = await fetch(`${page}${path}`, {
    method,
    headers: { cookie, origin: page },
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
  });
  const text = await answer.text();
  if (answer.status !== (asked.status ?? 200)) return `answered ${answer.status} ${text}`;
  const body: unknown = JSON.parse(text);
  return answer.ok ? faultIn(body, asked) : faultInRefusal(body);
}

function faultInRefusal(body: unknown): string | undefined {
  const isRight = at(body, 'status') === 'error' && at(body, 'errorType') === 'bad_data';
  return isRight && at(body, 'error') !== '' ? undefined : `said ${JSON.stringify(body)}`;
}

function faultIn(body: unknown, { resultType, needs = [] }: Asked): string | undefined {
  if (at(body, 'status') !== 'success') return `said ${JSON.stringify(body)}`;
  const type = String(at(body, 'data.resultType'));
  if (resultType !== undefined && !resultType.split(' or ').includes(type)) return `is of type ${type}`;
  const missing = needs.find((place) => at(body, place) === undefined);
  return missing === undefined ? undefined : `has no ${missing}`;
}

/** What stands at a place like `data.version`. */
function at(body: unknown, place: string): unknown {
  return place
    .split('.')
    .reduce<unknown>((part, name) => (part as Readonly<Record<string, unknown>> | undefined)?.[name], body);
}
