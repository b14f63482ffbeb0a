import { WatchkeeperError } from '../../../config/model/errors.ts';
import { missingSigners } from '../../../config/model/handover-step.ts';
import type { Handover } from '../../../config/model/handover.ts';
import type { Sheet } from '../../../config/model/sheet.ts';
import type { AddendumView } from '../../../config/model/watch-api.ts';
import {
  hashOfLink,
  hashOfPersonal,
  PERSONAL_KEPT_MS,
  type AuditLink,
  type AuditPersonal,
} from '../../records/audit-chain.ts';
import { auditLinesAt, type AuditLine } from '../../records/audit-lines.ts';
import type { Db } from '../../records/tables.ts';
import { addendaOf, handoverById } from '../../records/watch.ts';
import { addendumHash, hashOfText, sealHash, signatureHash } from './hashes.ts';

/** The name of the format, in the first line of the file. */
export const HANDOVER_FORMAT = 'watchkeeper-handover/1';

/** A signed handover with all that proves it; the second line of the file is the hash of the first. */
interface HandoverFile {
  readonly format: typeof HANDOVER_FORMAT;
  readonly exportedAtMs: number;
  /** The very text that was hashed and signed. */
  readonly sheet: string;
  readonly handover: Handover;
  readonly addenda: readonly AddendumView[];
  /**
   * The stretch of the audit from its beginning to its seal, and on to where the audit ended when this was written: a head
   * that was printed since stands in it. What others did shows only its hashes.
   */
  readonly audit: readonly AuditLine[];
}

/** Half a year of a busy site: of an older sheet the export of the whole audit proves what was printed later. */
const MOST_LINES_SINCE = 20_000;

/** The file of a signed handover, which proves itself. @throws {WatchkeeperError} `not_found`, `conflict` */
export async function exportHandover(db: Db, id: number, exportedAtMs: number): Promise<string> {
  const kept = await handoverById(db, id);
  if (kept === undefined) throw new WatchkeeperError('not_found', 'There is no such handover.');
  const { handover, sheet } = kept;
  const { state } = handover;
  if (state.kind !== 'sealed') throw new WatchkeeperError('conflict', 'It has not been signed by all yet.');
  const span = { fromMs: handover.startedAtMs, toMs: state.atMs, more: MOST_LINES_SINCE };
  const lines = await auditLinesAt(db, span);
  const file: HandoverFile = {
    format: HANDOVER_FORMAT,
    exportedAtMs,
    sheet,
    handover,
    addenda: await addendaOf(db, id),
    audit: lines.map(({ personal, ...link }) =>
      personal !== undefined && isOfHandover(personal, handover) ? { ...link, personal } : link,
    ),
  };
  const text = JSON.stringify(file);
  return `${text}\nsha256 ${hashOfText(text)}\n`;
}

function isOfHandover({ change }: AuditPersonal, { sheetHash }: Handover): boolean {
  return change.includes(sheetHash);
}

/** Why a file of a handover does not hold. */
export type HandoverBreak =
  | 'file_changed'
  | 'sheet_changed'
  | 'signature_wrong'
  | 'signature_missing'
  | 'same_person'
  | 'seal_wrong'
  | 'addendum_wrong'
  | 'chain_broken'
  | 'chain_without_seal'
  | 'anchor_missing';

export type HandoverVerdict =
  | {
      readonly isWhole: true;
      readonly handover: Handover;
      /** The last line of the audit that follows from those before it. */
      readonly head: string;
      readonly anchorAt?: number;
      /** What the audit said of the seal was forgotten in time, as all that it says of people: sheet and signatures hold alone. */
      readonly isForgotten: boolean;
    }
  | { readonly isWhole: false; readonly why: HandoverBreak };

/**
 * Proves a file of a handover by itself: sheet, signatures, seal, additions, and the stretch of the audit that tells
 * of them.
 * @param anchor a printed head of the audit, which must be one of that stretch.
 * @throws {WatchkeeperError} `invalid_request` for what is no such file.
 */
