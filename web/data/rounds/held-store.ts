import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { photosOf } from '../../../config/model/round.ts';
import { DeviceStorageError, type LocalPack, type LocalRound, type RoundStore } from './store.ts';

export interface HeldStore extends RoundStore {
  /** The device keeps nothing, or not all: what it does not keep is gone when the page is closed. */
  readonly isOnPageOnly: ReadonlySignal<boolean>;
}

/** What of the device's refusals is known, and ways to bear them. */
function bearing(store: RoundStore) {
  const isRefused = signal(false);
  async function tried<T>(act: () => Promise<T>): Promise<T> {
    try {
      const done = await act();
      isRefused.value = false;
      return done;
    } catch (error) {
      isRefused.value = true;
      throw error;
    }
  }
  /** What was read, or something else where the device gives nothing. */
  async function readOr<T>(act: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await tried(act);
    } catch (error) {
      if (error instanceof DeviceStorageError) return otherwise;
      throw error;
    }
  }
  const isKept = (act: () => Promise<void>): Promise<boolean> =>
    readOr(async () => {
      await act();
      return true;
    }, false);
  /** Whether the device keeps it, once it has given up what the collector has. */
  async function fits(act: () => Promise<void>): Promise<boolean> {
    if (await isKept(act)) return true;
    const sent = (await readOr(() => store.rounds(), [])).filter(({ state }) => state.kind === 'sent');
    let isFreed = false;
    for (const one of sent) isFreed = (await isKept(() => store.remove(one))) || isFreed;
    if (isFreed) return isKept(act);
    isRefused.value = true;
    return false;
  }
  return { isRefused, tried, readOr, isKept, fits };
}

/** What the device does not keep, by name. */
function heldThings<T>(put: (name: string, thing: T, isNewest: () => boolean) => Promise<boolean>) {
  const things = new Map<string, T>();
  const count = signal(0);
  const tell = (): void => {
    count.value = things.size;
  };
  /** Whether the device keeps it now. */
  async function putDown(name: string, thing: T): Promise<boolean> {
    const isNewest = (): boolean => things.get(name) === thing;
    const isDown = await put(name, thing, isNewest);
    if (isDown && isNewest()) things.delete(name);
    tell();
    return isDown;
  }
  return {
    things,
    count,
    putDown,
    hold(name: string, thing: T): Promise<boolean> {
      // Until it is known the page's is the newer one.
      things.set(name, thing);
      return putDown(name, thing);
    },
    drop(name: string): void {
      things.delete(name);
      tell();
    },
  };
}

const PACK = 'pack';

/**
 * A store that holds in the page's memory what the device does not keep, so that it can still be sent; and puts it on
 * the device as soon as that keeps something again. Rounds that were handed in make room for those that were not.
 */
export function holdingStore(store: RoundStore): HeldStore {
  const { isRefused, tried, readOr, isKept, fits } = bearing(store);
  const rounds = heldThings<LocalRound>((_id, local, isNewest) =>
    fits(async () => {
      // While this was tried again a newer one may have been kept.
      if (isNewest()) await store.save(local);
    }),
  );
  const photos = heldThings<Blob>((id, photo) => fits(() => store.savePhoto(id, photo)));
  const packs = heldThings<LocalPack>((_name, pack) => fits(() => store.savePack(pack)));
  /** Until the first that does not fit. */
  async function putAllDown(): Promise<void> {
    for (const held of [photos, rounds, packs] as readonly ReturnType<typeof heldThings<unknown>>[])
      for (const [name, thing] of held.things) if (!(await held.putDown(name, thing))) return;
  }
  return {
    isOnPageOnly: computed(
      () => isRefused.value || rounds.count.value + photos.count.value + packs.count.value > 0,
    ),
    async save(local) {
      if (await rounds.hold(local.round.id, local)) await putAllDown();
    },
    async savePhoto(id, photo) {
      if (await photos.hold(id, photo)) await putAllDown();
    },
    async savePack(pack) {
      await packs.hold(PACK, pack);
    },
    pack: async () => packs.things.get(PACK) ?? readOr(() => store.pack(), undefined),
    async rounds() {
      const kept = await readOr(() => store.rounds(), []);
      return [...kept.filter(({ round }) => !rounds.things.has(round.id)), ...rounds.things.values()];
    },
    photo: async (id) => photos.things.get(id) ?? tried(() => store.photo(id)),
    async remove(local) {
      rounds.drop(local.round.id);
      for (const id of photosOf(local.round)) photos.drop(id);
      if (await isKept(() => store.remove(local))) await putAllDown();
    },
  };
}
