/**
 * Writes an invented recording for every shipped profile that has none, or for those named: `node test/profiles/invent.ts [NAME…]`.
 * What the profile makes of it is pinned beside it by the tests (`npm test -- -u`).
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SHIPPED_FOLDER } from '../../config/load.ts';
import { loadProfiles } from '../../config/profiles.ts';
import { inventRecording } from '../support/invent-recording.ts';

const folder = join(SHIPPED_FOLDER, 'profiles');
const named = process.argv.slice(2);
for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
  const name = basename(file, '.yaml');
  const recording = join(import.meta.dirname, `${name}.snmprec`);
  if (named.length === 0 ? existsSync(recording) : !named.includes(name)) continue;
  const [profile] = loadProfiles([join(folder, file)]).profiles;
  if (profile !== undefined) writeFileSync(recording, inventRecording(profile));
}
