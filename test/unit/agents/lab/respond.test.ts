import { describe, expect, it } from 'vitest';
import { counter64, integer, text } from '../../../../agents/lab/mib/values.ts';
import { mibView, scalars, table } from '../../../../agents/lab/mib/view.ts';
import { respond } from '../../../../agents/lab/respond.ts';
import { startRoom } from '../../../../agents/lab/room/room.ts';
import {
  decodeMessage,
  ERROR_STATUS,
  type Message,
  type Pdu,
  type SnmpVersion,
} from '../../../../agents/snmp/codec.ts';

const BASE = '1.3.6.1.4.1.99999';
const VIEW = mibView([
  ...scalars(BASE, { 1: () => integer(11), 2: () => counter64(2 ** 40), 3: () => text('x'.repeat(300)) }),
  ...table(`${BASE}.9.1`, ['a', 'b', 'c'], {
    1: (row) => text(row),
    // The second row has no value now.
    2: (row) => (row === 'b' ? undefined : integer(row.charCodeAt(0))),
  }),
]);
const ROOM = startRoom(0);
const NULL = { kind: 'null' } as const;

type Response = Extract<Pdu, { kind: 'response' }>;

function ask(
  pdu: Pdu,
  { version = '2c', maxBytes = 1_472 }: { version?: SnmpVersion; maxBytes?: number } = {},
): Response | undefined {
  const request: Message = { version, community: 'public', pdu };
  const bytes = respond({ view: VIEW, room: ROOM, maxBytes }, request);
  if (bytes === undefined) return undefined;
  expect(bytes.length).toBeLessThanOrEqual(maxBytes);
  const answer = decodeMessage(bytes);
  expect(answer).toMatchObject({ version, community: 'public', pdu: { requestId: pdu.requestId } });
  if (answer.pdu.kind !== 'response') throw new Error('the answer is no response');
  return answer.pdu;
}

const bind = (oids: readonly string[]) => oids.map((oid) => ({ oid, value: NULL }));
const get = (...oids: readonly string[]): Pdu => ({ kind: 'get', requestId: 7, varBinds: bind(oids) });
const getNext = (...oids: readonly string[]): Pdu => ({
  kind: 'getNext',
  requestId: 8,
  varBinds: bind(oids),
});
const getBulk = (nonRepeaters: number, maxRepetitions: number, ...oids: readonly string[]): Pdu => ({
  kind: 'getBulk',
  requestId: 9,
  nonRepeaters,
  maxRepetitions,
  varBinds: bind(oids),
});
const kinds = (response: Response | undefined) => response?.varBinds.map(({ value }) => value.kind);
const oids = (response: Response | undefined) => response?.varBinds.map(({ oid }) => oid);

describe('GET', () => {
  it('answers every object in the order of the question', () => {
    expect(ask(get(`${BASE}.9.1.1.3`, `${BASE}.1.0`))).toEqual({
      kind: 'response',
      requestId: 7,
      errorStatus: 0,
      errorIndex: 0,
      varBinds: [
        { oid: `${BASE}.9.1.1.3`, value: { kind: 'octets', value: new Uint8Array(Buffer.from('c')) } },
        { oid: `${BASE}.1.0`, value: { kind: 'integer', value: 11 } },
      ],
    });
  });

  it.each([
    ['an object of another device', '1.3.6.1.4.1.1.1.0', 'noSuchObject'],
    ['the name of a scalar without its instance', `${BASE}.1`, 'noSuchObject'],
    ['a second instance of a scalar', `${BASE}.1.1`, 'noSuchInstance'],
    ['a row that the table has not', `${BASE}.9.1.1.4`, 'noSuchInstance'],
    ['a row that has no value now', `${BASE}.9.1.2.2`, 'noSuchInstance'],
    ['something below an instance', `${BASE}.1.0.1`, 'noSuchInstance'],
  ])('says of %s that there is none, and answers the rest', (_, oid, kind) => {
    expect(kinds(ask(get(oid, `${BASE}.1.0`)))).toEqual([kind, 'integer']);
  });

  it('in SNMPv1 names the first that is missing, and a Counter64 is', () => {
    const v1 = { version: '1' } as const;
    expect(ask(get(`${BASE}.1.0`, `${BASE}.7.0`), v1)).toMatchObject({
      errorStatus: ERROR_STATUS.noSuchName,
      errorIndex: 2,
      varBinds: [{ oid: `${BASE}.1.0` }, { oid: `${BASE}.7.0` }],
    });
    expect(ask(get(`${BASE}.2.0`), v1)).toMatchObject({
      errorStatus: ERROR_STATUS.noSuchName,
      errorIndex: 1,
    });
    expect(kinds(ask(get(`${BASE}.2.0`)))).toEqual(['counter64']);
  });

  it('refuses what does not fit an answer', () => {
    const three = get(`${BASE}.3.0`, `${BASE}.3.0`, `${BASE}.3.0`);
    expect(ask(three, { maxBytes: 700 })).toMatchObject({
      errorStatus: ERROR_STATUS.tooBig,
      errorIndex: 0,
      varBinds: [],
    });
    expect(ask(three, { maxBytes: 1_472 })?.errorStatus).toBe(ERROR_STATUS.noError);
  });
});

