import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import type { AuditBreak, AuditVerdict } from '../records/audit-chain.ts';
import type { Command } from './command.ts';
import type { HandoverBreak, HandoverVerdict } from '../duty/watch/export.ts';
import { parseOptions } from './options.ts';
import { PLACE_OPTIONS, recordsPlace } from './records-place.ts';

/** What each break means to who reads it. */
const MEANS: Readonly<Record<AuditBreak, string>> = {
  line_missing: 'it is missing, or another stands in its place',
  line_changed: 'it says something else than when it was written',
  not_linked: 'it does not follow from the line before it: one of the two was put in later',
  personal_changed:
    'what it says of people (who, to what, from where, before and after) is not what was written',
  personal_missing: 'what it says of people is gone before its 400 days were over',
  end_missing: 'the audit ended later once; lines from here on were removed',
};

/** What each break of a handover's file means. */
const HANDOVER_MEANS: Readonly<Record<HandoverBreak, string>> = {
  file_changed: 'a byte of the file is another than when it was written',
  sheet_changed: 'the sheet is not the one that was signed',
  signature_wrong: 'a signature does not belong to this sheet',
  signature_missing: 'somebody who must have signed has not',
  same_person: 'one person signed for two',
  seal_wrong: 'something was said or opened otherwise than when it was sealed',
  addendum_wrong: 'an addition is not what was added',
  chain_broken: 'the stretch of the audit in it does not hold',
  chain_without_seal: 'no line of the audit tells of the seal',
  anchor_missing: 'the printed hash stands nowhere in it',
};

/** Walks the chain of the audit: of the records, or of an export; or proves the file of a handover. */
export const verify: Command = {
  name: 'verify',
  usage: '[--anchor HASH] [--data DIR] [--config DIR] [FILE]',
  summary:
    'walks the chain of the audit, or of an exported FILE, or proves the FILE of a handover, and names what does not hold',
  async run(args) {
    const options = { ...PLACE_OPTIONS, anchor: { type: 'string' } } as const;
    const { values, positionals } = parseOptions(args, options, true);
    const [file, ...more] = positionals;
    if (more.length > 0) throw new WatchkeeperError('invalid_request', 'Name one file at a time.');
    const anchor = anchorOf(values.anchor);
    if (file !== undefined && (await isHandoverFile(file)))
      return tellHandover(await verifyHandover(file, anchor));
    const verdict = file === undefined ? await verifyRecords(values, anchor) : await verifyFile(file, anchor);
    const { isWhole, text } = tell(verdict, anchor);
    process.stdout.write(text);
    return isWhole ? 0 : 1;
  },
};

function anchorOf(text: string | undefined): string | undefined {
  const anchor = text?.replace(/\s/g, '').toLowerCase();
  if (anchor === undefined || /^[0-9a-f]{64}$/.test(anchor)) return anchor;
  throw new WatchkeeperError(
    'invalid_request',
    '--anchor is the printed hash: 64 digits and letters a to f.',
  );
}

async function verifyRecords(
  options: Parameters<typeof recordsPlace>[0],
  anchor: string | undefined,
): Promise<AuditVerdict> {
  const [{ openForReading }, { verifyAudit }] = await Promise.all([
    import('../records/open.ts'),
    import('../records/audit.ts'),
  ]);
  const { data, settings } = recordsPlace(options);
  const { db, close } = openForReading(data, settings);
  try {
    return await verifyAudit(db, anchor);
  } finally {
    await close();
  }
}

/** As large as sheets with their stretch of the audit get. */
const MAX_HANDOVER_BYTES = 64 * 1024 * 1024;

/** Whether a file begins as one of a handover does; one that cannot be read is told by who reads it. */
async function isHandoverFile(file: string): Promise<boolean> {
  const { HANDOVER_FORMAT } = await import('../duty/watch/export.ts');
  const head = `{"format":"${HANDOVER_FORMAT}"`;
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8', end: head.length - 1 }))
      return chunk === head;
  } catch {
    // Said by `verifyFile`.
  }
  return false;
}

async function verifyHandover(file: string, anchor: string | undefined): Promise<HandoverVerdict> {
  const [{ verifyHandoverFile }, { readFile, stat }] = await Promise.all([
    import('../duty/watch/export.ts'),
    import('node:fs/promises'),
  ]);
  if ((await stat(file)).size > MAX_HANDOVER_BYTES) {
    throw new WatchkeeperError('invalid_request', `${file} is larger than any file of a handover.`);
  }
  return verifyHandoverFile(await readFile(file, 'utf8'), anchor);
}

function tellHandover(verdict: HandoverVerdict): number {
  if (!verdict.isWhole) {
    process.stdout.write(`The handover does not hold: ${HANDOVER_MEANS[verdict.why]}.\n`);
    return 1;
  }
  const { handover, head, anchorAt, isForgotten } = verdict;
  const { id, outgoing = 'nobody', incoming, signatures, state } = handover;
  const atMs = state.kind === 'sealed' ? state.atMs : 0;
  const signed = signatures.map(({ role, person }) => `${person} (${role})`).join(', ');
  process.stdout.write(
    `Handover ${id} holds: from ${outgoing} to ${incoming}, signed by ${signed}, sealed ${new Date(atMs).toISOString()}.\nThe audit goes on from there to the hash\n${head}\n`,
  );
  if (isForgotten) {
    process.stdout.write(
      'What the audit said of it is forgotten by now, as it may be of people: the sheet and its signatures hold, the audit tells nothing of them.\n',
    );
  }
  if (anchorAt !== undefined) process.stdout.write(`Line ${anchorAt} of the audit is the printed one.\n`);
  return 0;
}

async function verifyFile(file: string, anchor: string | undefined): Promise<AuditVerdict> {
  const { verifyExport } = await import('../records/audit-export.ts');
  const stream = createReadStream(file, 'utf8');
  const failed = new Promise<never>((_, reject) => {
    stream.on('error', (error) =>
      reject(
        new WatchkeeperError('not_found', `${file} cannot be read: ${messageOf(error)}`, { cause: error }),
      ),
    );
  });
  return Promise.race([verifyExport(createInterface(stream), anchor), failed]);
}

/** The verdict in words. */
function tell(
  { lines, head, forgotten, broken, anchorAt }: AuditVerdict,
  anchor: string | undefined,
): { readonly isWhole: boolean; readonly text: string } {
  if (broken !== undefined) {
    const text = `The audit is broken at line ${broken.at}: ${MEANS[broken.why]}. The ${lines} lines before hold; the last of them has the hash\n${head}\n`;
    return { isWhole: false, text };
  }
  const forgot = forgotten === 0 ? '' : ` Of ${forgotten} what they said of people was forgotten in time.`;
  const whole = `The audit holds: ${lines} lines.${forgot} The last one has the hash\n${head}\n`;
  if (anchor === undefined) return { isWhole: true, text: whole };
  if (anchorAt !== undefined)
    return { isWhole: true, text: `${whole}Line ${anchorAt} is the printed one.\n` };
  const text = `${whole}But no line has the printed hash: the audit was written anew, or cut off before it, since it was printed.\n`;
  return { isWhole: false, text };
}
