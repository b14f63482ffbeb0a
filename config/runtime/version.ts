import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of the product, as its package says. */
export const VERSION: string = versionIn(
  readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
);

function versionIn(text: string): string {
  const { version } = JSON.parse(text) as { readonly version?: string };
  return version ?? 'unknown';
}
