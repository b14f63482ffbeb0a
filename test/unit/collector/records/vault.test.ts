import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addAccount } from '../../../../collector/records/accounts.ts';
import { openRecords, SQLITE_FILE } from '../../../../collector/records/open.ts';
import { secondFactorOf, setSecondFactor } from '../../../../collector/records/sign-in-secrets.ts';
import { factorOf, isSealed, KEY_FILE, openVault, vaultOf } from '../../../../collector/records/vault.ts';
import { Secret } from '../../../../config/runtime/secret.ts';
import { folderWith } from '../../../support/folder.ts';

const SECRET = 'JBSWY3DPEHPK3PXP';

describe('what is sealed in the records', () => {
  it('opens for whom it was sealed, by the same key, and not when a letter of it was changed', () => {
    const vault = openVault(folderWith(), undefined);
    const sealed = vault.seal(SECRET, 'anna');
    expect(sealed).not.toContain(SECRET);
    expect(vault.seal(SECRET, 'anna')).not.toBe(sealed);
    expect(vault.open(sealed, 'anna')).toBe(SECRET);
    const refused = { code: 'records_failed', message: expect.stringContaining('another key') as string };
    expect(() => vault.open(sealed, 'bert')).toThrow(expect.objectContaining(refused));
    const other = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
    expect(() => vault.open(other, 'anna')).toThrow(expect.objectContaining(refused));
    expect(() => openVault(folderWith(), undefined).open(sealed, 'anna')).toThrow(/Spare codes still work/);
  });

  it('has its key in the data folder for this account alone, or by the settings for collectors that share records', () => {
    const folder = folderWith();
    const sealed = openVault(folder, undefined).seal(SECRET, 'a');
    expect(statSync(join(folder, KEY_FILE)).mode & 0o777).toBe(0o600);
    expect(openVault(folder, undefined).open(sealed, 'a')).toBe(SECRET);
    const shared = openVault(folderWith(), new Secret('shared')).seal(SECRET, 'a');
    expect(openVault(folderWith(), new Secret('shared')).open(shared, 'a')).toBe(SECRET);
  });

  it('is all that an earlier version had left in clear, after the next start', async () => {
    const folder = folderWith();
    const first = await openRecords(folder);
    const { id } = await addAccount(first.db, {
      name: 'anna',
      displayName: 'Anna',
      roles: ['operator'],
      language: 'en',
      passwordHash: '-',
      createdAtMs: 1,
      isDemonstration: false,
    });
    await setSecondFactor(first.db, id, { secret: SECRET, isConfirmed: true, lastStep: 1 });
    await first.close();
    const second = await openRecords(folder);
    const { db } = second;
    const factor = await secondFactorOf(db, id);
    expect(isSealed(factor?.secret ?? '')).toBe(true);
    expect(vaultOf(db).open(factor?.secret ?? '', factorOf(id))).toBe(SECRET);
    await second.close();
    expect(readFileSync(join(folder, SQLITE_FILE), 'latin1')).toContain('sealed:1:');
  });
});
