import { createHash, randomInt } from 'node:crypto';

/** Letters and digits that nobody takes for one another, on paper and read aloud. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A code for paper: groups of four, nearly five bits a letter. */
export function newPrintedCode(groups: number): string {
  const group = (): string => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return Array.from({ length: groups }, group).join('-');
}

/** A slip with a first password: 79 bits, hashed slowly as every password. */
export const SLIP_GROUPS = 4;
/** A code in an envelope, for which no lock holds: 118 bits. */
export const EMERGENCY_GROUPS = 6;
/** In place of a second factor; the password is asked for besides. */
export const RECOVERY_GROUPS = 3;

/** A code as it was meant, however it was typed. */
export function codeAsMeant(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\-–—_.]/gu, '');
}

/** What is stored in the place of a code that has enough bits of its own. */
export function codeHashOf(code: string): string {
  return createHash('sha256')
    .update(`code:${codeAsMeant(code)}`)
    .digest('hex');
}
