import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { chance } from '../torture/mutations.ts';
import type { TellerOrder } from './teller.ts';

/** A process that tells of alerts is killed between any two of its steps; nobody may be left untold, or told twice anew. */
export interface AlertingTorture {
  /** One life of the process. */
  round(): Promise<void>;
  /**
   * A life that is not cut short; then the whole is looked at.
   * @throws {Error} saying what was lost, or told by two messages.
   */
  finish(): Promise<{ readonly alerts: number; readonly kills: number; readonly repeats: number }>;
}

const TELLER = join(import.meta.dirname, 'teller.ts');
/** More steps than one life takes; a life that is not cut short counts, too. */
const STEPS = 34;

interface Told {
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly { readonly fingerprint: string }[];
}

/** @param folder an empty one; the seed decides the moments, the same ones in each run. */
export async function tortureAlerting(folder: string, seed: number): Promise<AlertingTorture> {
  const random = chance(seed);
  const sinceMs = Date.UTC(2026, 0, 1);
  /** `NAME firing` → how often each message said so. */
  const heard = new Map<string, Map<string, number>>();
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { status, alerts } = body as Told;
      const id = String(request.headers['idempotency-key']);
      for (const { fingerprint } of alerts) {
        const key = `${fingerprint} ${status}`;
        const ids = heard.get(key) ?? new Map<string, number>();
        heard.set(key, ids.set(id, (ids.get(id) ?? 0) + 1));
      }
      response.end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  let made = 0;
  let kills = 0;

  const live = async (dieBeforeStep: number): Promise<void> => {
    const names = Array.from({ length: made }, (_none, index) => `alert${index}`);
    const isTold = (name: string, status: Told['status']): boolean => heard.has(`${name} ${status}`);
    const order: TellerOrder = {
      folder,
      port,
      sinceMs,
      dieBeforeStep,
      firing: names.filter((name) => !isTold(name, 'firing')),
      over: names.filter((name) => isTold(name, 'firing') && !isTold(name, 'resolved')),
    };
    const teller = spawn(process.execPath, [TELLER, JSON.stringify(order)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code, signal] = (await once(teller, 'exit')) as [number | null, string | null];
    if (signal === 'SIGKILL') kills += 1;
    else if (code !== 0) throw new Error(`the process that tells ended with ${code}`);
  };
  return {
    async round() {
      made += 2;
      await live(1 + random.below(STEPS));
    },
    async finish() {
      // Those that fire are told, then that they are over.
      await live(0);
      await live(0);
      server.close();
      const repeats = lostOrTwice(heard, made);
      return { alerts: made, kills, repeats };
    },
  };
}

/** How often a message came again. @throws {Error} naming what is not told by exactly one message. */
function lostOrTwice(heard: ReadonlyMap<string, ReadonlyMap<string, number>>, made: number): number {
  let repeats = 0;
  for (let index = 0; index < made; index += 1) {
    for (const status of ['firing', 'resolved']) {
      const key = `alert${index} ${status}`;
      const ids = heard.get(key);
      if (ids === undefined) throw new Error(`${key}: nobody was told`);
      if (ids.size > 1) throw new Error(`${key}: told by ${ids.size} messages, not by one and its repeats`);
      for (const count of ids.values()) repeats += count - 1;
    }
  }
  return repeats;
}
