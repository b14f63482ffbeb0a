import { array, assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createAnswerReader,
  isRegistered,
  listedTexts,
  pinTries,
  signalDbm,
} from '../../../../../alerting/notify/modem/answers.ts';

const SAID =
  '\r\nOK\r\n\r\n+CMTI: "SM",3\r\n\r\n> \r\n+CMGS: 12\r\n\r\n+CME ERROR: 16\r\nERROR\r\nNO CARRIER\r\n> ';
const MEANT = [
  { kind: 'ok' },
  { kind: 'text_came', place: 3 },
  { kind: 'prompt' },
  { kind: 'line', text: '+CMGS: 12' },
  { kind: 'failed', reason: '+CME ERROR: 16' },
  { kind: 'failed', reason: 'ERROR' },
  { kind: 'call_ended', how: 'NO CARRIER' },
  { kind: 'prompt' },
];

describe('what a modem says', () => {
  it('is the same in whatever pieces it arrives', () => {
    assert(
      property(array(integer({ min: 1, max: 9 }), { minLength: 1 }), (sizes) => {
        const read = createAnswerReader();
        const said = [];
        for (let at = 0, turn = 0; at < SAID.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          said.push(...read(SAID.slice(at, at + size)));
          at += size;
        }
        expect(said).toEqual(MEANT);
      }),
    );
  });

  it('is dropped as far as a line does not end', () => {
    const read = createAnswerReader();
    expect(read('x'.repeat(5_000_000))).toEqual([]);
    expect(read('\r\nOK\r\n')).toEqual([{ kind: 'ok' }]);
  });

  it.each([
    ['+CSQ: 20,99', -73],
    ['+CSQ: 0,0', -113],
    ['+CSQ: 99,99', undefined],
    ['+CSQ: x', undefined],
  ])('%s is a signal of %s dBm', (line, dbm) => {
    expect(signalDbm([line])).toBe(dbm);
  });

  it.each([
    ['+CREG: 0,1', true],
    ['+CREG: 2,5,"00C3","0A"', true],
    ['+CREG: 0,2', false],
    ['+CREG: 0,11', false],
  ])('%s: registered is %s', (line, expected) => {
    expect(isRegistered([line])).toBe(expected);
  });

  it('names the tries that are left and the texts in its memory', () => {
    expect(pinTries(['+CPINR: SIM PIN,1,3'])).toBe(1);
    expect(pinTries([])).toBeUndefined();
    expect(listedTexts(['+CMGL: 4,0,,23', 'AB', '+CMGL: 9,1,,2', 'CD', '+CMGL: 10,1,,2'])).toEqual([
      { place: 4, pdu: 'AB' },
      { place: 9, pdu: 'CD' },
      { place: 10, pdu: '' },
    ]);
  });
});
