import { readFileSync } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { messageOf, WatchkeeperError } from '../../../config/model/errors.ts';
import { EMPTY_MANIFEST, HISTORY_VERSION, type Manifest } from './layout.ts';

export const MANIFEST = 'manifest.json';
const BEFORE = 'manifest.before.json';

/** What was read, and what was wrong with it in words. */
export interface ReadManifest {
  readonly manifest: Manifest;
  readonly faults: readonly string[];
  /** Neither it nor the one before can be read: what lies in the folder has to be looked through. */
  readonly isLost: boolean;
}

type Outcome = Manifest | 'absent' | { readonly fault: string };

/** One line of text: the checksum of the rest in front. */
function textOf(manifest: Manifest): string {
  const body = JSON.stringify(manifest);
  return `${crc32(body).toString(16).padStart(8, '0')} ${body}\n`;
}

function parse(text: string): Manifest | undefined {
  const body = text.slice(9).trimEnd();
  if (text.slice(0, 8) !== crc32(body).toString(16).padStart(8, '0')) return undefined;
  return JSON.parse(body) as Manifest;
}

function readOne(path: string): Outcome {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isAbsent ? 'absent' : { fault: `history: ${path} cannot be read: ${messageOf(error)}` };
  }
  const manifest = parse(text);
  if (manifest === undefined) return { fault: `history: ${path} is damaged` };
  if (manifest.version > HISTORY_VERSION) {
    throw new WatchkeeperError(
      'data_folder_unusable',
      `the history in ${dirname(path)} is of version ${manifest.version}, newer than this program (${HISTORY_VERSION}): start the newer program, or move the folder away`,
    );
  }
  return manifest;
}

/**
 * Reads what history knows of itself; of a damaged one the one before it.
 * @throws {WatchkeeperError} `data_folder_unusable` when a newer program wrote it.
 */
export function readManifest(folder: string): ReadManifest {
  const own = readOne(join(folder, MANIFEST));
  if (typeof own === 'object' && 'files' in own) return { manifest: own, faults: [], isLost: false };
  const before = readOne(join(folder, BEFORE));
  const faults = own === 'absent' || !('fault' in own) ? [] : [own.fault];
  if (typeof before === 'object' && 'files' in before) {
    return {
      manifest: before,
      faults: [...faults, 'history: the list of files before it is used'],
      isLost: true,
    };
  }
  const isLost = own !== 'absent' || before !== 'absent';
  return { manifest: EMPTY_MANIFEST, faults, isLost };
}

/** When it is done, the new one counts whatever happens. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, MANIFEST);
  const next = `${path}.new`;
  await writeDurably(next, textOf(manifest));
  await rm(join(folder, BEFORE), { force: true });
  await link(path, join(folder, BEFORE)).catch(() => undefined);
  await rename(next, path);
  await syncFolder(folder);
}

export async function writeDurably(path: string, text: string | Uint8Array): Promise<void> {
  const handle = await open(path, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What was renamed in the folder stays so when the power goes. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
