import type { Log } from '../../config/runtime/log.ts';

/** A log whose sentences a test can read, each after its level. */
export function heardLog(): { readonly log: Log; readonly lines: readonly string[] } {
  const lines: string[] = [];
  const hear =
    (level: string) =>
    (...said: readonly unknown[]): void => {
      lines.push(`${level}: ${String(said.find((part) => typeof part === 'string'))}`);
    };
  return {
    log: { error: hear('error'), warn: hear('warn'), info: hear('info'), debug: hear('debug') },
    lines,
  };
}
