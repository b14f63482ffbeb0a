import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { defined } from './model/defined.ts';
import { INFO_LABELS, type Profile, type ProfileBody, type ProfileMatch } from './model/profile.ts';
import { checkBelow, expression, type Check, type Path } from './profile-check.ts';
import { scalarRule, tableRules } from './profile-rules.ts';
import { trapRule } from './profile-traps.ts';
import { ProfileFile, ProfileHead } from './schema/profile.ts';
import { checkYaml, readYamlFile, type Fault, type YamlFile } from './yaml-file.ts';

interface Loaded {
  readonly profiles: readonly Profile[];
  readonly faults: readonly Fault[];
}

/**
 * Reads device profiles whole. One that has faults is left out and its faults are told; the others are usable. One that names several
 * roots is as many profiles of one name.
 */
export function loadProfiles(files: readonly string[]): Loaded {
  const loaded = files.map((file) => profilesOf(file, readYamlFile(file, ProfileFile), bodyOf));
  return {
    profiles: loaded.flatMap(({ profiles }) => profiles),
    faults: loaded.flatMap(({ faults }) => faults),
  };
}

/**
 * As `loadProfiles`, but of those in the trusted folder, which are known to have no fault, only what tells whom they serve is read
 * now; the rest on first use. There are hundreds, and a site has devices of a dozen families.
 */
export function openProfiles(files: readonly string[], trustedFolder: string): Loaded {
  const loaded = files.map((file) =>
    dirname(file) === trustedFolder ? openProfile(file) : loadProfiles([file]),
  );
  return {
    profiles: loaded.flatMap(({ profiles }) => profiles),
    faults: loaded.flatMap(({ faults }) => faults),
  };
}

/** Where a profile's head ends: what stands before decides whom it serves. */
const BODY = /^(?:invalid|shared|info|changes_with|values|tables|traps):/mu;

function openProfile(file: string): Loaded {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return loadProfiles([file]);
  }
  const head = checkYaml(file, text.slice(0, BODY.exec(text)?.index ?? text.length), ProfileHead);
  if (head.value === undefined) return loadProfiles([file]);
  // A trap is held against all profiles: those that have none are not read for it.
  const hasTraps = /^traps:/mu.test(text);
  let whole: Loaded | undefined;
  const body = (place: number): ProfileBody => {
    whole ??= loadProfiles([file]);
    return whole.profiles[place] ?? NO_BODY;
  };
  return profilesOf(file, head, (_value, _check, place) => ({
    get info() {
      return body(place).info;
    },
    get changesWith() {
      return body(place).changesWith;
    },
    get rules() {
      return body(place).rules;
    },
    get traps() {
      return hasTraps ? body(place).traps : [];
    },
  }));
}

const NO_BODY: ProfileBody = { info: {}, changesWith: [], rules: [], traps: [] };

function profilesOf<T extends ProfileHead>(
  file: string,
  read: YamlFile<T>,
  bodyIn: (value: T, check: Check, place: number) => ProfileBody,
): Loaded {
  const { value } = read;
  if (value === undefined) return { profiles: [], faults: read.faults };
  const faults: Fault[] = [...read.faults];
  const roots = value.root === undefined ? [undefined] : [value.root].flat();
  const profiles = roots.map((root, place) => {
    const check = checkBelow(root, (path, message) => {
      // What is wrong below one root is wrong below the others.
      if (place === 0) faults.push(read.faultAt(path, message));
    });
    const match = value.match.flatMap((rule, index) => matchesOf(rule, ['match', index], check));
    const body = bodyIn(value, check, place);
    return {
      name: basename(file, '.yaml'),
      title: value.title,
      match,
      // Handed on, not spread: what is read on first use must not be read here.
      get info() {
        return body.info;
      },
      get changesWith() {
        return body.changesWith;
      },
      get rules() {
        return body.rules;
      },
      get traps() {
        return body.traps;
      },
    };
  });
  return { profiles: faults.length === 0 ? profiles : [], faults };
}

function bodyOf(file: ProfileFile, check: Check): ProfileBody {
  const { info = {}, values = [], tables = [] } = file;
  const shared = { check, invalid: file.invalid ?? [] };
  const infoObjects = INFO_LABELS.flatMap((label) => {
    const texts = info[label];
    if (texts === undefined) return [];
    return [[label, [texts].flat().map((text) => check.oid(text, ['info', label]))] as const];
  });
  return {
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
function matchesOf(rule: ProfileHead['match'][number], path: Path, check: Check): readonly ProfileMatch[] {
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
