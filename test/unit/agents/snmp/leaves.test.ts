import { describe, expect, it } from 'vitest';
import { encodeMessage, ERROR_STATUS, type Message } from '../../../../agents/snmp/codec.ts';
import {
  askLeaves,
  packLeaves,
  type Leaf,
  type PackedGet,
  type Round,
} from '../../../../agents/snmp/leaves.ts';
import { encodeOid } from '../../../../agents/snmp/oid.ts';
import type { Session } from '../../../../agents/snmp/session.ts';
import { readingAt } from '../../../../agents/snmp/value.ts';
import { integer, sessionTo, testDevice, type TestDevice } from '../../../support/snmp-device.ts';

const BASE = '1.3.6.1.4.1.9999.1';
const oids = (count: number): string[] => Array.from({ length: count }, (_, index) => `${BASE}.${index}.0`);
const leavesOf = (list: readonly string[]): Leaf[] =>
  list.map((oid) => ({ oid: encodeOid(oid), valueBytes: 5 }));

function deviceWith(count: number): TestDevice {
  return testDevice(Object.fromEntries(oids(count).map((oid, index) => [oid, integer(index + 100)])));
}

interface Asked {
  readonly round: Round;
  readonly values: readonly (number | undefined)[];
}

function asker(session: Session, count: number): () => Promise<Asked> {
  const leaves = leavesOf(oids(count));
  const gets = packLeaves(session.access, session, leaves);
  return async () => {
    const values: (number | undefined)[] = Array.from({ length: count });
    const round = await askLeaves(session, gets, leaves, {
      isTimeUp: () => false,
      take(leaf, tag, { packet, start, end }) {
        values[leaf] = readingAt(tag, packet, start, end);
      },
    });
    return { round, values };
  };
}

const all = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 100);

