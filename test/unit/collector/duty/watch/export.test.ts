import { beforeEach, describe, expect, it } from 'vitest';
import { verifyHandoverFile } from '../../../../../collector/duty/watch/export.ts';
import { hashOfText, sealHash, signatureHash } from '../../../../../collector/duty/watch/hashes.ts';
import { hashOfPersonal } from '../../../../../collector/records/audit-chain.ts';
import { auditHead } from '../../../../../collector/records/audit.ts';
import type { AuditLine } from '../../../../../collector/records/audit-lines.ts';
import type { Handover, Signature } from '../../../../../config/model/handover.ts';
import { watchSite, type WatchSite } from '../../../../support/watch-site.ts';

/** What a forger reads and writes. */
interface Forged {
  sheet: string;
  handover: Handover;
  addenda: { text: string }[];
  audit: AuditLine[];
  exportedAtMs: number;
}

let site: WatchSite;
let id: number;
let file: string;
/** The head of the audit as it was printed after the signatures. */
let printed: string;

const exported = async (): Promise<string> =>
  (await site.raw(`/api/handovers/${id}/export`)).bytes.toString();

beforeEach(async () => {
  site = await watchSite();
  await site.take('li');
  await site.own.clock.advance(3_600_000);
  id = await site.start('wang');
  await site.openAll('wang', id);
  await site.give('wang', 'ask-handover', { handover: id, block: 'log', text: 'And rack 7?' });
  await site.give('li', 'answer-handover', { handover: id, question: 0, text: 'Cold' });
  await site.sign('li', id, 'outgoing');
  await site.own.clock.advance(1_000);
  await site.sign('wang', id, 'incoming');
  printed = (await auditHead(site.own.db)).hash;
  for (const text of ['the key was found', 'it was the wrong key']) {
    await site.give('li', 'add-addendum', { handover: id, text });
  }
  file = await exported();
});

/** A forger makes the hash of the file anew. */
function forge(change: (forged: Forged) => void): string {
  const forged = JSON.parse(file.slice(0, file.indexOf('\n'))) as Forged;
  change(forged);
  const text = JSON.stringify(forged);
  return `${text}\nsha256 ${hashOfText(text)}\n`;
}

const whyNot = (change: (forged: Forged) => void): string | undefined => {
  const verdict = verifyHandoverFile(forge(change));
  return verdict.isWhole ? undefined : verdict.why;
};

/** Signatures and seal as whoever knows the method can make them. */
function signedAnew(handover: Handover): Handover {
  const signatures: Signature[] = [];
  for (const { hash: _old, ...signature } of handover.signatures) {
    signatures.push({ ...signature, hash: signatureHash({ ...handover, signatures }, signature) });
  }
  const signed = { ...handover, signatures };
  const atMs = signatures.at(-1)?.atMs ?? 0;
  return { ...signed, state: { kind: 'sealed', atMs, hash: sealHash(signed) } };
}

describe('the file of a handover', () => {
  it('holds as it is, and with what was printed after the signatures', () => {
    expect(verifyHandoverFile(file)).toMatchObject({ isWhole: true, isForgotten: false });
    expect(verifyHandoverFile(file, printed)).toMatchObject({
      isWhole: true,
      anchorAt: expect.any(Number) as number,
    });
    expect(whyNot(() => undefined)).toBeUndefined();
  });

  it.each<[string, string, (forged: Forged) => void]>([
    ['a word of the sheet', 'sheet_changed', (forged) => (forged.sheet = forged.sheet.replace('li', 'lo'))],
    [
      'the sheet with its hash',
      'signature_wrong',
      (forged) => {
        forged.sheet += ' ';
        forged.handover = { ...forged.handover, sheetHash: hashOfText(forged.sheet) };
      },
    ],
    [
      'who signed',
      'signature_wrong',
      ({ handover }) => Object.assign(handover.signatures[0] ?? {}, { person: 'zhao' }),
    ],
    [
      'when it was signed',
      'signature_wrong',
      ({ handover }) => Object.assign(handover.signatures[1] ?? {}, { atMs: 5 }),
    ],
    [
      'a signature taken away',
      'signature_missing',
      (forged) =>
        (forged.handover = { ...forged.handover, signatures: forged.handover.signatures.slice(0, 1) }),
    ],
    [
      'an answer',
      'seal_wrong',
      ({ handover }) => Object.assign(handover.questions[0]?.answer ?? {}, { text: 'Hot' }),
    ],
    ['when a block was opened', 'seal_wrong', ({ handover }) => Object.assign(handover.opened, { log: 5 })],
    [
      'a word of an addition',
      'addendum_wrong',
      ({ addenda }) => Object.assign(addenda[0] ?? {}, { text: 'lost' }),
    ],
    ['the order of additions', 'addendum_wrong', ({ addenda }) => void addenda.reverse()],
    ['the first addition taken away', 'addendum_wrong', ({ addenda }) => void addenda.shift()],
    ['a line of the audit taken out', 'chain_broken', ({ audit }) => void audit.splice(2, 1)],
    [
      'what a line of the audit says',
      'chain_broken',
      ({ audit }) => {
        const told = audit.find(({ personal }) => personal !== undefined)?.personal;
        Object.assign(told ?? {}, { who: 'zhao' });
      },
    ],
    [
      'that with its hash',
      'chain_broken',
      ({ audit }) => {
        const line = audit.find(({ personal }) => personal !== undefined);
        if (line?.personal === undefined) return;
        const personal = { ...line.personal, who: 'zhao' };
        Object.assign(line, { personal, personalHash: hashOfPersonal(personal) });
      },
    ],
    ['the audit left out', 'chain_without_seal', (forged) => (forged.audit = [])],
    [
      'the incoming, signed anew by the forger',
      'chain_without_seal',
      (forged) => {
        forged.sheet = forged.sheet.replaceAll('wang', 'zhao');
        const sheetHash = hashOfText(forged.sheet);
        const said = JSON.parse(JSON.stringify(forged.handover).replaceAll('wang', 'zhao')) as Handover;
        forged.handover = signedAnew({ ...said, sheetHash });
        forged.addenda = [];
      },
    ],
  ])('does not hold with another hash of its own: %s', (_what, why, change) => {
    expect(whyNot(change)).toBe(why);
  });

  it('takes as printed only a head that follows from its seal', async () => {
    await site.give('zhao', 'write-log', { text: 'somebody else was busy' });
    const { hash: later } = await auditHead(site.own.db);
    expect(verifyHandoverFile(file, later)).toEqual({ isWhole: false, why: 'anchor_missing' });
    // A head that stands beside the chain proves nothing.
    const beside = forge((forged) => Object.assign(forged, { head: { seq: 99, hash: later } }));
    expect(verifyHandoverFile(beside, later)).toEqual({ isWhole: false, why: 'anchor_missing' });
    file = await exported();
    expect(verifyHandoverFile(file, later)).toMatchObject({ isWhole: true });
    expect(file).not.toContain('somebody else was busy');
  });

  it('says so once the audit has forgotten what it said of people, and not before', () => {
    const forget = ({ audit }: Forged): void => {
      for (const line of audit) delete (line as { personal?: unknown }).personal;
    };
    expect(whyNot(forget)).toBe('chain_without_seal');
    const years = forge((forged) => {
      forget(forged);
      forged.exportedAtMs += 1_101 * 86_400_000;
    });
    expect(verifyHandoverFile(years)).toMatchObject({ isWhole: true, isForgotten: true });
  });
});
