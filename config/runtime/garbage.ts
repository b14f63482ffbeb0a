/** How long after its end nothing points any more to what passing work needed. */
export const SETTLED_AFTER_MS = 10_000;

/**
 * Gives back to the system what nothing needs any more: V8 keeps freed pages for a process that is never idle. It costs one pause, as
 * long as looking through the heap takes. Does nothing where the process was started without `--expose-gc`.
 */
export function collectGarbage(): void {
  void globalThis.gc?.({ type: 'major', flavor: 'last-resort', execution: 'async' });
}

/** Frees the memory of a buffer that nobody reads again: many large ones would wait until what is dead is looked for. */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  // One that shares its memory with others ends before it.
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0);
}
