import { describe, expect, it } from 'vitest';
import { createExchangeLog, type Told } from '../../../../agents/snmp/exchange-log.ts';
import { encodeGet, encodeGetBulk } from '../../../../agents/snmp/request.ts';

const ACCESS = { version: '2c', community: Buffer.from('public') } as const;
const OID = Uint8Array.of(0x2b, 6, 1);
const GET = encodeGet(ACCESS, 'get', [OID, OID]);
const WALK = encodeGetBulk(ACCESS, [OID], 10);
const ANSWER: Told = { bytes: 90, status: 0, object: 0 };

describe('the latest exchanges with a device', () => {
  it('are told newest first, with what was asked and what came of it', () => {
    const log = createExchangeLog(4);
    log.add({ atMs: 1_000, durationMs: 2.5, request: GET, outcome: ANSWER });
    log.add({ atMs: 2_000, durationMs: 8, request: WALK, outcome: { bytes: 60, status: 5, object: 1 } });
    log.add({ atMs: 3_000, durationMs: 2_000, request: GET, outcome: 'no answer' });
    const asked = `GET 2 objects, ${GET.bytes.length} bytes`;
    expect(log.views()).toEqual([
      { atMs: 3_000, durationMs: 2_000, request: asked, outcome: 'no answer' },
      {
        atMs: 2_000,
        durationMs: 8,
        request: `GETBULK 1 objects, ${WALK.bytes.length} bytes`,
        outcome: 'error 5 at object 1',
      },
      { atMs: 1_000, durationMs: 2.5, request: asked, outcome: 'answer of 90 bytes' },
    ]);
  });

  it('make room for new ones: an answer in the place of a silence is an answer', () => {
    const log = createExchangeLog(2);
    const outcomes = ['no answer', 'no answer', ANSWER] as const;
    for (const [index, outcome] of outcomes.entries())
      log.add({ atMs: index, durationMs: 1, request: GET, outcome });
    expect(log.views().map(({ atMs, outcome }) => [atMs, outcome])).toEqual([
      [2, 'answer of 90 bytes'],
      [1, 'no answer'],
    ]);
  });
});
