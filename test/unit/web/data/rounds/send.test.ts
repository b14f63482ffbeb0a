import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../../../web/data/api.ts';
import { createRoundsDesk } from '../../../../../web/data/rounds/desk.ts';
import { sendWaiting, type SendDeps } from '../../../../../web/data/rounds/send.ts';
import {
  DeviceStorageError,
  type LocalPack,
  type LocalRound,
  type RoundStore,
} from '../../../../../web/data/rounds/store.ts';
import type { HandedIn, RoundHandIn } from '../../../../../config/model/round-api.ts';
import { roundTemplate, walkedRound } from '../../../../support/rounds.ts';

/** What a browser keeps, in memory. */
function fakeStore(): RoundStore {
  let pack: LocalPack | undefined;
  const rounds = new Map<string, LocalRound>();
  const photos = new Map<string, Blob>();
  return {
    pack: async () => pack,
    async savePack(fresh) {
      pack = fresh;
    },
    rounds: async () => [...rounds.values()],
    async save(local) {
      rounds.set(local.round.id, local);
    },
    photo: async (id) => photos.get(id),
    async savePhoto(id, photo) {
      photos.set(id, photo);
    },
    async remove({ round }) {
      rounds.delete(round.id);
    },
  };
}

/** One whose device may have no room. */
function fullableStore(): RoundStore & { isFull: boolean } {
  const store = fakeStore();
  return {
    ...store,
    isFull: false,
    async save(local) {
      if (this.isFull) throw new DeviceStorageError();
      await store.save(local);
    },
  };
}

function waiting(id: string, endedAtMs: number, photos: readonly string[] = []): LocalRound {
  const round = walkedRound();
  const [first, ...others] = round.visits;
  if (first === undefined) throw new Error('no visit');
  const answers = first.answers.map((answer, index) => ({ ...answer, photos: index === 0 ? photos : [] }));
  const visits = [{ ...first, answers }, ...others];
  return {
    template: roundTemplate(),
    round: { ...round, id, endedAtMs, visits },
    state: { kind: 'waiting' },
  };
}

const taken = ({ round }: RoundHandIn): Answer<HandedIn> => ({
  ok: true,
  body: { id: round.id, receivedAtMs: 9, judged: { result: 'normal', items: [], doubts: [] } },
});
const refusal = (code: 'unreachable' | 'conflict'): Answer<never> => ({
  ok: false,
  refusal: { code, message: code, faults: [] },
});

async function rig(answer: (body: RoundHandIn) => Answer<HandedIn>, ...rounds: readonly LocalRound[]) {
  const store = fakeStore();
  for (const local of rounds) await store.save(local);
  const calls: string[] = [];
  const deps: SendDeps = {
    store,
    phoneNowMs: () => 77.4,
    async handIn(body) {
      calls.push(`${body.round.id} ${body.phoneNowMs}`);
      return answer(body);
    },
    async putPhoto(id) {
      calls.push(`photo ${id}`);
      return { ok: true, body: {} };
    },
  };
  return { store, calls, deps };
}

describe('rounds that wait', () => {
  it('are sent in the order in which they were walked, photos first, with the clock of the phone', async () => {
    const { store, calls, deps } = await rig(taken, waiting('b', 2, ['p1']), waiting('a', 1));
    await store.savePhoto('p1', new Blob(['x']));
    expect((await sendWaiting(deps)).map(({ state }) => state.kind)).toEqual(['sent', 'sent']);
    expect(calls).toEqual(['a 77', 'photo p1', 'b 77']);
  });

  it('go on waiting without a connection, and those after them too', async () => {
    const { store, calls, deps } = await rig(() => refusal('unreachable'), waiting('a', 1), waiting('b', 2));
    expect(await sendWaiting(deps)).toEqual([]);
    expect(calls).toEqual(['a 77']);
    expect((await store.rounds()).map(({ state }) => state.kind)).toEqual(['waiting', 'waiting']);
  });

  it('go on waiting while the device does not give their photos', async () => {
    const { store, calls, deps } = await rig(taken, waiting('a', 1, ['f'.repeat(64)]));
    const photo = async () => {
      throw new DeviceStorageError();
    };
    await sendWaiting({ ...deps, store: { ...store, photo } });
    expect([calls, (await store.rounds()).map(({ state }) => state.kind)]).toEqual([[], ['waiting']]);
  });

  it('that are refused say why, and do not hold up the others', async () => {
    const { store, deps } = await rig(
      (body) => (body.round.id === 'a' ? refusal('conflict') : taken(body)),
      waiting('a', 1),
      waiting('b', 2),
    );
    await sendWaiting(deps);
    expect((await store.rounds()).map(({ state }) => state)).toMatchObject([
      { kind: 'refused', why: 'conflict' },
      { kind: 'sent' },
    ]);
  });
});