describe('GETNEXT', () => {
  it('walks every object that there is now, once, in order, to the end', () => {
    const walked: string[] = [];
    let oid = '1.3';
    for (;;) {
      const answer = ask(getNext(oid));
      const next = answer?.varBinds[0];
      if (next === undefined || next.value.kind === 'endOfMibView') break;
      walked.push(next.oid);
      oid = next.oid;
      expect(walked.length).toBeLessThan(20);
    }
    const there = VIEW.objects.filter(({ read }) => read(ROOM) !== undefined).map((object) => object.oid);
    expect(walked).toEqual(there);
    expect(walked).not.toContain(`${BASE}.9.1.2.2`);
  });

  it('tells the end under the name that was asked', () => {
    expect(ask(getNext(`${BASE}.9.1.2.3`))?.varBinds).toEqual([
      { oid: `${BASE}.9.1.2.3`, value: { kind: 'endOfMibView' } },
    ]);
  });

  it('in SNMPv1 steps over a Counter64 and ends with noSuchName', () => {
    const v1 = { version: '1' } as const;
    expect(oids(ask(getNext(`${BASE}.1.0`), v1))).toEqual([`${BASE}.3.0`]);
    expect(ask(getNext(`${BASE}.1.0`, `${BASE}.9.1.2.3`), v1)).toMatchObject({
      errorStatus: ERROR_STATUS.noSuchName,
      errorIndex: 2,
    });
  });
});

describe('GETBULK', () => {
  it('answers the non-repeaters once and the others row by row', () => {
    expect(oids(ask(getBulk(1, 2, BASE, `${BASE}.9.1.1`, `${BASE}.9.1.2`)))).toEqual([
      `${BASE}.1.0`,
      `${BASE}.9.1.1.1`,
      `${BASE}.9.1.2.1`,
      `${BASE}.9.1.1.2`,
      `${BASE}.9.1.2.3`,
    ]);
  });

  it('ends after the row in which all have ended', () => {
    expect(kinds(ask(getBulk(0, 50, `${BASE}.9.1.2.1`)))).toEqual(['integer', 'endOfMibView']);
  });

  it('gives as much as fits', () => {
    const few = ask(getBulk(0, 50, BASE), { maxBytes: 160 });
    expect(few?.errorStatus).toBe(ERROR_STATUS.noError);
    expect(oids(few)).toEqual([`${BASE}.1.0`, `${BASE}.2.0`]);
  });

  it('refuses when not even the first fits', () => {
    expect(ask(getBulk(0, 50, `${BASE}.2.0`), { maxBytes: 160 })).toMatchObject({
      errorStatus: ERROR_STATUS.tooBig,
      varBinds: [],
    });
  });

  it.each([
    ['nothing repeated', getBulk(0, 0, BASE), 0],
    ['negative counts', getBulk(-5, -5, BASE), 0],
    ['more non-repeaters than names', getBulk(10, 10, BASE, `${BASE}.9`), 2],
    ['no name at all', getBulk(0, 10), 0],
    ['a beyond number of repetitions', getBulk(0, 2_147_483_647, BASE), 9],
  ])('with %s stays bounded', (_, pdu, length) => {
    expect(ask(pdu)?.varBinds).toHaveLength(length);
  });

  it('of a hundred names and repetitions without bound stays bounded', () => {
    const many = getBulk(0, 1_000_000, ...Array.from({ length: 100 }, () => BASE));
    expect(ask(many, { maxBytes: 65_000 })?.varBinds.length).toBeLessThanOrEqual(300);
  });

  it('does not exist in SNMPv1', () => {
    expect(ask(getBulk(0, 1, BASE), { version: '1' })).toBeUndefined();
  });
});

describe('what a device does not do', () => {
  it.each([
    ['2c', ERROR_STATUS.notWritable],
    ['1', ERROR_STATUS.noSuchName],
  ] as const)('refuses to be written in SNMPv%s', (version, errorStatus) => {
    const set: Pdu = {
      kind: 'set',
      requestId: 3,
      varBinds: [{ oid: `${BASE}.1.0`, value: { kind: 'integer', value: 1 } }],
    };
    expect(ask(set, { version })).toMatchObject({ errorStatus, errorIndex: 1 });
  });

  it('does not answer an answer', () => {
    expect(
      ask({ kind: 'response', requestId: 1, errorStatus: 0, errorIndex: 0, varBinds: [] }),
    ).toBeUndefined();
  });
});
