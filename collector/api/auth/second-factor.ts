import { generateSecret, generateURI, verifySync } from 'otplib';
import { secondFactorOf, takeCode, takeStep, type SecondFactor } from '../../records/sign-in-secrets.ts';
import type { Db } from '../../records/tables.ts';
import { factorOf, vaultOf } from '../../records/vault.ts';
import { codeHashOf } from './codes.ts';

/** How far the clock of a phone may be off, in seconds: one step of 30 s on either side. */
const TOLERANCE_SECONDS = 30;

/** What a phone needs to make codes (RFC 6238). */
export interface FactorSetup {
  readonly secret: string;
  readonly uri: string;
  /** The address as a picture for the camera, SVG. */
  readonly picture: string;
}

/** A new secret, not yet in force. */
export async function newFactor(issuer: string, name: string): Promise<FactorSetup> {
  const secret = generateSecret();
  const uri = generateURI({ issuer, label: name, secret });
  const { toString: qrPicture } = await import('qrcode');
  return { secret, uri, picture: await qrPicture(uri, { type: 'svg', margin: 2 }) };
}

/** A factor as the records keep it, with its secret open. */
export function openedFactor(db: Db, accountId: number, factor: SecondFactor): SecondFactor {
  return { ...factor, secret: vaultOf(db).open(factor.secret, factorOf(accountId)) };
}

/** Six digits; codes on paper have letters and are longer. */
const isOfPhone = (code: string): boolean => /^\d{6}$/.test(code.replaceAll(/\s/g, ''));

/** The step of a code if it is right at that instant and newer than those that were taken; else `undefined`. */
export function stepOfCode(
  { secret, lastStep }: Pick<SecondFactor, 'secret' | 'lastStep'>,
  code: string,
  nowMs: number,
): number | undefined {
  const token = code.replaceAll(/\s/g, '');
  if (!isOfPhone(code)) return undefined;
  const epoch = Math.floor(nowMs / 1000);
  const result = verifySync({ secret, token, epoch, epochTolerance: TOLERANCE_SECONDS });
  if (!result.valid || !('timeStep' in result)) return undefined;
  return result.timeStep > lastStep ? result.timeStep : undefined;
}

/** Takes a code of the phone, or one of those on paper, once; answers whether it was right. */
export async function takeFactor(step: Db, accountId: number, code: string, nowMs: number): Promise<boolean> {
  const factor = await secondFactorOf(step, accountId);
  if (factor === undefined || !factor.isConfirmed) return false;
  if (isOfPhone(code)) {
    const taken = stepOfCode(openedFactor(step, accountId, factor), code, nowMs);
    return taken !== undefined && takeStep(step, accountId, taken);
  }
  return takeCode(step, accountId, 'recovery', codeHashOf(code));
}