describe('the desk of rounds', () => {
  const offline = {
    roundPack: async () => refusal('unreachable'),
    handInRound: async () => refusal('unreachable'),
    putRoundPhoto: async () => refusal('unreachable'),
  };

  it('keeps on the page what the device has no room for, says so, and sends it from there', async () => {
    let isOffline = true;
    const device = fullableStore();
    const desk = createRoundsDesk({
      store: device,
      api: { ...offline, handInRound: async (body) => (isOffline ? refusal('unreachable') : taken(body)) },
      phoneNowMs: () => 5,
      newId: () => 'new',
    });
    await desk.open();
    device.isFull = true;
    const id = await desk.begin(roundTemplate(), { isPaper: false, walkedBy: 'anna' });
    expect([id, desk.isOnPageOnly.value, desk.rounds.value.length]).toEqual(['new', true, 1]);
    await desk.finish(id, '');
    expect(desk.rounds.value[0]?.state.kind).toBe('waiting');
    isOffline = false;
    await desk.send();
    const [local] = desk.rounds.value;
    expect([local?.state.kind, await device.rounds()]).toEqual(['sent', []]);
    if (local !== undefined) await desk.drop(local);
    expect([desk.isOnPageOnly.value, desk.rounds.value.length]).toEqual([false, 0]);
  });

  it('gives up rounds that the collector has before it holds others on the page', async () => {
    const device = fullableStore();
    const names = ['sent', 'next'];
    const desk = createRoundsDesk({
      store: {
        ...device,
        remove: async (local) => {
          await device.remove(local);
          device.isFull = false;
        },
        save: (local) => device.save(local),
      },
      api: { ...offline, handInRound: async (body) => taken(body) },
      phoneNowMs: () => 5,
      newId: () => names.shift() ?? '',
    });
    const more = { isPaper: false, walkedBy: 'anna' };
    await desk.finish(await desk.begin(roundTemplate(), more), '');
    device.isFull = true;
    await desk.begin(roundTemplate(), more);
    expect((await device.rounds()).map(({ round }) => round.id)).toEqual(['next']);
    expect(desk.isOnPageOnly.value).toBe(false);
  });

  it('goes on where the device gives nothing at all, and reads it once it does', async () => {
    const kept = waiting('kept', 3);
    const device = fakeStore();
    await device.save(kept);
    let isBroken = true;
    const desk = createRoundsDesk({
      store: new Proxy(device, {
        get: (store, name: keyof RoundStore) =>
          isBroken ? async () => Promise.reject(new DeviceStorageError()) : store[name],
      }),
      api: offline,
      phoneNowMs: () => 5,
      newId: () => 'new',
    });
    await desk.open();
    await desk.begin(roundTemplate(), { isPaper: false, walkedBy: 'anna' });
    expect([desk.isOnPageOnly.value, desk.rounds.value.length]).toEqual([true, 1]);
    isBroken = false;
    await desk.change('new', (local) => local);
    await desk.open();
    expect(desk.rounds.value.map(({ round }) => round.id).toSorted()).toEqual(['kept', 'new']);
    expect(desk.isOnPageOnly.value).toBe(false);
  });

  it('puts on the device what it holds as soon as there is room', async () => {
    const device = fullableStore();
    const names = ['first', 'second'];
    const desk = createRoundsDesk({
      store: device,
      api: offline,
      phoneNowMs: () => 5,
      newId: () => names.shift() ?? '',
    });
    await desk.open();
    const more = { isPaper: false, walkedBy: 'anna' };
    await desk.begin(roundTemplate(), more);
    device.isFull = true;
    await desk.begin(roundTemplate(), more);
    expect(desk.isOnPageOnly.value).toBe(true);
    device.isFull = false;
    const first = desk.rounds.value.find(({ round }) => round.id === 'first');
    if (first !== undefined) await desk.drop(first);
    expect((await device.rounds()).map(({ round }) => round.id)).toEqual(['second']);
    expect(desk.isOnPageOnly.value).toBe(false);
  });

  it('knows the hour of the site by what the collector said, though the clock of the phone is a day off', async () => {
    const day = 86_400_000;
    const device = fakeStore();
    const pack = {
      madeAtMs: 10 * day,
      account: 'anna',
      timeZone: 'UTC',
      templates: [],
      due: [],
      sensors: {},
    };
    const deps = { store: device, phoneNowMs: () => 9 * day, newId: () => '' };
    const desk = createRoundsDesk({
      ...deps,
      api: {
        ...offline,
        roundPack: async () => ({ ok: true, body: { ...pack, codes: { salt: '', hashes: {} } } }),
      },
    });
    await desk.refresh();
    expect([desk.nowMs(), desk.siteNowMs()]).toEqual([9 * day, 10 * day]);
    const later = createRoundsDesk({ ...deps, phoneNowMs: () => 9 * day + 5, api: offline });
    await later.refresh();
    expect(later.siteNowMs()).toBe(10 * day + 5);
  });
});
