import { SHORTEST_BACKUP_KEY } from '../../config/backup.ts';
import type { Config } from '../../config/load.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { readSecret, Secret } from '../../config/runtime/secret.ts';

const VARIABLE = 'WATCHKEEPER_BACKUP_KEY';

/**
 * What seals a backup: the named file, else the environment, else `backup.key` of the configuration.
 * @throws {WatchkeeperError} `invalid_request` saying how to name one.
 */
export function backupKey(keyFile: string | undefined, config: Config | undefined): Secret {
  const key = keyFrom(keyFile, config);
  if (key === undefined) {
    throw new WatchkeeperError(
      'invalid_request',
      `Name the key of the backup: --key-file FILE, the environment variable ${VARIABLE}, or backup.key in collector.yaml (with --config).`,
    );
  }
  if ('fault' in key) throw new WatchkeeperError('invalid_request', `The key of the backup: ${key.fault}.`);
  if (key.reveal().length >= SHORTEST_BACKUP_KEY) return key;
  throw new WatchkeeperError(
    'invalid_request',
    `The key of the backup has fewer than ${SHORTEST_BACKUP_KEY} characters.`,
  );
}

function keyFrom(
  keyFile: string | undefined,
  config: Config | undefined,
): Secret | { readonly fault: string } | undefined {
  if (keyFile !== undefined) return readSecret({ file: keyFile }, {});
  const variable = process.env[VARIABLE];
  return variable === undefined ? config?.backup?.key : new Secret(variable);
}
