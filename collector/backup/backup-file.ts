import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import type { Secret } from '../../config/runtime/secret.ts';
import type { ConfigText } from '../../config/without-secrets.ts';
import type { DumpPart } from '../records/dump.ts';
import { seal, unseal } from './sealed-file.ts';

/** What a backup holds, in its order: when it was made, the records, the files of the configuration, and its end. */
export type BackupPart =
  | { readonly kind: 'begin'; readonly format: typeof FORMAT; readonly atMs: number }
  | DumpPart
  | ({ readonly kind: 'file' } & ConfigText);

export const FORMAT = 'watchkeeper-backup/1';

/** Writes the parts as JSON lines, compressed and sealed; when it is done the file is on the disk. */
export async function writeBackup(
  file: string,
  parts: AsyncIterable<BackupPart>,
  secret: Secret,
): Promise<void> {
  try {
    await pipeline(
      Readable.from(linesOf(parts)),
      createGzip(),
      (compressed: AsyncIterable<Uint8Array>) => seal(compressed, secret.reveal()),
      createWriteStream(file, { flags: 'wx', mode: 0o600 }),
    );
    const written = await open(file, 'r');
    await written.sync().finally(() => written.close());
  } catch (error) {
    if (error instanceof WatchkeeperError) throw error;
    throw new WatchkeeperError('backup_failed', `The backup ${file} cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function* linesOf(parts: AsyncIterable<BackupPart>): AsyncGenerator<string> {
  for await (const part of parts) yield `${JSON.stringify(part)}\n`;
}

/**
 * Reads the parts of a backup; each has been authenticated when it comes.
 * @throws {WatchkeeperError} `backup_invalid` when the key does not fit, or the file is damaged, cut off or none.
 */
export async function* readBackup(file: string, secret: Secret): AsyncGenerator<BackupPart> {
  const source = createReadStream(file);
  const plain = createGunzip();
  const failure: { error?: unknown } = {};
  const reading = pipeline(
    source,
    (sealed: AsyncIterable<Uint8Array>) => unseal(sealed, secret.reveal()),
    plain,
  ).catch((error: unknown) => {
    failure.error = error;
  });
  let hasEnded = false;
  try {
    for await (const line of createInterface(plain)) {
      const part = JSON.parse(line) as BackupPart;
      hasEnded = part.kind === 'end';
      yield part;
    }
    await reading;
  } catch (error) {
    failure.error ??= error;
  } finally {
    source.destroy();
    plain.destroy();
  }
  if (failure.error !== undefined) throw unusable(file, failure.error);
  if (!hasEnded) throw unusable(file, new Error('it has no end'));
}

function unusable(file: string, error: unknown): WatchkeeperError {
  if (error instanceof WatchkeeperError) return error;
  return new WatchkeeperError('backup_invalid', `The backup ${file} cannot be used: ${messageOf(error)}`, {
    cause: error,
  });
}
