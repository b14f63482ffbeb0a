import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadConfig, type Config, type Env } from '../../config/load.ts';
import type { Profile } from '../../config/model/profile.ts';
import { openProfiles } from '../../config/profiles.ts';
import { SHIPPED_PROFILES } from '../../config/shipped.ts';
import { formatFault } from '../../config/yaml-file.ts';
import type { SettingsReader } from './settings.ts';

/** Reads the files of the site in that folder in this process. */
export function settingsBeside(folder: string, env: Env): SettingsReader & ProfileShelf {
  let profiles: readonly Profile[] | undefined;
  const openAll = (config: Config): ReturnType<typeof openProfiles> => {
    const opened = openProfiles(config.profileFiles, SHIPPED_PROFILES);
    ({ profiles } = opened);
    return opened;
  };
  const all = (): readonly Profile[] => profiles ?? openAll(loadConfig(folder, env)).profiles;
  return {
    // oxlint-disable-next-line require-await -- a fault rejects
    async read() {
      const config = loadConfig(folder, env);
      const opened = openAll(config);
      return {
        devices: config.devices,
        agent: config.agent,
        profiles: opened.profiles.map((profile) => ({
          name: profile.name,
          title: profile.title,
          match: profile.match,
          read: () => Promise.resolve(profile),
        })),
        profilesMark: markOf(config.profileFiles),
        profileFaults: opened.faults.map(formatFault),
      };
    },
    // oxlint-disable-next-line require-await -- a fault rejects
    async traps() {
      return all().flatMap(({ name, traps }) => (traps.length === 0 ? [] : [{ name, traps }]));
    },
    named: (name, place) => all().filter((profile) => profile.name === name)[place],
    stop: () => Promise.resolve(),
  };
}

/** Profiles by their place among those of one name, of which a file makes several where it has several roots. */
export interface ProfileShelf {
  named(name: string, place: number): Profile | undefined;
}

function markOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(textOf(file));
  return hash.digest('base64');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Told as a fault of the file.
    return '';
  }
}
