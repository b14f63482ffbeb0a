import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { useText } from '../../app.ts';
import type { Found } from '../../data/found.ts';
import { Refused } from '../notice.tsx';

/** Words to look for; asks when one has stopped typing. */
export function SearchBar<Item>({ label, found }: { readonly label: string; readonly found: Found<Item> }) {
  const text = useSignal('');
  const id = useId();
  useEffect(() => {
    const timer = setTimeout(() => void found.search(text.value), 250);
    return () => clearTimeout(timer);
  }, [text.value]);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="search"
        value={text}
        onInput={(event) => (text.value = event.currentTarget.value)}
      />
    </div>
  );
}

/** What stands below such a list. */
export function FoundState<Item>({ found, empty }: { readonly found: Found<Item>; readonly empty: string }) {
  const { t } = useText();
  if (found.refusal.value !== undefined) return <Refused refusal={found.refusal.value} />;
  return (
    <>
      {found.items.value.length === 0 && <p>{empty}</p>}
      {found.isMore.value && (
        <button type="button" class="button older" onClick={() => void found.older()}>
          {t('handovers.more')}
        </button>
      )}
    </>
  );
}
