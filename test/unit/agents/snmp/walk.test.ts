import { describe, expect, it } from 'vitest';
import { encodeMessage, ERROR_STATUS, type Message } from '../../../../agents/snmp/codec.ts';
import { encodeOid } from '../../../../agents/snmp/oid.ts';
import type { SnmpValue } from '../../../../agents/snmp/value.ts';
import { walkColumns, type Walked } from '../../../../agents/snmp/walk.ts';
import { integer, sessionTo, testDevice, type TestDevice } from '../../../support/snmp-device.ts';

const ENTRY = '1.3.6.1.4.1.9999.2.1';
const COLUMNS = [1, 2, 3].map((column) => `${ENTRY}.${column}`);
const never = (): boolean => false;

/** A table of three columns and something behind it. */
function table(rows: number): TestDevice {
  const objects: Record<string, SnmpValue> = { '1.3.6.1.4.1.9999.3.0': integer(1) };
  for (const column of COLUMNS)
    for (let row = 1; row <= rows; row += 1) objects[`${column}.${row}.7`] = integer(row);
  return testDevice(objects);
}

function rowsOf(walked: Walked, column: string): readonly (readonly [string, unknown])[] {
  return [...(walked.columns.get(column) ?? [])].map(([index, value]) => [
    index,
    value !== undefined && 'value' in value ? value.value : value?.kind,
  ]);
}

const expected = (rows: number): readonly (readonly [string, number])[] =>
  Array.from({ length: rows }, (_, row) => [`${row + 1}.7`, row + 1]);

