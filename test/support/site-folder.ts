import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sharedFolderWith } from './folder.ts';
import { ROOT } from './watchkeeper.ts';

/** A copy of the demonstration's configuration with some of its files replaced; it goes with the tests of the `describe` that asks for it. */
export function demoWith(files: Readonly<Record<string, string>> = {}): string {
  return demoFolder(sharedFolderWith(), files);
}

/** The same in a folder of one's own. */
export function demoFolder(folder: string, files: Readonly<Record<string, string>>): string {
  cpSync(join(ROOT, 'config', 'demo'), folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
