import type { Slip } from '../../../config/model/api.ts';
import { replaceCodes, setPassword } from '../../records/sign-in-secrets.ts';
import type { Db } from '../../records/tables.ts';
import { codeHashOf, newPrintedCode, SLIP_GROUPS } from './codes.ts';

/** Until when a new slip is good. */
export interface SlipTimes {
  readonly atMs: number;
  readonly endsAtMs: number;
}

/**
 * Makes a slip with a first password, which takes the place of any password that the account had and must be changed
 * at the first sign-in. The code has bits enough of its own, so that thousands of slips are made at once.
 */
export async function makeSlip(
  step: Db,
  account: { readonly id: number; readonly name: string; readonly displayName: string },
  { atMs, endsAtMs }: SlipTimes,
): Promise<Slip> {
  const code = newPrintedCode(SLIP_GROUPS);
  await setPassword(step, account.id, { passwordHash: '', atMs, mustChange: true });
  await replaceCodes(step, account.id, 'first', [{ codeHash: codeHashOf(code), endsAtMs }]);
  const { name, displayName } = account;
  return { name, displayName, code, endsAtMs };
}
