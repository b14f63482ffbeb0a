import type { Secret } from './runtime/secret.ts';
import type { CollectorFile } from './schema/collector.ts';
import type { Fault, ReadSecret, YamlFile } from './yaml-file.ts';

/** Backups that are made by themselves, once a day. */
export interface BackupSettings {
  readonly folder: string;
  /** A passphrase, or what stands in a key file. */
  readonly key: Secret;
  /** Minutes after midnight, in the site's time zone. */
  readonly atMinutes: number;
  /** How many are kept. */
  readonly keep: number;
}

const DEFAULT_AT = '02:30';
const DEFAULT_KEEP = 14;
/** What can be tried through in a lifetime is no key. */
export const SHORTEST_BACKUP_KEY = 16;

/** What `backup:` of `collector.yaml` says; nothing when it is absent. */
export function backupSettings(
  file: YamlFile<CollectorFile>,
  secret: ReadSecret,
): { readonly settings: BackupSettings | undefined; readonly faults: readonly Fault[] } {
  const backup = file.value?.backup;
  if (backup === undefined) return { settings: undefined, faults: [] };
  let isMissing = false;
  const fault = (message: string): Fault => file.faultAt(['backup', 'key'], message);
  const key = secret(backup.key, (message) => {
    isMissing = true;
    return fault(message);
  });
  const isShort = !isMissing && key.reveal().length < SHORTEST_BACKUP_KEY;
  const [hours = '', minutes = ''] = (backup.at ?? DEFAULT_AT).split(':');
  return {
    settings: {
      folder: backup.folder,
      key,
      atMinutes: Number(hours) * 60 + Number(minutes),
      keep: backup.keep ?? DEFAULT_KEEP,
    },
    faults: isShort ? [fault(`it has fewer than ${SHORTEST_BACKUP_KEY} characters`)] : [],
  };
}
