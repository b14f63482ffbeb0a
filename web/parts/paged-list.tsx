import type { ComponentChildren } from 'preact';
import { useText } from '../app.ts';
import type { Paged } from '../data/paged.ts';
import { Empty, Loading, Refused } from './notice.tsx';

interface PagedStateProps<Item> {
  readonly paged: Paged<Item>;
  readonly empty: string;
  readonly children?: ComponentChildren;
}

/** What stands in the place of a list that has nothing to show. */
export function PagedState<Item>({ paged, empty, children }: PagedStateProps<Item>) {
  if (paged.refusal.value !== undefined) {
    return <Refused refusal={paged.refusal.value} onRetry={() => void paged.refresh()} />;
  }
  if (paged.items.value.length > 0) return null;
  return paged.isLoading.value ? <Loading /> : <Empty title={empty}>{children}</Empty>;
}

export function Older<Item>({ paged }: { readonly paged: Paged<Item> }) {
  const { t } = useText();
  if (paged.items.value.length === 0) return null;
  if (!paged.hasMore.value) return null;
  return (
    <button
      type="button"
      class="button older"
      disabled={paged.isLoading.value}
      onClick={() => void paged.older()}
    >
      {t('action.load_older')}
    </button>
  );
}
