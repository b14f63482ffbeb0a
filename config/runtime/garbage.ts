/** How long after its end nothing points any more to what passing work needed. */
export const SETTLED_AFTER_MS = 10_000;

/**
 * Gives back to the system what nothing needs any more: V8 keeps freed pages for a process that is never idle. It costs one pause, as
 * long as looking through the heap takes. Does nothing where the process was started without `--expose-gc`.
 */
export function collectGarbage(): void {
  void globalThis.gc?.({ type: 'major', flavor: 'last-resort', execution: 'async' });
}
