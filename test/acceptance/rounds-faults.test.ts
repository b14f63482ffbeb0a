import { spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { launchSettings } from '../../collector/cli/supervise.ts';
import { DEMO_FOLDER } from '../../config/load.ts';
import type { RoundBody, RoundPack, RoundsBody } from '../../config/model/round-api.ts';
import type { ReadyMessage } from '../../config/runtime/program.ts';
import { createApi } from '../../web/data/api.ts';
import { createRoundsDesk } from '../../web/data/rounds/desk.ts';
import type { LocalRound, RoundStore } from '../../web/data/rounds/store.ts';
import { answerItem, proveAt } from '../../web/data/rounds/walk.ts';
import { photoId } from '../../collector/duty/rounds/photo.ts';
import { eventually } from '../support/eventually.ts';
import { folderWith } from '../support/folder.ts';
import { freePort } from '../support/free-port.ts';
import { photoBytes } from '../support/jpeg.ts';
import { BUILT_ENV, builtProgram } from '../support/programs.ts';
import { signedIn } from '../support/signed-in.ts';
import type { Watchkeeper } from '../support/watchkeeper.ts';

const WITHIN_MS = 60_000;
/** How long after the round has left the collector is killed: before it came, while it is taken, after it was answered. */
const AFTER_MS = [0, 1, 3, 6, 12, 25] as const;

/** What a phone keeps, in memory. */
function phoneStore(): RoundStore {
  const rounds = new Map<string, LocalRound>();
  const photos = new Map<string, Blob>();
  return {
    pack: async () => undefined,
    savePack: async () => undefined,
    rounds: async () => [...rounds.values()],
    save: async (local) => void rounds.set(local.round.id, local),
    photo: async (id) => photos.get(id),
    savePhoto: async (id, photo) => void photos.set(id, photo),
    remove: async ({ round }) => void rounds.delete(round.id),
  };
}

/**
 * The collector of the demonstration alone, on one address. It is started again as soon as it was killed: a supervisor would
 * wait longer each time.
 */
async function startCollector(): Promise<Pick<Watchkeeper, 'url' | 'account'> & { kill(): void }> {
  const args = [builtProgram('collector/main.ts'), '--config', DEMO_FOLDER, '--data', folderWith()];
  const { flags, env } = launchSettings('collector');
  const own = { WATCHKEEPER_LISTEN: `127.0.0.1:${await freePort()}`, WATCHKEEPER_DEMO_LOGIN: '1' };
  const launch = () =>
    spawn(process.execPath, [...flags, ...args], {
      env: { ...process.env, ...BUILT_ENV, ...env, ...own, WATCHKEEPER_LOG: 'error' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  let child = launch();
  onTestFinished(() => {
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
  });
  const { addresses } = await new Promise<ReadyMessage>((ready, failed) => {
    child.once('message', (message) => ready(message as ReadyMessage));
    child.once('exit', () => failed(new Error('the collector could not start')));
  });
  const { page = '', demoName = '', demoPassword = '' } = addresses;
  return {
    url: page,
    account: { name: demoName, password: demoPassword },
    kill() {
      child.once('exit', () => {
        child = launch();
      });
      child.kill('SIGKILL');
    },
  };
}

describe('a collector that is killed between a round and its answer', () => {
  it('has lost nothing and doubled nothing once the phone has sent it again', {
    timeout: 300_000,
  }, async () => {
    const program = await startCollector();
    const reader = await signedIn(program);
    /** What is done once a round has left, and whether its answer arrives. */
    let onRound: (() => void) | undefined;
    let isAnswerLost = false;
    const send = async (path: string, init: RequestInit): Promise<Response> => {
      const headers = {
        ...(init.headers as Record<string, string>),
        origin: program.url,
        cookie: reader.cookie,
      };
      const answer = fetch(`${program.url}${path}`, { ...init, headers });
      if (path !== '/api/rounds') return answer;
      onRound?.();
      const body = await answer;
      if (!isAnswerLost) return body;
      // It was taken, and nobody hears of it.
      program.kill();
      throw new TypeError('the connection is gone');
    };
    const store = phoneStore();
    const desk = createRoundsDesk({
      store,
      api: createApi(send),
      phoneNowMs: () => Date.now(),
      newId: () => crypto.randomUUID(),
    });
    const pack = await reader.get<RoundPack>('/api/rounds/pack');
    const template = pack.templates.find(({ id }) => id === 'weekly-main');
    const place = template?.checkpoints[0];
    const item = place?.items.find(({ type }) => type === 'check');
    if (template === undefined || place === undefined || item === undefined) throw new Error('no such round');
    await desk.open();
    const state = (id: string) => desk.rounds.value.find(({ round }) => round.id === id)?.state.kind;

    const walked: { readonly id: string; readonly photo: string }[] = [];
    async function walk(): Promise<string> {
      const bytes = photoBytes({ talk: `photo ${walked.length}` });
      const photo = photoId(bytes);
      await store.savePhoto(photo, new Blob([new Uint8Array(bytes)]));
      const id = await desk.begin(template as NonNullable<typeof template>, {
        isPaper: false,
        walkedBy: pack.account,
      });
      const at = { checkpoint: place?.id ?? '', item: item?.id ?? '' };
      await desk.change(id, (local, atMs) => proveAt(local, at.checkpoint, { way: 'none', code: '', atMs }));
      await desk.change(id, (local, atMs) =>
        answerItem(local, at, { value: false, note: 'loose', photos: [photo] }, atMs),
      );
      walked.push({ id, photo });
      await desk.finish(id, '');
      return id;
    }
    async function settle(id: string): Promise<void> {
      // Until it was answered the phone says that it waits; it is never refused, nor said to be gone.
      expect(['waiting', 'sent']).toContain(state(id));
      onRound = undefined;
      isAnswerLost = false;
      await eventually(async () => {
        await desk.send();
        expect(state(id)).toBe('sent');
        await reader.get('/api/site');
      }, WITHIN_MS);
    }

    for (const afterMs of AFTER_MS) {
      let killed: Promise<void> | undefined;
      onRound = () => {
        killed = new Promise((done) => {
          setTimeout(done, afterMs);
        }).then(() => program.kill());
      };
      const id = await walk();
      expect(killed).toBeDefined();
      await killed;
      await settle(id);
    }
    isAnswerLost = true;
    const last = await walk();
    expect(state(last)).toBe('waiting');
    await settle(last);

    const { rounds } = await reader.get<RoundsBody>('/api/rounds?limit=200&template=weekly-main');
    expect(rounds.map(({ id }) => id).toSorted()).toEqual(walked.map(({ id }) => id).toSorted());
    for (const { id, photo } of walked) {
      const body = await reader.get<RoundBody>(`/api/rounds/${id}`);
      expect([body.judged.result, body.tasks.length]).toEqual(['abnormal', 1]);
      const answer = await fetch(`${program.url}/api/rounds/photos/${photo}`, {
        headers: { cookie: reader.cookie },
      });
      expect(answer.status).toBe(200);
    }
  });
});
