import type { HandedIn, RoundPack } from '../../../config/model/round-api.ts';
import { photosOf, type RoundSubmission, type RoundTemplate } from '../../../config/model/round.ts';

/** A pack, and how far this device's clock was off when it came: the collector's less its own. */
export interface LocalPack extends RoundPack {
  readonly clockDifferenceMs: number;
}

/** A round as it lies on this device. */
export interface LocalRound {
  readonly round: RoundSubmission;
  /** The version that it is walked with stays with it, whatever becomes of the template meanwhile. */
  readonly template: RoundTemplate;
  readonly state: LocalState;
}

export type LocalState =
  | { readonly kind: 'walking' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'sent'; readonly handedIn: HandedIn };

/** What of rounds lies on this device: it outlives the page, the network and the collector. */
export interface RoundStore {
  pack(): Promise<LocalPack | undefined>;
  savePack(pack: LocalPack): Promise<void>;
  rounds(): Promise<readonly LocalRound[]>;
  save(round: LocalRound): Promise<void>;
  photo(id: string): Promise<Blob | undefined>;
  savePhoto(id: string, photo: Blob): Promise<void>;
  /** With the photos that only it has. */
  remove(round: LocalRound): Promise<void>;
}

/** The device has no room left. */
export class DeviceFullError extends Error {
  constructor(options?: ErrorOptions) {
    super('The storage of this device is full.', options);
    this.name = 'DeviceFullError';
  }
}

const DATABASE = 'watchkeeper-rounds';
const PACK = 'pack';

/** The store of the browser (IndexedDB). */
export function openRoundStore(indexedDb: IDBFactory): RoundStore {
  let opened: Promise<IDBDatabase> | undefined;
  const database = (): Promise<IDBDatabase> => {
    opened ??= open(indexedDb);
    return opened;
  };
  const get = async <T>(store: string, key: string): Promise<T | undefined> =>
    done<T | undefined>((await database()).transaction(store).objectStore(store).get(key));
  const put = async (store: string, value: unknown, key: string): Promise<void> => {
    const step = (await database()).transaction(store, 'readwrite', { durability: 'strict' });
    step.objectStore(store).put(value, key);
    await kept(step);
  };
  return {
    pack: () => get<LocalPack>(PACK, PACK),
    savePack: (pack) => put(PACK, pack, PACK),
    rounds: async () =>
      done<LocalRound[]>((await database()).transaction('rounds').objectStore('rounds').getAll()),
    save: (round) => put('rounds', round, round.round.id),
    photo: (id) => get<Blob>('photos', id),
    savePhoto: (id, photo) => put('photos', photo, id),
    async remove({ round }) {
      const step = (await database()).transaction(['rounds', 'photos'], 'readwrite');
      step.objectStore('rounds').delete(round.id);
      for (const photo of photosOf(round)) step.objectStore('photos').delete(photo);
      await kept(step);
    },
  };
}

function open(indexedDb: IDBFactory): Promise<IDBDatabase> {
  const request = indexedDb.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    for (const store of [PACK, 'rounds', 'photos']) request.result.createObjectStore(store);
  };
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(failure(request.error));
  });
}

function kept(step: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    step.oncomplete = () => resolve();
    step.onabort = () => reject(failure(step.error));
  });
}

function failure(error: DOMException | null): Error {
  if (error?.name === 'QuotaExceededError') return new DeviceFullError({ cause: error });
  return error ?? new Error('the storage of this device failed');
}
