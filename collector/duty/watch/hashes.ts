import { createHash } from 'node:crypto';
import type { Handover, Signature } from '../../../config/model/handover.ts';
import type { Sheet } from '../../../config/model/sheet.ts';

/** SHA-256 of a text, in hexadecimal digits. */
export function hashOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The sheet as the text that is kept, hashed and signed. */
export function sheetText(sheet: Sheet): string {
  return JSON.stringify(sheet);
}

/** What a signature covers: the sheet, what is carried over, and the signatures before. */
export function signatureHash(handover: Handover, signature: Omit<Signature, 'hash'>): string {
  const { role, person, atMs, way, recordedBy = '' } = signature;
  const before = handover.signatures.at(-1)?.hash ?? '';
  return hashOfText(
    JSON.stringify([factsOf(handover), handover.carryOvers, before, role, person, atMs, way, recordedBy]),
  );
}

/** What the seal covers: also which blocks were opened when, and what was asked and answered. */
export function sealHash(handover: Handover): string {
  const { opened, questions, carryOvers, signatures } = handover;
  return hashOfText(JSON.stringify([factsOf(handover), opened, questions, carryOvers, signatures]));
}

/** Not its number, which the records give: the sheet is of one instant and has no other like it. */
function factsOf({ post, kind, outgoing = '', incoming, startedAtMs, sheetHash }: Handover) {
  return [post, kind, outgoing, incoming, startedAtMs, sheetHash];
}

/** Each addition is chained to the seal and to those before it. */
export function addendumHash(addendum: {
  readonly before: string;
  readonly atMs: number;
  readonly person: string;
  readonly text: string;
}): string {
  const { before, atMs, person, text } = addendum;
  return hashOfText(JSON.stringify([before, atMs, person, text]));
}