describe('walking columns', () => {
  it.each(['1', '2c'] as const)('reads all rows of all columns in version %s', async (version) => {
    const walked = await walkColumns(sessionTo(table(40), { version }), COLUMNS, never);
    for (const column of COLUMNS) expect(rowsOf(walked, column)).toEqual(expected(40));
    expect(walked.notes).toEqual([]);
  });

  it('reads columns side by side', async () => {
    const device = table(40);
    await walkColumns(sessionTo(device), COLUMNS, never);
    expect(device.requests.length).toBeLessThanOrEqual(4);
  });

  it('finds nothing in a column that is not there', async () => {
    const walked = await walkColumns(sessionTo(table(2)), ['1.3.6.1.4.1.9999.9', ...COLUMNS], never);
    expect(rowsOf(walked, '1.3.6.1.4.1.9999.9')).toEqual([]);
    expect(rowsOf(walked, COLUMNS[2] ?? '')).toEqual(expected(2));
  });

  it('ends a column that goes backwards, and reads the others', async () => {
    const device = table(40);
    device.manners = (request, answer) => {
      const { varBinds } = request.pdu;
      const goesOn = varBinds[0]?.oid.startsWith(`${ENTRY}.1.`) === true && varBinds.length === 3;
      return goesOn ? repeating(request) : answer;
    };
    const walked = await walkColumns(sessionTo(device), COLUMNS, never);
    expect(walked.notes).toEqual(COLUMNS.map((column) => `the column ${column} goes backwards`));
    expect(rowsOf(walked, COLUMNS[0] ?? '').length).toBeGreaterThan(0);
  });

  it('ends a column without end', async () => {
    const device = testDevice({});
    let row = 0;
    device.manners = (request) =>
      respondWith(
        request,
        Array.from({ length: 50 }, () => ({ oid: `${ENTRY}.1.${(row += 1)}`, value: integer(1) })),
      );
    const walked = await walkColumns(sessionTo(device), [COLUMNS[0] ?? ''], never);
    expect(walked.columns.get(COLUMNS[0] ?? '')?.size).toBe(4_096);
    expect(walked.notes).toEqual([`the column ${ENTRY}.1 has too many rows`]);
  });

  it('does not ask again where a device answers with nothing', async () => {
    const device = testDevice({});
    device.manners = (request) => respondWith(request, []);
    const walked = await walkColumns(sessionTo(device), COLUMNS, never);
    expect(device.requests).toHaveLength(1);
    expect(walked.notes).toHaveLength(3);
  });

  it('leaves a column alone that makes the device fall silent, and reads the others', async () => {
    const device = table(5);
    device.manners = (request, answer) =>
      request.pdu.varBinds.some(({ oid }) => oid === `${ENTRY}.2`) ? undefined : answer;
    const walked = await walkColumns(sessionTo(device), COLUMNS, never);
    expect(rowsOf(walked, COLUMNS[0] ?? '')).toEqual(expected(5));
    expect(rowsOf(walked, COLUMNS[1] ?? '')).toEqual([]);
    expect(rowsOf(walked, COLUMNS[2] ?? '')).toEqual(expected(5));
    expect(walked.notes).toEqual([`the column ${ENTRY}.2 makes it fall silent`]);
  });

  it('gives up when the device is gone', async () => {
    const device = table(5);
    device.manners = () => undefined;
    await expect(walkColumns(sessionTo(device), COLUMNS, never)).rejects.toMatchObject({
      code: 'snmp_timeout',
      message: 'no answer',
    });
    expect(device.requests).toHaveLength(3);
  });

  it('gives up when it takes too long', async () => {
    const device = table(500);
    const isTimeUp = (): boolean => device.requests.length > 3;
    await expect(walkColumns(sessionTo(device), COLUMNS, isTimeUp)).rejects.toThrow('too long');
  });

  it('asks for less when an answer was too big', async () => {
    const device = table(40);
    device.manners = (request, answer) =>
      answer !== undefined && answer.length > 600 ? failure(request, ERROR_STATUS.tooBig, 0) : answer;
    const walked = await walkColumns(sessionTo(device), COLUMNS, never);
    for (const column of COLUMNS) expect(rowsOf(walked, column)).toEqual(expected(40));
  });

  it('leaves a column alone that gives an error, and reads the others', async () => {
    const device = table(5);
    device.manners = (request, answer) => {
      const place = request.pdu.varBinds.findIndex(({ oid }) => oid.startsWith(`${ENTRY}.2`));
      return place < 0 ? answer : failure(request, ERROR_STATUS.genErr, place + 1);
    };
    const walked = await walkColumns(sessionTo(device), COLUMNS, never);
    expect(rowsOf(walked, COLUMNS[2] ?? '')).toEqual(expected(5));
    expect(walked.notes).toEqual([`the column ${ENTRY}.2 gives error 5`]);
  });

  it('keeps the row of a value that is none', async () => {
    const device = table(1);
    const oid = encodeOid(`${ENTRY}.1.1.7`);
    device.manners = (_request, answer) => {
      const at = answer === undefined ? -1 : Buffer.from(answer).indexOf(oid);
      // A type that does not exist.
      if (answer !== undefined && at > 0) answer[at + oid.length] = 0x47;
      return answer;
    };
    const walked = await walkColumns(sessionTo(device), [COLUMNS[0] ?? ''], never);
    expect([...(walked.columns.get(COLUMNS[0] ?? '')?.keys() ?? [])]).toEqual(['1.7']);
  });
});

function respondWith(request: Message, varBinds: Message['pdu']['varBinds']): Uint8Array {
  const { requestId } = request.pdu;
  return encodeMessage({
    ...request,
    pdu: { kind: 'response', requestId, errorStatus: 0, errorIndex: 0, varBinds },
  });
}

/** The rows that were already told, once more. */
function repeating(request: Message): Uint8Array {
  return respondWith(
    request,
    request.pdu.varBinds.map(({ oid }) => ({ oid, value: integer(1) })),
  );
}

function failure(request: Message, errorStatus: number, errorIndex: number): Uint8Array {
  const { requestId, varBinds } = request.pdu;
  return encodeMessage({
    ...request,
    pdu: { kind: 'response', requestId, errorStatus, errorIndex, varBinds },
  });
}
