import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SHIPPED_FOLDER } from '../../config/load.ts';
import type { Profile } from '../../config/model/profile.ts';
import { loadProfiles } from '../../config/profiles.ts';
import { formatFault } from '../../config/yaml-file.ts';

/** The shipped profiles and those of a folder, which replace shipped ones of the same name; faults go to standard error. */
export function profilesBeside(folder: string | undefined): readonly Profile[] {
  const folders = [join(SHIPPED_FOLDER, 'profiles'), ...(folder === undefined ? [] : [folder])];
  const files = new Map(
    folders.flatMap((place) =>
      readdirSync(place)
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => [name, join(place, name)] as const),
    ),
  );
  const { profiles, faults } = loadProfiles([...files.values()]);
  for (const fault of faults) process.stderr.write(`${formatFault(fault)}\n`);
  return profiles;
}
