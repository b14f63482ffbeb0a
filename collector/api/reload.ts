import type { ApiPlugin } from './api.ts';

/** Reads the configuration anew; a faulty one changes nothing, and its faults are the answer. */
export function reloadRoutes({ reload }: { readonly reload: () => Promise<void> }): ApiPlugin {
  return (api) => {
    api.post('/-/reload', async () => {
      await reload();
      return { isReloaded: true };
    });
  };
}
