import { describe, expect, it } from 'vitest';
import {
  afterSigned,
  believed,
  MAX_BOOTS,
  timeAt,
  type Engine,
} from '../../../../../agents/snmp/v3/engine.ts';

const ID = Buffer.from('80001f8803010203040506', 'hex');
const ENGINE: Engine = { id: ID, boots: 3, time: 1_000, heardAtMs: 0, isProven: true };

describe('the time of an engine', () => {
  it('goes on while nothing is heard', () => {
    expect(timeAt(ENGINE, 90_500)).toBe(1_090);
  });

  it.each([
    ['now', 3, 1_600],
    ['as late as the window allows', 3, 1_450],
    ['of a later start', 4, 0],
  ])('takes a signed message %s', (_what, boots, time) => {
    expect(afterSigned(ENGINE, { boots, time }, 600_000)).toBeDefined();
  });

  it.each([
    ['from before the window', 3, 1_449],
    ['of an earlier start', 2, 1_600],
    ['of an engine that may not start any more', MAX_BOOTS, 1_600],
  ])('refuses one %s: it may have been recorded', (_what, boots, time) => {
    expect(afterSigned(ENGINE, { boots, time }, 600_000)).toBeUndefined();
  });

  it('never goes back for a message that came late', () => {
    expect(afterSigned(ENGINE, { boots: 3, time: 1_500 }, 600_000)).toEqual(ENGINE);
  });

  it('is only believed until a signed message proves it', () => {
    const heard = believed({ engineId: ID, boots: 9, time: 9_999 }, 0);
    expect(afterSigned(heard, { boots: 3, time: 20 }, 0)).toMatchObject({
      boots: 3,
      time: 20,
      isProven: true,
    });
  });
});