describe('asking for leaves', () => {
  it('packs them into GETs whose answers stay below the limit', async () => {
    const device = deviceWith(150);
    const { round, values } = await asker(sessionTo(device), 150)();
    expect(values).toEqual(all(150));
    expect(round).toMatchObject({ answers: device.requests.length, refused: [] });
    expect(device.requests.length).toBeLessThanOrEqual(4);
    for (const { pdu } of device.requests) expect(pdu.varBinds.length).toBeLessThanOrEqual(70);
  });

  it('packs them once for all devices that are asked alike', () => {
    const leaves = leavesOf(oids(150));
    const pack = (community: string, maxObjects = 100): readonly PackedGet[] =>
      packLeaves(
        { version: '2c', community: Buffer.from(community) },
        { maxAnswerBytes: 1_400, maxObjects, sizeRatio: 1 },
        leaves,
      );
    const gets = pack('public');
    const isShared = (others: readonly PackedGet[]): boolean[] => others.map((get, at) => get === gets[at]);
    expect(new Set(isShared(pack('public')))).toEqual(new Set([true]));
    expect(new Set(isShared(pack('private')))).toEqual(new Set([false]));
    expect(new Set(isShared(pack('public', 10)))).toEqual(new Set([false]));
  });

  it('halves what is too big, and remembers it for the next round', async () => {
    const device = deviceWith(60);
    device.maxBytes = 400;
    const ask = asker(sessionTo(device), 60);
    expect((await ask()).values).toEqual(all(60));
    const requestsAtFirst = device.requests.length;
    device.requests.length = 0;
    const { round, values } = await ask();
    expect(values).toEqual(all(60));
    expect(round.answers).toBe(device.requests.length);
    expect(device.requests.length).toBeLessThan(requestsAtFirst);
  });

  it('leaves out the one object that the device cannot tell', async () => {
    const device = deviceWith(20);
    device.manners = (request, answer) => {
      const place = request.pdu.varBinds.findIndex(({ oid }) => oid === `${BASE}.7.0`);
      return place < 0 ? answer : failure(request, ERROR_STATUS.genErr, place + 1);
    };
    const { round, values } = await asker(sessionTo(device), 20)();
    expect(round.refused).toEqual([7]);
    expect(values).toEqual(all(20).map((value, index) => (index === 7 ? undefined : value)));
  });

  it('finds the object that the device cannot tell when it blames none', async () => {
    const device = deviceWith(20);
    device.manners = (request, answer) =>
      request.pdu.varBinds.some(({ oid }) => oid === `${BASE}.7.0`)
        ? failure(request, ERROR_STATUS.genErr, 0)
        : answer;
    const ask = asker(sessionTo(device), 20);
    const { round, values } = await ask();
    expect(round.refused).toEqual([7]);
    expect(values.filter((value) => value !== undefined)).toHaveLength(19);
    expect((await ask()).round.refused).toEqual([]);
  });

  it('in version 1 leaves out what is not there, for one that is missing refuses all', async () => {
    const device = deviceWith(10);
    device.objects.delete(`${BASE}.3.0`);
    const { round, values } = await asker(sessionTo(device, { version: '1' }), 10)();
    expect(round.refused).toEqual([3]);
    expect(values.filter((value) => value !== undefined)).toHaveLength(9);
  });

  it('hands out what is not there as no number', async () => {
    const device = deviceWith(3);
    device.objects.delete(`${BASE}.1.0`);
    const { values } = await asker(sessionTo(device), 3)();
    expect(values).toEqual([100, Number.NaN, 102]);
  });

  it('understands an answer in another order', async () => {
    const device = deviceWith(5);
    device.manners = (request) => answering(request, [4, 2, 0, 1, 3]);
    expect((await asker(sessionTo(device), 5)()).values).toEqual(all(5));
  });

  it('takes what half an answer holds and tells that it is half', async () => {
    const device = deviceWith(6);
    device.manners = (request) => answering(request, [0, 1, 2]);
    const { round, values } = await asker(sessionTo(device), 6)();
    expect(values.slice(0, 3)).toEqual([100, 101, 102]);
    expect(values.slice(3)).toEqual([undefined, undefined, undefined]);
    expect(round.fault).toMatchObject({
      code: 'snmp_malformed',
      message: 'an answer lacks objects that were asked',
    });
  });

  it('takes nothing that was not asked', async () => {
    const device = deviceWith(3);
    device.manners = (request) =>
      encodeMessage({
        ...request,
        pdu: {
          kind: 'response',
          requestId: request.pdu.requestId,
          errorStatus: 0,
          errorIndex: 0,
          varBinds: request.pdu.varBinds.map(() => ({ oid: '1.3.6.1.4.1.1.0', value: integer(5) })),
        },
      });
    const { round, values } = await asker(sessionTo(device), 3)();
    expect(values).toEqual([undefined, undefined, undefined]);
    expect(round.fault?.message).toContain('not asked');
  });

  it('takes what stands before a place that is not valid', async () => {
    const device = deviceWith(3);
    device.manners = (_request, answer) => {
      // The last binding: SEQUENCE, OID, INTEGER of one byte. Its type becomes a length that does not fit.
      if (answer !== undefined) answer[answer.length - 2] = 0x7f;
      return answer;
    };
    const { round, values } = await asker(sessionTo(device), 3)();
    expect(values).toEqual([100, 101, undefined]);
    expect(round.fault?.code).toBe('snmp_malformed');
  });

  it('asks no more after silence, and tells it', async () => {
    const device = deviceWith(150);
    device.manners = (_request, answer) => (device.requests.length === 2 ? undefined : answer);
    const { round, values } = await asker(sessionTo(device), 150)();
    expect(device.requests).toHaveLength(2);
    expect(round).toMatchObject({ answers: 1, fault: { code: 'snmp_timeout', message: 'no answer' } });
    expect(values.at(-1)).toBeUndefined();
  });

  it('stops when its time is up', async () => {
    const device = deviceWith(150);
    const session = sessionTo(device);
    const leaves = leavesOf(oids(150));
    const round = await askLeaves(session, packLeaves(session.access, session, leaves), leaves, {
      isTimeUp: () => device.requests.length >= 1,
      take: () => undefined,
    });
    expect(device.requests).toHaveLength(1);
    expect(round.fault?.message).toContain('too slowly');
  });

  it('survives a device that refuses everything', async () => {
    const device = deviceWith(40);
    device.manners = (request) => failure(request, ERROR_STATUS.tooBig, 0);
    const { round } = await asker(sessionTo(device), 40)();
    expect(round.refused).toHaveLength(40);
    expect(device.requests.length).toBeLessThan(120);
  });
});

function failure(request: Message, errorStatus: number, errorIndex: number): Uint8Array {
  const { requestId, varBinds } = request.pdu;
  return encodeMessage({
    ...request,
    pdu: { kind: 'response', requestId, errorStatus, errorIndex, varBinds },
  });
}

/** An answer with the values of these places of the request, in this order. */
function answering(request: Message, places: readonly number[]): Uint8Array {
  const varBinds = places.flatMap((place) => {
    const oid = request.pdu.varBinds[place]?.oid;
    return oid === undefined ? [] : [{ oid, value: integer(100 + Number(oid.split('.').at(-2))) }];
  });
  const { requestId } = request.pdu;
  return encodeMessage({
    ...request,
    pdu: { kind: 'response', requestId, errorStatus: 0, errorIndex: 0, varBinds },
  });
}
