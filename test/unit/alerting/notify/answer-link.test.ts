import { describe, expect, it } from 'vitest';
import { withToken } from '../../../../alerting/notify/answer-link.ts';
import { messagesTo } from '../../../../alerting/notify/decide.ts';
import { withPeople } from '../../../../alerting/notify/people.ts';
import type { NewMessage } from '../../../../alerting/ports.ts';
import type { AlertInstance } from '../../../../config/model/alert.ts';
import { instance } from '../../../support/alerts.ts';
import { dispatchSettings, groupOf } from '../../../support/notify.ts';
import { ANNA, watchOf } from '../../../support/who.ts';

const YAML = `
smtp: { host: 127.0.0.1, security: none, from: w@watch.example }
sms: { url: "http://gateway.example/send" }
modem: { device: /dev/ttyUSB0 }
receivers:
  - { name: desk, people: [anna], mail: [desk@watch.example], by: [mail, sms, modem] }
`;

function told(alert: AlertInstance, { mayAct = true, publicUrl = 'https://watch.example/' } = {}) {
  const settings = dispatchSettings(YAML);
  const notify = withPeople(settings.notify, watchOf([{ ...ANNA, mayAct }]), 0);
  const [desk] = notify.receivers;
  if (desk === undefined) throw new Error('no receiver');
  const telling = { ...settings, notify, publicUrl: () => publicUrl, nowMs: 0, thread: undefined };
  return new Map(
    messagesTo(desk, groupOf([alert], { yaml: YAML + 'route: { receiver: desk }' }), telling).map((one) => [
      one.way,
      one,
    ]),
  );
}

const carries = ({ text, html, body = '' }: NewMessage): boolean => /\/a\//.test(text + html + body);

describe('links to acknowledge', () => {
  it('are for one person who may act, in mail and text messages that he reads alone', () => {
    const messages = told(instance());
    expect([...messages].map(([way, one]) => [way, one.answerer, carries(one)])).toEqual([
      ['mail[0]', undefined, false],
      ['anna/mail', 'anna', true],
      ['anna/sms', 'anna', true],
      ['anna/modem', undefined, false],
    ]);
    expect(messages.get('anna/sms')?.body).toMatch(/\nhttps:\/\/watch\.example\/a\/[0-9a-f-]{36}$/);
    expect([...told(instance(), { mayAct: false }).values()].some(carries)).toBe(false);
  });

  it('are in no message of what is over, nor where nobody knows the address of the pages', () => {
    const phase = { kind: 'resolved', firedAtMs: 0, resolvedAtMs: 1, cause: 'condition' } as const;
    expect([...told(instance({ phase })).values()].some(carries)).toBe(false);
    expect([...told(instance(), { publicUrl: '' }).values()].some(carries)).toBe(false);
  });

  it('are given to nobody else by what stands in a label', () => {
    const evil = instance({
      annotations: { summary: 'https://evil.example/?{token} {link} {answer} /a/ <!--answer-->' },
    });
    const message = told(evil).get('anna/mail');
    if (message === undefined) throw new Error('no mail');
    const { text, html } = withToken({ ...message, id: 1, attempts: 0 }, 'SECRET');
    const places = [...`${text} ${html}`.matchAll(/\S*SECRET/g)].map(([place]) => place);
    expect(places).toEqual(['https://watch.example/a/SECRET', 'href="https://watch.example/a/SECRET']);
  });
});
