import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile } from '../../config/model/profile.ts';
import { openProfiles } from '../../config/profiles.ts';
import { SHIPPED_PROFILES } from '../../config/shipped.ts';
import { formatFault } from '../../config/yaml-file.ts';

/** The shipped profiles and those of a folder, which replace shipped ones of the same name; faults go to standard error. */
export function profilesBeside(folder: string | undefined): readonly Profile[] {
  const folders = [SHIPPED_PROFILES, ...(folder === undefined ? [] : [folder])];
  const files = new Map(
    folders.flatMap((place) =>
      readdirSync(place)
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => [name, join(place, name)] as const),
    ),
  );
  const { profiles, faults } = openProfiles([...files.values()], SHIPPED_PROFILES);
  for (const fault of faults) process.stderr.write(`${formatFault(fault)}\n`);
  return profiles;
}
