import { signal, type ReadonlySignal } from '@preact/signals';
import { DeviceFullError, type LocalPack, type LocalRound, type RoundStore } from './store.ts';

export interface HeldStore extends RoundStore {
  /** Something is on the page only: it is gone when the page is closed. */
  readonly isFull: ReadonlySignal<boolean>;
}

/**
 * A store that holds in the page's memory what the device has no room for, so that it can still be sent; and puts it
 * on the device as soon as there is room.
 */
export function holdingStore(store: RoundStore): HeldStore {
  const rounds = new Map<string, LocalRound>();
  const photos = new Map<string, Blob>();
  let lacksPack = false;
  const isFull = signal(false);
  const tell = (): void => {
    isFull.value = rounds.size + photos.size > 0 || lacksPack;
  };
  /** Whether there was room. */
  async function fits(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof DeviceFullError)) throw error;
      return false;
    }
  }
  async function save(local: LocalRound): Promise<void> {
    const { id } = local.round;
    // Until it is known the page's is the newer one.
    rounds.set(id, local);
    if ((await fits(() => store.save(local))) && rounds.get(id) === local) rounds.delete(id);
    tell();
  }
  async function savePhoto(id: string, photo: Blob): Promise<void> {
    photos.set(id, photo);
    if (await fits(() => store.savePhoto(id, photo))) photos.delete(id);
    tell();
  }
  async function putDown(): Promise<void> {
    for (const [id, photo] of photos) await savePhoto(id, photo);
    for (const local of rounds.values()) await save(local);
  }
  return {
    isFull,
    save,
    savePhoto,
    pack: () => store.pack(),
    async savePack(pack: LocalPack) {
      lacksPack = !(await fits(() => store.savePack(pack)));
      tell();
    },
    async rounds() {
      const kept = await store.rounds();
      return [...kept.filter(({ round }) => !rounds.has(round.id)), ...rounds.values()];
    },
    photo: async (id) => photos.get(id) ?? store.photo(id),
    async remove(local) {
      await store.remove(local);
      rounds.delete(local.round.id);
      await putDown();
      tell();
    },
  };
}
