import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Secret } from '../../config/runtime/secret.ts';
import { walkChain, type AuditLink } from '../records/audit-chain.ts';
import type { Row } from '../records/dump.ts';
import { FORMAT, readBackup, type BackupPart } from './backup-file.ts';

/** What a backup was found to hold. */
export interface BackupContents {
  readonly atMs: number;
  readonly steps: readonly string[];
  readonly rows: number;
  readonly files: readonly string[];
  readonly auditHead: { readonly seq: number; readonly hash: string };
}

/**
 * Reads a backup from its first byte to its last: every row is counted, and the chain of the audit walked to its head.
 * @throws {WatchkeeperError} `backup_invalid` saying what is wrong with it.
 */
export async function checkBackup(file: string, secret: Secret): Promise<BackupContents> {
  const check = createCheck();
  for await (const part of readBackup(file, secret)) check.take(part);
  return check.contents();
}

function createCheck(): { take(part: BackupPart): void; contents(): BackupContents } {
  let atMs: number | undefined;
  let steps: readonly string[] = [];
  let table: Extract<BackupPart, { kind: 'table' }> | undefined;
  let rowsOfTable = 0;
  let rows = 0;
  let auditHead = { seq: 0, hash: '' };
  const files: string[] = [];
  const chain = walkChain();

  const endTable = (): void => {
    if (table === undefined || rowsOfTable === table.count) return;
    throw invalid(`of ${table.count} rows of ${table.table} it has ${rowsOfTable}`);
  };
  const takeRows = (part: Extract<BackupPart, { kind: 'rows' }>): void => {
    if (table?.table !== part.table) throw invalid('its parts are not in their order');
    rowsOfTable += part.rows.length;
    rows += part.rows.length;
    if (part.table !== 'audit') return;
    for (const row of part.rows) if (!chain.take(linkOf(table.columns, row), undefined)) break;
  };
  return {
    take(part) {
      if ((atMs === undefined) !== (part.kind === 'begin')) throw invalid('its parts are not in their order');
      switch (part.kind) {
        case 'begin':
          if (part.format !== FORMAT) throw invalid('it was made by a newer Watchkeeper');
          atMs = part.atMs;
          return;
        case 'steps':
          steps = part.steps;
          return;
        case 'table':
          endTable();
          table = part;
          rowsOfTable = 0;
          return;
        case 'rows':
          takeRows(part);
          return;
        case 'file':
          files.push(part.path);
          return;
        case 'end':
          endTable();
          auditHead = part.audit;
          return;
        default:
          part satisfies never;
      }
    },
    contents() {
      // What the audit says of people lies in a table of its own; a restore holds it against the chain.
      const { broken } = chain.end(auditHead);
      if (broken !== undefined && broken.why !== 'personal_missing') {
        throw invalid(`the chain of the audit does not hold at line ${broken.at}`);
      }
      return { atMs: atMs ?? 0, steps, rows, files, auditHead };
    },
  };
}

function linkOf(columns: readonly string[], row: Row): AuditLink {
  const text = (name: string): string => String(row[columns.indexOf(name)]);
  return {
    seq: Number(text('seq')),
    atMs: Number(text('at_ms')),
    action: text('action'),
    personalHash: text('personal_hash'),
    previousHash: text('previous_hash'),
    hash: text('hash'),
  };
}

function invalid(why: string): WatchkeeperError {
  return new WatchkeeperError('backup_invalid', `The backup cannot be used: ${why}.`);
}
