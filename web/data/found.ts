import { signal, type ReadonlySignal } from '@preact/signals';
import type { Answer, Refusal } from './api.ts';
import type { ListPart } from './watch-page.ts';

/** A list that is searched, newest first, some at a time. */
export interface Found<Item> {
  readonly items: ReadonlySignal<readonly Item[]>;
  readonly isMore: ReadonlySignal<boolean>;
  readonly refusal: ReadonlySignal<Refusal | undefined>;
  search(text: string): Promise<void>;
  older(): Promise<void>;
}

interface Part<Item> {
  readonly items: readonly Item[];
  readonly isMore: boolean;
}

export function createFound<Item extends { readonly id: number }>(
  ask: (part: ListPart) => Promise<Answer<Part<Item>>>,
): Found<Item> {
  const items = signal<readonly Item[]>([]);
  const isMore = signal(false);
  const refusal = signal<Refusal | undefined>(undefined);
  let text = '';
  const read = async (before: readonly Item[]): Promise<void> => {
    const last = before.at(-1);
    const asked = text;
    const answer = await ask({ text, ...(last === undefined ? {} : { beforeId: last.id }) });
    // Another search began meanwhile: its answer counts.
    if (asked !== text) return;
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (!answer.ok) return;
    items.value = [...before, ...answer.body.items];
    isMore.value = answer.body.isMore;
  };
  return {
    items,
    isMore,
    refusal,
    search(next) {
      text = next;
      return read([]);
    },
    older: () => read(items.value),
  };
}
