import { expect, it } from 'vitest';
import { createTrouble } from '../../../../config/runtime/trouble.ts';
import { heardLog } from '../../../support/heard-log.ts';

it('trouble is told when it begins and when it is over, not each time', () => {
  const { log, lines } = heardLog();
  const trouble = createTrouble(log, { level: 'error', begins: 'the disk is full', ends: 'there is room' });
  trouble.ended();
  expect(lines).toEqual([]);
  trouble.happened({});
  trouble.happened({});
  trouble.ended();
  trouble.ended();
  trouble.happened({});
  expect(lines).toEqual([
    'error: the disk is full',
    'debug: the disk is full',
    'info: there is room',
    'error: the disk is full',
  ]);
});
