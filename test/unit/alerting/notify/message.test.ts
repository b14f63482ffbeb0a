import { describe, expect, it } from 'vitest';
import { renderMessage, type MessageSetting } from '../../../../alerting/notify/message.ts';
import { formatDuration, formatInstant, formatQuantity } from '../../../../alerting/notify/quantity.ts';
import { TEXTS } from '../../../../alerting/notify/texts.ts';
import type { AlertInstance, Phase } from '../../../../config/model/alert.ts';
import { LANGUAGES } from '../../../../config/model/localized.ts';
import { instance, SITE } from '../../../support/alerts.ts';

const FIRED_AT_MS = Date.UTC(2026, 10, 22, 3, 0, 0);
const NOW_MS = FIRED_AT_MS + 125_000;
const FIRING: Phase = { kind: 'firing', sinceMs: FIRED_AT_MS, firedAtMs: FIRED_AT_MS };
const RESOLVED: Phase = {
  kind: 'resolved',
  firedAtMs: FIRED_AT_MS,
  resolvedAtMs: NOW_MS,
  cause: 'condition',
};

function render(alerts: readonly AlertInstance[], more: Partial<MessageSetting> = {}) {
  return renderMessage(alerts, {
    site: SITE,
    language: 'en',
    publicUrl: 'https://watch.example/',
    nowMs: NOW_MS,
    ...more,
  });
}

describe('a message', () => {
  it('tells device, place, value, since when, what to do and where to look', () => {
    const { subject, text } = render([instance({ phase: FIRING })]);
    expect(subject).toBe('[Critical] UPS on battery: UPS A (Main room, A1 U1)');
    expect(text).toBe(`Critical alert at Service centre

UPS on battery
  Device: UPS A (ups-a)
  Place: Main room, A1 U1
  Value: 1 hr 5 min
  Since: 2026-11-22 11:00:00 (2 min 5 sec)
  What to do: Check whether the mains failed.
  Time to act: 5 min
  If nobody acts: The room goes dark.

Open in Watchkeeper: https://watch.example/devices/ups-a

Sent by Watchkeeper. Times are of Asia/Shanghai.
`);
  });

  it('is in the language of its reader', () => {
    const { subject, text } = render([instance({ phase: FIRING })], { language: 'zh-CN' });
    expect(subject).toBe('【紧急】UPS 转为电池供电：UPS A 路（主机房 A1 U1）');
    expect(text).toContain('处置办法: 确认是否停电。');
    expect(text).toContain('处置时限: 5分钟');
    expect(text).not.toMatch(/What|Place|Since/);
  });

  it('tells that a group has resolved, and how long it lasted', () => {
    const { subject, text } = render([instance({ phase: RESOLVED })]);
    expect(subject).toBe('[Resolved] UPS on battery: UPS A (Main room, A1 U1)');
    expect(text).toContain(
      'Since: 2026-11-22 11:00:00\n  Ended at: 2026-11-22 11:02:05\n  Lasted: 2 min 5 sec',
    );
    expect(text).not.toContain('Note:');
  });

  it('of what is over asks nobody to act, and shows no value as that of now', () => {
    const { text } = render([instance({ phase: RESOLVED })]);
    expect(text).toContain('Value while alarmed: 1 hr 5 min');
    expect(text).not.toMatch(/What to do|Time to act|If nobody acts|\n {2}Value:/);
  });

  it.each([
    ['no_data', 'its data ended'],
    ['left_site', 'taken out of the site'],
    ['rule_removed', 'its rule was taken away'],
    ['person', 'A person ended it'],
  ] as const)('says why it ended when that was %s, and does not call it resolved', (cause, words) => {
    const { subject, text } = render([instance({ phase: { ...RESOLVED, cause } })]);
    expect(subject).toMatch(/^\[Ended, not seen to be good\]/);
    expect(text).toMatch(new RegExp(`Note: .*${words}`));
    expect(text).not.toContain('Resolved');
  });

  it('says of a held alert since when nobody knows', () => {
    const held: Phase = {
      kind: 'held',
      sinceMs: FIRED_AT_MS,
      firedAtMs: FIRED_AT_MS,
      heldSinceMs: FIRED_AT_MS + 60_000,
    };
    const { subject, text } = render([instance({ phase: held })]);
    expect(subject).toMatch(/^\[Critical\]/);
    expect(text).toContain('Note: Its data stopped at 2026-11-22 11:01:00');
    expect(text).toContain('Last known value: 1 hr 5 min');
    expect(text).toContain('What to do:');
  });

  it('tells several of a group together, and only those that still fire', () => {
    const other = instance({
      fingerprint: 'f1',
      labels: { alertname: 'UpsOnBattery', device: 'ups-b' },
      phase: FIRING,
    });
    const both = render([instance({ phase: FIRING }), other]);
    expect(both.subject).toBe('[Critical] UPS on battery: UPS A (Main room, A1 U1) and 1 more');
    expect(both.text).toContain('UPS B (ups-b)');
    expect(both.text).toContain('https://watch.example/alerts');
    expect(render([instance({ phase: FIRING }), other], { language: 'zh-CN' }).subject).toContain('等 2 处');
    expect(render([instance({ phase: RESOLVED }), other]).text).not.toContain('ups-a');
  });

  it('counts what it does not list', () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      instance({ fingerprint: `f${index}`, phase: FIRING }),
    );
    const { text } = render(many);
    expect(text).toContain('10 more are not listed here.');
    expect(text.match(/Device:/g)).toHaveLength(50);
  });

  it('says of a demonstration that nothing of it is real', () => {
    expect(
      render([instance({ phase: FIRING })], { site: { ...SITE, isDemonstration: true } }).text,
    ).toContain('nothing of this is real');
    expect(render([instance({ phase: FIRING })]).text).not.toContain('real');
  });

  it('manages without a device, without texts and without a unit', () => {
    const bare = instance({
      labels: { alertname: 'AgentGone', instance: 'local' },
      annotations: {},
      phase: FIRING,
    });
    const { subject, text } = render([bare]);
    expect(subject).toBe('[Critical] AgentGone: local');
    expect(text).toContain('  Device: local\n  Since:');
    expect(render([instance({ labels: { alertname: 'X' }, annotations: {}, phase: FIRING })]).subject).toBe(
      '[Critical] X',
    );
  });

  it('takes the texts of rules made elsewhere', () => {
    const annotations = { summary: 'Disk full', description: 'The disk of a is full' };
    expect(render([instance({ annotations, phase: FIRING })]).subject).toContain('Disk full');
    const described = render([instance({ annotations: { description: 'Only this' }, phase: FIRING })], {
      language: 'zh-CN',
    });
    expect(described.subject).toContain('Only this');
  });
});

