import { createHash } from 'node:crypto';

/**
 * A name for a new record that follows from what makes it, so that the line of the audit, which is planned before, tells
 * the one that is kept.
 */
export function madeId(from: readonly unknown[]): string {
  const hex = createHash('sha256').update(JSON.stringify(from)).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
