import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { parseRoute, type Route } from './route.ts';

/** Where the page is. */
export interface Router {
  readonly route: ReadonlySignal<Route>;
  /** The page is shown from its beginning, unless it stays where it is. */
  go(path: string, options?: { readonly isInPlace?: boolean }): void;
  /** Goes without leaving the present address in the history. */
  replace(path: string): void;
}

function addressOf(location: Location): string {
  return location.pathname + location.search + location.hash;
}

/** A press that means to open the link here, not in another tab or window. */
function isPlain({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean {
  return button === 0 && !(metaKey || ctrlKey || shiftKey || altKey);
}

/** The link that was pressed, if following it is the page's own business and not the browser's. */
function internalLink(event: MouseEvent): HTMLAnchorElement | undefined {
  if (!isPlain(event) || event.defaultPrevented || !(event.target instanceof Element)) return undefined;
  const link = event.target.closest('a');
  if (link === null || link.target !== '' || link.hasAttribute('download')) return undefined;
  if (link.origin !== location.origin) return undefined;
  const isPlaceOnThisPage = link.hash !== '' && link.pathname === location.pathname;
  return isPlaceOnThisPage ? undefined : link;
}

/** Follows the links of the page without loading it anew; one with `data-in-place` changes a part of what is looked at. */
export function createRouter(window: Window): Router {
  const address = signal(addressOf(window.location));
  const read = (): void => {
    address.value = addressOf(window.location);
  };
  const go: Router['go'] = (path, { isInPlace = false } = {}) => {
    window.history.pushState(undefined, '', path);
    read();
    if (!isInPlace) window.scrollTo(0, 0);
  };
  window.addEventListener('popstate', read);
  window.document.addEventListener('click', (event) => {
    const link = internalLink(event);
    if (link === undefined) return;
    event.preventDefault();
    go(link.pathname + link.search + link.hash, { isInPlace: link.dataset['inPlace'] === 'true' });
  });
  return {
    route: computed(() => parseRoute(address.value)),
    go,
    replace(path) {
      window.history.replaceState(undefined, '', path);
      read();
    },
  };
}
