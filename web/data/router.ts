import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { parseRoute, type Route } from './route.ts';

/** Where the page is. */
export interface Router {
  readonly route: ReadonlySignal<Route>;
  go(path: string): void;
  /** Goes without leaving the present address in the history. */
  replace(path: string): void;
}

function addressOf(location: Location): string {
  return location.pathname + location.search + location.hash;
}

function internalLink(event: MouseEvent): HTMLAnchorElement | undefined {
  const isPlainClick =
    event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!isPlainClick || event.defaultPrevented || !(event.target instanceof Element)) return undefined;
  const link = event.target.closest('a');
  if (link === null || link.target !== '' || link.origin !== location.origin) return undefined;
  // A link to a place on this page is the browser's own business.
  return link.hash !== '' && link.pathname === location.pathname ? undefined : link;
}

/** Follows the links of the page without loading it anew. */
export function createRouter(window: Window): Router {
  const address = signal(addressOf(window.location));
  const read = (): void => {
    address.value = addressOf(window.location);
  };
  const go = (path: string): void => {
    window.history.pushState(undefined, '', path);
    read();
    window.scrollTo(0, 0);
  };
  window.addEventListener('popstate', read);
  window.document.addEventListener('click', (event) => {
    const link = internalLink(event);
    if (link === undefined) return;
    event.preventDefault();
    go(link.pathname + link.search + link.hash);
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
