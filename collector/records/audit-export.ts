import { WatchkeeperError } from '../../config/model/errors.ts';
import { walkChain, type AuditVerdict } from './audit-chain.ts';
import { auditLines, type AuditLine } from './audit-lines.ts';
import { auditHead } from './audit.ts';
import type { Db } from './tables.ts';

/** The name of the format, in the first line of an export: JSON lines, the head of the chain, then each line with its proof. */
const FORMAT = 'watchkeeper-audit/1';

interface Header {
  readonly format: typeof FORMAT;
  readonly exportedAtMs: number;
  readonly head: { readonly seq: number; readonly hash: string };
}

/** The whole audit as text that can be verified without anything else, one line after the other. */
export async function* exportAudit(db: Db, exportedAtMs: number): AsyncGenerator<string> {
  const head = await auditHead(db);
  const header: Header = { format: FORMAT, exportedAtMs, head };
  yield `${JSON.stringify(header)}\n`;
  if (head.seq === 0) return;
  for await (const line of auditLines(db)) {
    yield `${JSON.stringify(line)}\n`;
    if (line.seq === head.seq) return;
  }
}

/**
 * Walks the chain of an export.
 * @param texts its lines.
 * @throws {WatchkeeperError} `invalid_request` naming the line that is none of an export.
 */
export async function verifyExport(texts: AsyncIterable<string>, anchor?: string): Promise<AuditVerdict> {
  const walk = walkChain(anchor);
  let head: Header['head'] | undefined;
  let number = 0;
  for await (const text of texts) {
    number += 1;
    if (head === undefined) {
      head = headerOf(text).head;
      continue;
    }
    const { personal, ...line } = lineOf(text, number);
    if (!walk.take(line, personal)) break;
  }
  if (head === undefined) throw noExport('the file is empty');
  return walk.end(head);
}

function headerOf(text: string): Header {
  const header = parsed(text, 1);
  const isHead = has(header['head'], { seq: 'number', hash: 'string' });
  if (header['format'] !== FORMAT || !isHead) throw noExport(`its first line does not say ${FORMAT}`);
  return header as unknown as Header;
}

const LINK = {
  seq: 'number',
  atMs: 'number',
  action: 'string',
  personalHash: 'string',
  previousHash: 'string',
};
const PERSONAL = { salt: 'string', who: 'string', target: 'string', change: 'string', origin: 'string' };

function lineOf(text: string, number: number): AuditLine {
  const line = parsed(text, number);
  const { personal } = line;
  if (!has(line, { ...LINK, hash: 'string' }) || !(personal === undefined || has(personal, PERSONAL))) {
    throw noExport(`line ${number} lacks a field or has one of another kind`);
  }
  return line as unknown as AuditLine;
}

function parsed(text: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below.
  }
  throw noExport(`line ${number} is no JSON object`);
}

function has(value: unknown, fields: Readonly<Record<string, string>>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const object = value as Readonly<Record<string, unknown>>;
  return Object.entries(fields).every(([name, kind]) => typeof object[name] === kind);
}

function noExport(why: string): WatchkeeperError {
  return new WatchkeeperError('invalid_request', `This is no export of an audit: ${why}.`);
}
