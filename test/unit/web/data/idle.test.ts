import { expect, it } from 'vitest';
import { idleState } from '../../../../web/data/idle.ts';

it.each([
  ['here', 28_800_000, 28_679_999, { kind: 'here' }],
  ['warned two minutes before', 28_800_000, 28_680_000, { kind: 'warned', leftMs: 120_000 }],
  ['warned at half of a short limit', 60_000, 30_000, { kind: 'warned', leftMs: 30_000 }],
  ['here before that', 60_000, 29_999, { kind: 'here' }],
  ['logged off at the end', 60_000, 60_000, { kind: 'over' }],
])('somebody who does not touch the page is %s', (_, limitMs, nowMs, state) => {
  expect(idleState(0, nowMs, limitMs)).toEqual(state);
});
