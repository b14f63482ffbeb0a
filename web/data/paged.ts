import { batch, signal, type ReadonlySignal } from '@preact/signals';
import type { Answer, Page, Refusal } from './api.ts';

const PAGE_SIZE = 50;

/** A list that is read from the newest backwards, a page at a time. */
export interface Paged<Item> {
  readonly items: ReadonlySignal<readonly Item[]>;
  readonly isLoading: ReadonlySignal<boolean>;
  readonly hasMore: ReadonlySignal<boolean>;
  readonly refusal: ReadonlySignal<Refusal | undefined>;
  /** Reads the newest page and joins it to what was read before. */
  refresh(): Promise<void>;
  older(): Promise<void>;
}

/** Items of one instant may lie on both sides of a page's end: they are asked for again and known by their id. */
function joined<Item extends { readonly id: number }>(
  timeOf: (item: Item) => number,
  older: readonly Item[],
  newer: readonly Item[],
): readonly Item[] {
  const byId = new Map([...older, ...newer].map((item) => [item.id, item]));
  return [...byId.values()].sort((a, b) => timeOf(b) - timeOf(a) || b.id - a.id);
}

export function createPaged<Body, Item extends { readonly id: number }>(
  read: (page: Page) => Promise<Answer<Body>>,
  itemsOf: (body: Body) => readonly Item[],
  timeOf: (item: Item) => number,
): Paged<Item> {
  const items = signal<readonly Item[]>([]);
  const isLoading = signal(true);
  const hasMore = signal(false);
  const refusal = signal<Refusal | undefined>(undefined);

  async function load(page: Page, merge: (fresh: readonly Item[]) => readonly Item[]): Promise<void> {
    isLoading.value = true;
    const answer = await read(page);
    batch(() => {
      isLoading.value = false;
      refusal.value = answer.ok ? undefined : answer.refusal;
      if (!answer.ok) return;
      const fresh = itemsOf(answer.body);
      const isFirstRead = items.peek().length === 0 || page.beforeMs !== undefined;
      if (isFirstRead) hasMore.value = fresh.length >= PAGE_SIZE;
      items.value = merge(fresh);
    });
  }

  return {
    items,
    isLoading,
    hasMore,
    refusal,
    refresh: () => load({ limit: PAGE_SIZE }, (fresh) => joined(timeOf, items.peek(), fresh)),
    async older() {
      const last = items.peek().at(-1);
      if (last === undefined) return;
      await load({ limit: PAGE_SIZE, beforeMs: timeOf(last) }, (fresh) =>
        joined(timeOf, fresh, items.peek()),
      );
    },
  };
}
