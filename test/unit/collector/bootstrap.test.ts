import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../config/runtime/place.ts';
import { folderWith } from '../../support/folder.ts';

/** Writes what a build leaves behind, and that it was at work. */
const BUILD = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('dist/programs', { recursive: true });
writeFileSync('dist/programs/sources', process.argv[2]);
appendFileSync('built', 'x');
`;

/** A product that hardly does anything, with the real bootstrap. */
function product(): { readonly folder: string; readonly ensure: () => number } {
  const folder = folderWith({
    'collector/bundle/main.ts': BUILD,
    'agents/main.ts': '',
    'agents/old.ts': '',
    'alerting/alerting.ts': '',
    'config/rules/ups.yaml': '',
    'package.json': '{ "type": "module" }',
    'package-lock.json': '{}',
    built: '',
  });
  const bootstrap = join(folder, 'collector/bootstrap.js');
  copyFileSync(join(ROOT, 'collector/bootstrap.js'), bootstrap);
  const script = `import('${pathToFileURL(bootstrap).href}').then((module) => module.ensureProgramsBuilt())`;
  return {
    folder,
    ensure: () => {
      expect(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toMatchObject({ status: 0 });
      return readFileSync(join(folder, 'built'), 'utf8').length;
    },
  };
}

describe('the programs', () => {
  it('are built by the first start, and not again by the next', () => {
    const { ensure } = product();
    expect(ensure()).toBe(1);
    expect(ensure()).toBe(1);
  });

  it.each(['agents/main.ts', 'alerting/alerting.ts', 'package-lock.json'])(
    'are built again once %s is newer',
    (file) => {
      const { folder, ensure } = product();
      ensure();
      const soon = performance.timeOrigin / 1000 + 3600;
      utimesSync(join(folder, file), soon, soon);
      expect(ensure()).toBe(2);
    },
  );

  it('are built again when all sources are older ones, and when one is gone', () => {
    const { folder, ensure } = product();
    for (const file of [
      'agents/main.ts',
      'agents/old.ts',
      'alerting/alerting.ts',
      'collector/bundle/main.ts',
    ])
      utimesSync(join(folder, file), 1_000, 1_000);
    utimesSync(join(folder, 'package-lock.json'), 2_000, 2_000);
    ensure();
    utimesSync(join(folder, 'package-lock.json'), 1_500, 1_500);
    expect(ensure()).toBe(2);
    rmSync(join(folder, 'agents/old.ts'));
    expect(ensure()).toBe(3);
  });

  it('are not built for what is read when they run', () => {
    const { folder, ensure } = product();
    ensure();
    writeFileSync(join(folder, 'config/rules/ups.yaml'), 'groups: []');
    expect(ensure()).toBe(1);
  });
});
