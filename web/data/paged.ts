import { batch, signal, type ReadonlySignal } from '@preact/signals';
import type { Answer, Page, Refusal } from './api.ts';

const PAGE_SIZE = 50;

/** A list that is read from the newest backwards, a page at a time. */
export interface Paged<Item> {
  readonly items: ReadonlySignal<readonly Item[]>;
  readonly isLoading: ReadonlySignal<boolean>;
  readonly hasMore: ReadonlySignal<boolean>;
  readonly refusal: ReadonlySignal<Refusal | undefined>;
  /** Reads the newest page and joins it to what was read before: as many as were asked for are kept, without a gap. */
  refresh(): Promise<void>;
  older(): Promise<void>;
}

/** What is read again is known by its id. */
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

  /** Behind the pages that somebody asked for nothing is kept: a page that stands open for a month stays as it was. */
  let wanted = PAGE_SIZE;

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
      const all = merge(fresh);
      items.value = all.slice(0, wanted);
      if (all.length > wanted) hasMore.value = true;
    });
  }

  return {
    items,
    isLoading,
    hasMore,
    refusal,
    refresh: () =>
      load({ limit: PAGE_SIZE }, (fresh) => {
        const known = new Set(items.peek().map(({ id }) => id));
        // More came than a page holds: between it and what was read before, some are missing.
        const isApart = fresh.length >= PAGE_SIZE && !fresh.some(({ id }) => known.has(id));
        if (!isApart) return joined(timeOf, items.peek(), fresh);
        hasMore.value = true;
        return fresh;
      }),
    async older() {
      const last = items.peek().at(-1);
      if (last === undefined) return;
      wanted = items.peek().length + PAGE_SIZE;
      await load({ limit: PAGE_SIZE, beforeMs: timeOf(last), beforeId: last.id }, (fresh) =>
        joined(timeOf, fresh, items.peek()),
      );
    },
  };
}
