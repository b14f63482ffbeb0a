import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PushSettings } from '../../config/agent-settings.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { Secret } from '../../config/runtime/secret.ts';
import { post, type Connection } from '../../config/wire/connection.ts';

/** Name of the file in the data folder, readable by the agent alone. */
export const CREDENTIAL_FILE = 'agent-credential';

/**
 * What the agent shows to its collector: the credential that it got when it joined, else what it gets now for its one-time token, else
 * the token of its file.
 * @throws {WatchkeeperError} `unauthenticated` when the collector does not let it join, and whatever keeps it from being asked.
 */
export async function credentialOf(
  { name, token, joinToken }: PushSettings,
  dataFolder: string | undefined,
  connection: Connection,
): Promise<Secret | undefined> {
  const file = dataFolder === undefined ? undefined : join(dataFolder, CREDENTIAL_FILE);
  if (file !== undefined && existsSync(file)) return new Secret(readFileSync(file, 'utf8').trim());
  if (file === undefined || joinToken === undefined) return token;
  const { status, text } = await post(connection, '/api/agents/join', {
    headers: { 'content-type': 'application/json', authorization: `Bearer ${joinToken.reveal()}` },
    body: Buffer.from(JSON.stringify({ name })),
  });
  if (status !== 200)
    throw new WatchkeeperError('unauthenticated', `the agent could not join: ${status} ${text.trim()}`);
  const credential = credentialIn(text);
  writeFileSync(`${file}.new`, credential, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return new Secret(credential);
}

function credentialIn(text: string): string {
  const body: unknown = JSON.parse(text);
  if (
    typeof body === 'object' &&
    body !== null &&
    'credential' in body &&
    typeof body.credential === 'string'
  )
    return body.credential;
  throw new WatchkeeperError('unauthenticated', 'the collector answered something else than a credential');
}
