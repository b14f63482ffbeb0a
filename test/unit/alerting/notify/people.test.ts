import { describe, expect, it } from 'vitest';
import { withPeople } from '../../../../alerting/notify/people.ts';
import { notifyFaults, notifyOf } from '../../../support/notify.ts';
import { ANNA, BO, watchOf } from '../../../support/who.ts';

const SMTP = 'smtp: { host: mail, security: none, from: "watch@centre.example" }';
const MODEM = 'modem: { device: /dev/ttyUSB0 }';

function waysTo(yaml: string, who = watchOf([ANNA, BO])): readonly string[] {
  const [receiver] = withPeople(notifyOf(yaml), who, 0).receivers;
  return (receiver?.ways ?? []).map(({ id, person }) => `${id} ${person?.language ?? ''}`.trim());
}

describe('the people behind a receiver', () => {
  it('are told by what their accounts say and the site has, after the ways of the receiver itself', () => {
    expect(
      waysTo(`${SMTP}\n${MODEM}\nreceivers: [{ name: desk, mail: [desk@x.example], people: [anna, 李波] }]`),
    ).toEqual(['mail[0]', 'anna/mail en', 'anna/modem en', '李波/mail zh-CN']);
  });

  it('are rung only where the receiver asks for it, and are not told by what the site lacks', () => {
    expect(waysTo(`${MODEM}\nreceivers: [{ name: desk, people: [anna], by: [ring, sms] }]`)).toEqual([
      'anna/ring en',
    ]);
  });

  it('are those who hold the post at that instant, or the fallback', () => {
    const yaml = 'receivers: [{ name: desk, watch: operator, fallback: [李波] }]';
    const who = watchOf([ANNA, BO]);
    expect(waysTo(yaml, who)).toEqual(['李波/mail zh-CN']);
    who.putOn({ operator: ['anna'] });
    expect(waysTo(yaml, who)).toEqual(['anna/mail en']);
  });

  it.each([
    ['an address that is none', { ...ANNA, mail: 'anna@x\r\nBcc: all@x', phone: '' }],
    ['a number that would be a command', { ...ANNA, mail: '', phone: '123;ATD99' }],
  ])('are not told by %s', (_title, person) => {
    expect(
      waysTo(`${SMTP}\n${MODEM}\nreceivers: [{ name: desk, people: [anna] }]`, watchOf([person])),
    ).toEqual([]);
  });
});

describe('a receiver that cannot be', () => {
  it.each([
    [
      'receivers: [{ name: a, fallback: [x] }]',
      'notify.yaml:1: receivers[0].fallback: stands in for a post of the watch: name it under watch',
    ],
    [
      'receivers: [{ name: a, by: [mail] }]',
      'notify.yaml:1: receivers[0].by: says how people are told: name them under people or watch',
    ],
    [
      'receivers: [{ name: a, ring: ["110"] }]',
      'notify.yaml:1: receivers[0].ring: needs what it leaves by: modem beside the receivers',
    ],
  ])('is a fault at its place: %s', (yaml, fault) => {
    expect(notifyFaults(yaml)).toEqual([fault]);
  });

  it('names no number that is a command of the modem', () => {
    expect(notifyFaults(`${MODEM}\nreceivers: [{ name: a, modem: ["1;ATZ"] }]`)).toHaveLength(1);
  });
});
