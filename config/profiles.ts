import { basename } from 'node:path';
import { defined } from './model/defined.ts';
import { INFO_LABELS, type Profile, type ProfileMatch } from './model/profile.ts';
import { checkBelow, expression, type Check, type Path } from './profile-check.ts';
import { scalarRule, tableRules } from './profile-rules.ts';
import { trapRule } from './profile-traps.ts';
import { ProfileFile } from './schema/profile.ts';
import { readYamlFile, type Fault } from './yaml-file.ts';

/** Reads device profiles. One that has faults is left out and its faults are told; the others are usable. */
export function loadProfiles(files: readonly string[]): {
  readonly profiles: readonly Profile[];
  readonly faults: readonly Fault[];
} {
  const profiles: Profile[] = [];
  const faults: Fault[] = [];
  for (const file of files) {
    const read = readYamlFile(file, ProfileFile);
    const found: Fault[] = [...read.faults];
    if (read.value !== undefined) {
      const check = checkBelow(read.value.root, (path, message) => found.push(read.faultAt(path, message)));
      const profile = profileOf(basename(file, '.yaml'), read.value, check);
      if (found.length === 0) profiles.push(profile);
    }
    faults.push(...found);
  }
  return { profiles, faults };
}

function profileOf(name: string, file: ProfileFile, check: Check): Profile {
  const { title, match, info = {}, values = [], tables = [] } = file;
  const shared = { check, invalid: file.invalid ?? [] };
  const infoObjects = INFO_LABELS.flatMap((label) => {
    const texts = info[label];
    if (texts === undefined) return [];
    return [[label, [texts].flat().map((text) => check.oid(text, ['info', label]))] as const];
  });
  return {
    name,
    title,
    match: match.flatMap((rule, index) => matchesOf(rule, ['match', index], check)),
    info: Object.fromEntries(infoObjects),
    changesWith: (file.changes_with ?? []).map((text, index) => check.oid(text, ['changes_with', index])),
    rules: [
      ...values.map((value, index) => scalarRule(value, ['values', index], shared)),
      ...tables.flatMap((table, index) => tableRules(table, ['tables', index], shared)),
    ],
    traps: (file.traps ?? []).map((trap, index) => trapRule(trap, ['traps', index], check)),
  };
}

/** One match for each sysObjectID that it names. */
function matchesOf(rule: ProfileFile['match'][number], path: Path, check: Check): readonly ProfileMatch[] {
  if (Object.keys(rule).length === 0) check.fault(path, 'names nothing and would match every device');
  const objectIds = rule.object_id === undefined ? [undefined] : [rule.object_id].flat();
  return objectIds.map((objectId) =>
    defined({
      objectId: objectId && check.oid(objectId, [...path, 'object_id']),
      descr: rule.descr === undefined ? undefined : expression(rule.descr, [...path, 'descr'], check),
      has: rule.has && check.oid(rule.has, [...path, 'has']),
    }),
  );
}
