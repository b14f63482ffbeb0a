import { describe, expect, it } from 'vitest';
import { messagesTo } from '../../../../alerting/notify/decide.ts';
import type { NewMessage } from '../../../../alerting/ports.ts';
import { instance, SITE } from '../../../support/alerts.ts';
import { dispatchSettings, groupOf } from '../../../support/notify.ts';

const YAML = `
smtp: { host: 127.0.0.1, security: none, from: w@watch.example }
sms: { url: "http://gateway.example/send" }
modem: { device: /dev/ttyUSB0 }
mqtt: { url: "mqtt://broker.example" }
receivers:
  - name: desk
    mail: [desk@watch.example]
    sms: ["+8613800138000"]
    modem: ["+8613800138000"]
    webhook: [{ url: "http://hook.example" }]
    mqtt: [alerts]
    command: [{ run: [/bin/true] }]
    wecom: [{ url: "https://robot.example" }]
    alertmanager: [{ url: "http://am.example" }]
route: { receiver: desk }
`;
const EVIL =
  'x\r\nBcc: all@evil.example\r\n\r\n</td><script>alert(1)</script>"\'`$(reboot);\u0000\u001a\u202e{{.Labels}} {phone}';

function told(timeZone = SITE.timeZone): ReadonlyMap<string, NewMessage> {
  const settings = { ...dispatchSettings(YAML), site: { ...SITE, timeZone } };
  const [desk] = settings.notify.receivers;
  if (desk === undefined) throw new Error('no receiver');
  const alert = instance({
    labels: { alertname: EVIL, device: EVIL, severity: 'critical', [`l${'x'.repeat(5)}`]: EVIL },
    annotations: { summary: EVIL, response: EVIL, consequence: EVIL, unit: EVIL, time_to_act: EVIL },
  });
  const telling = { ...settings, nowMs: 0, thread: undefined };
  const messages = messagesTo(desk, groupOf([alert], { yaml: YAML }), telling);
  return new Map(messages.map((message) => [message.channel, message]));
}

describe.each([
  ['worded', SITE.timeZone],
  ['that could not be worded', 'No/Where'],
])('hostile labels in messages %s', (_how, timeZone) => {
  const messages = told(timeZone);

  it('end no header line and begin no other', () => {
    for (const { subject } of messages.values()) expect(subject).not.toMatch(/[\p{Cc}]/u);
  });

  it('are no code in HTML', () => {
    expect(messages.get('mail')?.html).not.toContain('<script');
  });

  it('have no control characters in a text to a phone, and no line that they began', () => {
    for (const kind of ['sms', 'modem', 'wecom'])
      expect(messages.get(kind)?.body?.replaceAll('\n', '')).not.toMatch(/[\p{Cc}]/u);
    expect(messages.get('sms')?.body?.split('\n')).toHaveLength(1);
    expect(messages.get('mail')?.text).not.toMatch(/^Bcc/m);
  });

  it('stay whole where a program reads them, as JSON', () => {
    for (const kind of ['webhook', 'mqtt', 'command'])
      expect(JSON.parse(messages.get(kind)?.body ?? '')).toMatchObject({
        alerts: [{ labels: { alertname: EVIL } }],
      });
    expect(JSON.parse(messages.get('alertmanager')?.body ?? '')).toMatchObject([
      { labels: { alertname: EVIL } },
    ]);
  });
});

describe('a message that cannot be worded', () => {
  it('is told in plain text, with what was wrong', () => {
    const mail = told('No/Where').get('mail');
    expect(mail?.subject).toMatch(/^\[critical\] firing: /);
    expect(mail?.text).toMatch(/could not be worded 消息无法排版: Invalid time zone/);
    expect(mail?.html).toBe('');
    expect(mail?.state).toBe('waiting');
  });
});
