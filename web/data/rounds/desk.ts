import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { RoundPack } from '../../../config/model/round-api.ts';
import { shortCodeIn, type RoundTemplate } from '../../../config/model/round.ts';
import type { Api } from '../api.ts';
import { isCodeOf, smallPhoto } from './photo.ts';
import { sendWaiting } from './send.ts';
import { holdingStore, type HeldStore } from './held-store.ts';
import type { LocalPack, LocalRound, RoundStore } from './store.ts';
import { beginRound, finishRound } from './walk.ts';

/** The rounds on this device, with or without a connection. */
export interface RoundsDesk {
  /** Absent until this device has been given one. */
  readonly pack: ReadonlySignal<LocalPack | undefined>;
  readonly rounds: ReadonlySignal<readonly LocalRound[]>;
  /** The device keeps nothing, or not all: what it does not keep is gone when the page is closed. */
  readonly isOnPageOnly: ReadonlySignal<boolean>;
  /** Reads what lies on this device; once, unless the device gives nothing now. */
  open(): Promise<void>;
  /** Fetches a fresh pack, and sends what waits. */
  refresh(): Promise<void>;
  /** A template whole, of this version at least; fetched where this device has none. */
  template(id: string, version: number): Promise<RoundTemplate | undefined>;
  begin(
    template: RoundTemplate,
    more: { readonly due?: string | undefined; readonly isPaper: boolean; readonly walkedBy: string },
  ): Promise<string>;
  change(id: string, act: (local: LocalRound, atMs: number) => LocalRound): Promise<void>;
  finish(id: string, remark: string): Promise<void>;
  send(): Promise<void>;
  drop(local: LocalRound): Promise<void>;
  /** @throws for what is no picture. */
  addPhoto(file: Blob): Promise<string>;
  photo(id: string): Promise<Blob | undefined>;
  /** Whether a code is that of a place, as far as this device knows; where it knows nothing, the collector judges. */
  isCode(template: RoundTemplate, checkpoint: string, text: string): Promise<boolean>;
  /** The clock of this device, right or not. */
  nowMs(): number;
  /** The collector's clock, as far as this device knows. */
  siteNowMs(): number;
}

export interface DeskDeps {
  readonly store: RoundStore;
  readonly api: Pick<Api, 'roundPack' | 'handInRound' | 'putRoundPhoto'>;
  /** The clock of this device, right or not. */
  readonly phoneNowMs: () => number;
  readonly newId: () => string;
}

/** What is shown of the rounds, in step with the store. */
function createShelf(store: RoundStore) {
  const rounds = signal<readonly LocalRound[]>([]);
  function show(local: LocalRound): void {
    const others = rounds.peek().filter(({ round }) => round.id !== local.round.id);
    rounds.value = [...others, local].toSorted((a, b) => a.round.beganAtMs - b.round.beganAtMs);
  }
  return {
    rounds,
    show,
    find: (id: string) => rounds.peek().find(({ round }) => round.id === id),
    async save(local: LocalRound): Promise<void> {
      show(local);
      await store.save(local);
    },
    async drop(local: LocalRound): Promise<void> {
      await store.remove(local);
      rounds.value = rounds.peek().filter(({ round }) => round.id !== local.round.id);
    },
  };
}

/** Runs what is asked for while it runs already only once. */
function onceAtATime(act: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= act().finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** Again where the device gave nothing. */
function onceRead({ isOnPageOnly }: Pick<HeldStore, 'isOnPageOnly'>, act: () => Promise<void>) {
  let reading: Promise<void> | undefined;
  return (): Promise<void> => {
    reading ??= act().finally(() => {
      if (isOnPageOnly.peek()) reading = undefined;
    });
    return reading;
  };
}

async function read(
  store: RoundStore,
  pack: Signal<LocalPack | undefined>,
  shelf: Pick<ReturnType<typeof createShelf>, 'find' | 'show'>,
): Promise<void> {
  pack.value = (await store.pack()) ?? pack.peek();
  for (const local of await store.rounds()) if (shelf.find(local.round.id) === undefined) shelf.show(local);
}

async function isCodeAt(pack: RoundPack | undefined, place: string, text: string): Promise<boolean> {
  const codes = pack?.codes;
  return codes?.hashes[place] === undefined || isCodeOf(codes, place, shortCodeIn(text));
}

/** A pack as the collector has it now; without a connection the one before stays. */
async function freshPack(
  { api, store, phoneNowMs }: Pick<DeskDeps, 'api' | 'store' | 'phoneNowMs'>,
  pack: Signal<LocalPack | undefined>,
): Promise<void> {
  const answer = await api.roundPack();
  if (!answer.ok) return;
  const clockDifferenceMs = answer.body.madeAtMs - Math.round(phoneNowMs());
  pack.value = { ...answer.body, clockDifferenceMs };
  await store.savePack(pack.value);
}

export function createRoundsDesk({ store: device, api, phoneNowMs, newId }: DeskDeps): RoundsDesk {
  const pack = signal<LocalPack | undefined>(undefined);
  const store = holdingStore(device);
  const shelf = createShelf(store);
  const nowMs = (): number => Math.round(phoneNowMs());
  const open = onceRead(store, () => read(store, pack, shelf));
  const send = onceAtATime(async () => {
    const deps = { store, handIn: api.handInRound, putPhoto: api.putRoundPhoto, phoneNowMs };
    for (const local of await sendWaiting(deps)) shelf.show(local);
  });
  const fetchPack = (): Promise<void> => freshPack({ api, store, phoneNowMs }, pack);
  return {
    pack,
    rounds: shelf.rounds,
    isOnPageOnly: store.isOnPageOnly,
    open,
    send,
    nowMs,
    siteNowMs: () => nowMs() + (pack.peek()?.clockDifferenceMs ?? 0),
    async refresh() {
      await open();
      await send();
      await fetchPack();
    },
    async template(id, version) {
      const packed = () => pack.peek()?.templates.find((one) => one.id === id);
      if ((packed()?.version ?? 0) < version) await fetchPack();
      return packed();
    },
    async begin(template, { due, isPaper, walkedBy }) {
      const local = beginRound({ id: newId(), template, due, walkedBy, atMs: nowMs(), isPaper });
      await shelf.save(local);
      return local.round.id;
    },
    async change(id, act) {
      const local = shelf.find(id);
      if (local !== undefined) await shelf.save(act(local, nowMs()));
    },
    async finish(id, remark) {
      const local = shelf.find(id);
      if (local === undefined) return;
      await shelf.save(finishRound(local, nowMs(), remark));
      await send();
    },
    drop: (local) => shelf.drop(local),
    async addPhoto(file) {
      const { id, photo } = await smallPhoto(file);
      await store.savePhoto(id, photo);
      return id;
    },
    photo: (id) => store.photo(id),
    isCode: (template, checkpoint, text) =>
      isCodeAt(pack.peek(), `${template.room ?? ''}/${checkpoint}`, text),
  };
}