describe('hostile labels and texts', () => {
  const EVIL = '<script>alert(1)</script>"\'&\r\nBcc: everyone@x.example\u0000\u2028end';

  it('are text in HTML, one line everywhere, and never code', () => {
    const evil = instance({
      labels: { alertname: 'A', device: EVIL },
      annotations: { summary: EVIL, response: EVIL, unit: EVIL, time_to_act: EVIL },
      phase: FIRING,
    });
    const { subject, text, html } = render([evil]);
    // oxlint-disable-next-line no-control-regex -- that there are none is what is shown
    expect(subject).not.toMatch(/[\u0000-\u001f\u2028]/);
    expect(text.split('\n').every((line) => !line.startsWith('Bcc'))).toBe(true);
    expect(html).not.toContain('<script');
    expect(html).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp; Bcc: everyone@x.example end',
    );
  });

  it('are cut where they are too long to be read', () => {
    const long = 'x'.repeat(10_000);
    const { subject, text, html } = render([
      instance({
        annotations: { summary: long, response: long },
        labels: { alertname: 'A', device: long },
        phase: FIRING,
      }),
    ]);
    expect(Array.from(subject).length).toBe(160);
    expect(subject.endsWith('…')).toBe(true);
    expect(text.length).toBeLessThan(5_000);
    expect(html.length).toBeLessThan(8_000);
  });

  it('do not reach the link', () => {
    const evil = instance({ labels: { alertname: 'A', device: '"><a href=x>' }, phase: FIRING });
    expect(render([evil]).html).toContain('<a href="https://watch.example/alerts"');
  });
});

describe('the texts of messages', () => {
  it.each(LANGUAGES)('are complete in %s, with the same things put in', (language) => {
    const holes = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    expect(Object.keys(TEXTS[language]).sort()).toEqual(Object.keys(TEXTS.en).sort());
    for (const [key, text] of Object.entries(TEXTS[language])) {
      expect(text.trim(), key).not.toBe('');
      if (key !== 'subject.more')
        expect(holes(text), key).toEqual(holes(TEXTS.en[key as keyof typeof TEXTS.en]));
    }
  });

  it('are Chinese in Chinese', () => {
    for (const [key, text] of Object.entries(TEXTS['zh-CN'])) {
      if (!key.startsWith('place.')) expect(text, key).toMatch(/\p{Script=Han}|【/u);
    }
  });
});

describe('quantities', () => {
  it.each([
    [27.94, 'celsius', '27.9 ℃'],
    [0.615, 'ratio', '61.5 %'],
    [3_900, 'seconds', '1 hr 5 min'],
    [2_345, 'watts', '2.35 kW'],
    [5 * 2 ** 30, 'bytes', '5.00 GiB'],
    [125_000_000, 'bytes_per_second', '1.00 Gbit/s'],
    [3, 'count', '3'],
    [1234.5, 'none', '1,235'],
    [7, 'requests/s', '7 requests/s'],
    [1, 'flag', undefined],
    [1, 'state', undefined],
    [1, undefined, undefined],
    [Number.NaN, 'volts', undefined],
  ])('%s in %s are %s', (value, unit, want) => {
    expect(formatQuantity(value, unit, 'en')).toBe(want);
  });

  it.each([
    [0, '0 sec'],
    [59_999, '59 sec'],
    [3_600_000, '1 hr'],
    [90_061_000, '1 day 1 hr'],
    [-61_000, '-1 min 1 sec'],
  ])('%s ms are %s', (durationMs, want) => {
    expect(formatDuration(durationMs, 'en')).toBe(want);
  });

  it('are instants of the site', () => {
    expect(formatInstant(Date.UTC(2026, 0, 1, 16, 0, 1), 'Asia/Shanghai')).toBe('2026-01-02 00:00:01');
    expect(formatInstant(Date.UTC(2026, 0, 1, 16, 0, 1), 'UTC')).toBe('2026-01-01 16:00:01');
  });
});
