import type { Connection } from './live-connection.ts';
import type { Summary } from './urgency.ts';

/** What it means that there is no alert: only with every device in sight, now, is it good news. */
export type Calm =
  | { readonly kind: 'calm' }
  /** So many devices cannot be seen. */
  | { readonly kind: 'unsure'; readonly count: number }
  /** It was so when the collector was last heard. */
  | { readonly kind: 'past'; readonly asOfMs: number };

export function calmOf(connection: Connection, { counts }: Summary): Calm {
  if (connection.kind === 'lost' && connection.asOfMs !== undefined) {
    return { kind: 'past', asOfMs: connection.asOfMs };
  }
  const count = counts.unknown + counts.starting;
  return count === 0 ? { kind: 'calm' } : { kind: 'unsure', count };
}
