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

/** The device neither keeps nor gives: it is full, or its storage is broken or not allowed. */
export class DeviceStorageError extends Error {
  constructor(options?: ErrorOptions) {
    super('The storage of this device cannot be used.', options);
    this.name = 'DeviceStorageError';
  }
}

const DATABASE = 'watchkeeper-rounds';
const PACK = 'pack';

/** The store of the browser (IndexedDB). All that it refuses is a `DeviceStorageError`. */
export function openRoundStore(indexedDb: IDBFactory): RoundStore {
  const database = reopened(indexedDb);
  const get = async <T>(store: string, key: string): Promise<T | undefined> =>
    tried(async () => done<T | undefined>((await database()).transaction(store).objectStore(store).get(key)));
  const change = (stores: string | string[], act: (step: IDBTransaction) => void): Promise<void> =>
    tried(async () => {
      const step = (await database()).transaction(stores, 'readwrite', { durability: 'strict' });
      act(step);
      await kept(step);
    });
  const put = (store: string, value: unknown, key: string): Promise<void> =>
    change(store, (step) => void step.objectStore(store).put(value, key));
  return {
    pack: () => get<LocalPack>(PACK, PACK),
    savePack: (pack) => put(PACK, pack, PACK),
    rounds: () =>
      tried(async () =>
        done<LocalRound[]>((await database()).transaction('rounds').objectStore('rounds').getAll()),
      ),
    save: (round) => put('rounds', round, round.round.id),
    photo: (id) => get<Blob>('photos', id),
    savePhoto: (id, photo) => put('photos', photo, id),
    remove: ({ round }) =>
      change(['rounds', 'photos'], (step) => {
        step.objectStore('rounds').delete(round.id);
        for (const photo of photosOf(round)) step.objectStore('photos').delete(photo);
      }),
  };
}

/** The database, opened again after it could not be opened or the browser has closed it. */
function reopened(indexedDb: IDBFactory): () => Promise<IDBDatabase> {
  let opened: Promise<IDBDatabase> | undefined;
  return async () => {
    opened ??= open(indexedDb);
    try {
      const database = await opened;
      database.onclose = () => {
        opened = undefined;
      };
      return database;
    } catch (error) {
      opened = undefined;
      throw error;
    }
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
    request.onerror = () => reject(request.error ?? new Error('nothing was read'));
  });
}

function kept(step: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    step.oncomplete = () => resolve();
    step.onabort = () => reject(step.error ?? new Error('nothing was kept'));
  });
}

async function tried<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw new DeviceStorageError({ cause });
  }
}
