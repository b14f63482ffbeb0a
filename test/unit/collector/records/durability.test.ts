import { expect, it, onTestFinished } from 'vitest';
import { folderWith } from '../../../support/folder.ts';
import { stores } from '../../../support/stores.ts';
import { tortureRecords } from '../../../support/torture-records.ts';

const ROUNDS = 5;

it.each(await stores())(
  'keeps every answered write in $name, and nothing half done, however often it is killed in the middle of a write, a migration or a backup',
  async ({ make }) => {
    const fresh = () => {
      const { settings, remove } = make();
      onTestFinished(remove);
      return { folder: folderWith(), settings };
    };
    const torture = tortureRecords(fresh, 6);
    const acts: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) acts.push(await torture.round(round));
    expect(new Set(acts)).toEqual(new Set(['open', 'write', 'backup']));
    expect(torture.answered).toBeGreaterThan(ROUNDS);
  },
  240_000,
);
