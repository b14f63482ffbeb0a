import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PushSettings } from '../../config/agent-settings.ts';
import { Secret } from '../../config/runtime/secret.ts';

/** Name of the file in the data folder, readable by the agent alone. */
export const CREDENTIAL_FILE = 'agent-credential';

/** What the agent shows to its collector: the credential that it got when it joined, else the token of its file. */
export function credentialOf({
  to,
  dataFolder,
}: {
  readonly to: PushSettings;
  readonly dataFolder: string | undefined;
}): Secret | undefined {
  if (dataFolder === undefined) return to.token;
  const file = join(dataFolder, CREDENTIAL_FILE);
  return existsSync(file) ? new Secret(readFileSync(file, 'utf8').trim()) : to.token;
}
