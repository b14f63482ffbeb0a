import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './place.ts';

/** The version of the product, as its package says. */
export const VERSION: string = versionIn(readFileSync(join(ROOT, 'package.json'), 'utf8'));

function versionIn(text: string): string {
  const { version } = JSON.parse(text) as { readonly version?: string };
  return version ?? 'unknown';
}
