import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROLES } from '../../../config/model/account.ts';
import { accountByName, addAccount, removeDemonstrationAccount } from '../../records/accounts.ts';
import { audited } from '../../records/audit.ts';
import type { SignInDeps } from './sign-in.ts';

/** Letters and digits that nobody takes for one another. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const DEMO_NAME = 'demo';
/** Whoever looks around sees every page. */
const DEMO_ROLES = ROLES.filter((role) => role !== 'viewer');

export interface DemoLogin {
  readonly name: string;
  readonly password: string;
}

type DemoDeps = Pick<SignInDeps, 'db' | 'clock' | 'passwords'> & { readonly folder: string };

/**
 * The account of a demonstration, which its start prints. The password stands in the data folder in clear, so that a
 * restart of the collector alone leaves it, and the sessions, as they were.
 */
export async function prepareDemoAccount({ db, clock, passwords, folder }: DemoDeps): Promise<DemoLogin> {
  const file = join(folder, 'demo-password');
  const kept = readIfThere(file);
  const found = await accountByName(db, DEMO_NAME);
  if (kept !== undefined && found !== undefined && (await passwords.isRight(found.passwordHash, kept))) {
    return { name: found.account.name, password: kept };
  }
  const password = newDemoPassword();
  writeFileSync(file, password, { mode: 0o600 });
  const account = { name: DEMO_NAME, displayName: 'Demo', roles: DEMO_ROLES, language: 'zh-CN' } as const;
  const passwordHash = await passwords.hash(password);
  const atMs = clock.nowMs();
  const entry = { atMs, who: 'system', action: 'demo_account_added', target: DEMO_NAME, origin: 'local' };
  await audited(db, { ...entry, after: account }, async (step) => {
    await removeDemonstrationAccount(step, DEMO_NAME);
    await addAccount(step, { ...account, passwordHash, createdAtMs: atMs, isDemonstration: true });
  });
  return { name: DEMO_NAME, password };
}

/** What was good enough for a demonstration must not stay where people work. */
export async function removeDemoAccount({ db, clock }: Pick<DemoDeps, 'db' | 'clock'>): Promise<void> {
  const found = await accountByName(db, DEMO_NAME);
  if (found === undefined || !found.isDemonstration) return;
  const atMs = clock.nowMs();
  const entry = { atMs, who: 'system', action: 'demo_account_removed', target: DEMO_NAME, origin: 'local' };
  await audited(db, { ...entry, before: found.account }, (step) =>
    removeDemonstrationAccount(step, DEMO_NAME),
  );
}

function newDemoPassword(): string {
  const letters = Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]);
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
