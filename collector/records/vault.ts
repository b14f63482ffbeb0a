import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Secret } from '../../config/runtime/secret.ts';
import type { Db } from './tables.ts';

/**
 * Seals what must be read again as it was, and yet tell nothing to who has the records alone: secrets of second factors.
 * By AES-256-GCM (NIST SP 800-38D) with a key that lies beside the records, not in them.
 */
export interface Vault {
  /** @param of whose secret it is: sealed for one, it opens for no other */
  seal(text: string, of: string): string;
  /** @throws {WatchkeeperError} `records_failed` when it was sealed by another key, or for another. */
  open(sealed: string, of: string): string;
}

/** The key in the data folder, where the settings name none. */
export const KEY_FILE = 'records.key';
const MARK = 'sealed:1:';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The vault of a data folder; its key is made where there is none yet. */
export function openVault(folder: string, key: Secret | undefined): Vault {
  return vaultBy(
    createHash('sha256')
      .update(`vault:${key?.reveal() ?? keyIn(folder)}`)
      .digest(),
  );
}

function keyIn(folder: string): string {
  const file = join(folder, KEY_FILE);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, randomBytes(KEY_BYTES).toString('hex'), { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  }
  return readFileSync(file, 'utf8').trim();
}

function vaultBy(key: Buffer): Vault {
  return {
    seal(text, of) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(of));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return MARK + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(sealed, of) {
      // As they were written before there was a key.
      if (!isSealed(sealed)) return sealed;
      const bytes = Buffer.from(sealed.slice(MARK.length), 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        });
        decipher.setAAD(Buffer.from(of));
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const body = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([body, decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new WatchkeeperError(
          'records_failed',
          `A second factor cannot be read: it was sealed by another key than the one here (${KEY_FILE} in the data folder, or records.key in collector.yaml). Spare codes still work.`,
          { cause },
        );
      }
    },
  };
}

export function isSealed(text: string): boolean {
  return text.startsWith(MARK);
}

/** By the adapter, which a store and its transactions have in common. */
const VAULTS = new WeakMap<object, Vault>();

export function giveVault(db: Db, vault: Vault): void {
  VAULTS.set(db.getExecutor().adapter, vault);
}

/** The vault beside these records. */
export function vaultOf(db: Db): Vault {
  const vault = VAULTS.get(db.getExecutor().adapter);
  if (vault === undefined) throw new Error('these records were opened without their vault');
  return vault;
}

/** Whose a secret in the table of second factors is. */
export const factorOf = (accountId: number): string => `second_factor:${accountId}`;

/** Seals what an earlier version, or a backup, has left in clear. */
export async function sealFactors(db: Db): Promise<void> {
  const vault = vaultOf(db);
  const rows = await db.selectFrom('second_factor').select(['account_id', 'secret']).execute();
  for (const { account_id: id, secret } of rows.filter((row) => !isSealed(row.secret))) {
    await db
      .updateTable('second_factor')
      .set({ secret: vault.seal(secret, factorOf(id)) })
      .where('account_id', '=', id)
      .where('secret', '=', secret)
      .execute();
  }
}
