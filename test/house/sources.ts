import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** Every TypeScript file of the product, from the root. */
export const SOURCES: readonly string[] = ['config', 'agents', 'alerting', 'collector', 'web'].flatMap(
  (folder) => filesBelow(folder).filter((file) => /\.tsx?$/.test(file)),
);

/** Every file below a folder but what is built or installed. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !/(^|\/)(dist|node_modules)\//.test(file));
}

export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
