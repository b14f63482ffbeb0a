import { useEffect, useRef } from 'preact/hooks';

/** What a key does, or `false` where it is none of ours now; the keys are those of `KeyboardEvent.key`, letters small. */
export type Keys = Readonly<Record<string, () => boolean | void>>;

/** Keys act on the page itself: not while somebody types, a window is open, or a key of the system is held. */
function isForPage(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  if (document.querySelector('dialog[open]') !== null) return false;
  const at = event.target;
  return !(at instanceof Element && at.closest('input, textarea, select, [data-typing], [contenteditable]'));
}

/** One keystroke each, while the part that asks for it is on the page. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const act = latest.current[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (act === undefined || !isForPage(event)) return;
      if (act() !== false) event.preventDefault();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}