export function verifyHandoverFile(text: string, anchor?: string): HandoverVerdict {
  const end = text.indexOf('\n');
  const body = text.slice(0, end);
  if (text.slice(end + 1) !== `sha256 ${hashOfText(body)}\n`) return broken('file_changed');
  const file = parsed(body);
  const { handover, audit } = file;
  const why = contentBreak(file) ?? chainBreak(file);
  if (why !== undefined) return broken(why);
  const whole = {
    isWhole: true,
    handover,
    head: audit.at(-1)?.hash ?? '',
    isForgotten: !isSealTold(file),
  } as const;
  if (anchor === undefined) return whole;
  const known = audit.find(({ hash }) => hash === anchor);
  return known === undefined ? broken('anchor_missing') : { ...whole, anchorAt: known.seq };
}

const broken = (why: HandoverBreak): HandoverVerdict => ({ isWhole: false, why });

function parsed(body: string): HandoverFile {
  try {
    const file = JSON.parse(body) as HandoverFile;
    if (file.format === HANDOVER_FORMAT) return file;
  } catch {
    // Said below.
  }
  throw new WatchkeeperError('invalid_request', 'This is no file of a handover.');
}

function contentBreak({ sheet, handover, addenda }: HandoverFile): HandoverBreak | undefined {
  if (!isSheetOf(sheet, handover)) return 'sheet_changed';
  return signatureBreak(handover) ?? addendumBreak(handover, addenda);
}

function isSheetOf(text: string, handover: Handover): boolean {
  const sheet = JSON.parse(text) as Sheet;
  return (
    hashOfText(text) === handover.sheetHash &&
    sheet.incoming === handover.incoming &&
    sheet.outgoing === handover.outgoing &&
    sheet.post === handover.post &&
    sheet.blocks.map(({ id }) => id).join() === handover.blocks.join()
  );
}

function signatureBreak(handover: Handover): HandoverBreak | undefined {
  const { state, signatures } = handover;
  for (const [index, { hash, ...signature }] of signatures.entries()) {
    const before = { ...handover, signatures: signatures.slice(0, index) };
    if (signatureHash(before, signature) !== hash) return 'signature_wrong';
  }
  if (missingSigners(handover, false).length > 0) return 'signature_missing';
  if (new Set(signatures.map(({ person }) => person)).size < signatures.length) return 'same_person';
  return state.kind === 'sealed' && state.hash === sealHash(handover) ? undefined : 'seal_wrong';
}

function addendumBreak({ state }: Handover, addenda: readonly AddendumView[]): HandoverBreak | undefined {
  let before = state.kind === 'sealed' ? state.hash : '';
  for (const { hash, ...addendum } of addenda) {
    if (addendumHash({ before, ...addendum }) !== hash) return 'addendum_wrong';
    before = hash;
  }
  return undefined;
}

/** Each line follows from the one before, and one of them tells of the seal, unless that is forgotten by now. */
function chainBreak(file: HandoverFile): HandoverBreak | undefined {
  const { audit, handover, exportedAtMs } = file;
  let before: AuditLink | undefined;
  for (const line of audit) {
    if (!follows(line, before)) return 'chain_broken';
    before = line;
  }
  const sealedAtMs = handover.state.kind === 'sealed' ? handover.state.atMs : 0;
  const mayBeForgotten = audit.length > 0 && exportedAtMs - sealedAtMs > PERSONAL_KEPT_MS;
  return isSealTold(file) || mayBeForgotten ? undefined : 'chain_without_seal';
}

function isSealTold({ audit, handover: { state } }: HandoverFile): boolean {
  return state.kind === 'sealed' && audit.some(({ personal }) => personal?.change.includes(state.hash));
}

/** Whether a line is what was written, and comes right after the one before. */
function follows({ personal, ...link }: AuditLine, before: AuditLink | undefined): boolean {
  const isNext = before === undefined || (link.previousHash === before.hash && link.seq === before.seq + 1);
  const isSaid = personal === undefined || hashOfPersonal(personal) === link.personalHash;
  return isNext && isSaid && hashOfLink(link) === link.hash;
}
