import { describe, expect, it } from 'vitest';
import { faultsOfFolder } from '../../../../collector/cli/faults.ts';
import { DEMO_FOLDER } from '../../../../config/load.ts';
import { formatFault } from '../../../../config/yaml-file.ts';
import { folderWith } from '../../../support/folder.ts';

const SITE = 'name: X\nrooms: [{ id: a, name: A }]\ndevices: []\n';
const PROFILE = 'title: Own\nmatch: [{ objectId: 1.3.6.1.x }]\n';
const RULES = `groups:
  - name: own
    rules:
      - { alert: Wrong, expr: rate(up) }
      - { alert: Right, expr: up == 0 }
`;

describe('watchkeeper check', () => {
  it('finds nothing wrong with what is shipped', () => {
    expect(faultsOfFolder(DEMO_FOLDER)).toEqual([]);
  });

  it('tells the faults of profiles and of rules, with file and line, at once', () => {
    const folder = folderWith({ 'site.yaml': SITE, 'profiles/own.yaml': PROFILE, 'rules/own.yaml': RULES });
    const told = faultsOfFolder(folder).map((fault) => formatFault(fault).replace(`${folder}/`, ''));
    expect(told.some((line) => line.startsWith('profiles/own.yaml:2: match'))).toBe(true);
    expect(told.filter((line) => line.startsWith('rules/'))).toEqual([
      expect.stringMatching(
        /^rules\/own\.yaml:4: groups\[0\]\.rules\[0\]\.expr: Wrong: .*expected type range vector/,
      ),
    ]);
  });

  it('tells a folder that has no site', () => {
    expect(faultsOfFolder(folderWith()).map(formatFault)[0]).toMatch(/site\.yaml: cannot be read/);
  });
});
