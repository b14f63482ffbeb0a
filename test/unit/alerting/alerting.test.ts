import { NOBODY } from '../../../alerting/notify/people.ts';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAlerting, type Alerting } from '../../../alerting/alerting.ts';
import { createEngine } from '../../../collector/promql/engine.ts';
import { createAlertStore } from '../../../collector/records/alerts.ts';
import { createCareStore } from '../../../collector/records/care.ts';
import { createNotifyStore, createOutboxStore, outboxMessages } from '../../../collector/records/messages.ts';
import { openRecords, type Records } from '../../../collector/records/open.ts';
import { createHead, type Head } from '../../../collector/series/head.ts';
import { DEMO_FOLDER, loadConfig, type Config } from '../../../config/load.ts';
import type { SmtpSettings } from '../../../config/notify.ts';
import type { Labels } from '../../../config/model/labels.ts';
import { eventually } from '../../support/eventually.ts';
import { folderWith } from '../../support/folder.ts';
import { openMailbox, type Mailbox, type ReceivedMail } from '../../support/mailbox.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';
import { silentLog } from '../../support/silent-log.ts';
import { traffic } from '../../support/traffic.ts';

const STEP_MS = 5_000;

/** The demonstration's rules on real series and real records, with a mailbox instead of the page. */
interface Centre {
  readonly clock: ManualClock;
  readonly alerting: Alerting;
  readonly records: Records;
  readonly config: Config;
  /** What devices tell from now on: `metric{labels}` → value. */
  readonly tell: (metric: string, labels: Labels, value: number) => void;
  readonly silence: (device: string) => void;
  /** Lets time pass, scraping all the while. */
  readonly pass: (byMs: number) => Promise<void>;
  readonly names: () => readonly string[];
}

interface CentreOptions {
  readonly data?: string;
  readonly head?: Head;
  readonly clock?: ManualClock;
  readonly smtpPort?: number;
  readonly config?: Partial<Config>;
}

async function centre(options: CentreOptions = {}): Promise<Centre> {
  const { data = folderWith(), head = createHead(), clock = manualClock(), smtpPort } = options;
  const demo = loadConfig(DEMO_FOLDER, {});
  const smtp: SmtpSettings = {
    host: '127.0.0.1',
    port: smtpPort ?? 1,
    security: 'none',
    from: 'watch@watch.example',
  };
  const notify = smtpPort === undefined ? demo.notify : { ...demo.notify, smtp };
  const config = { ...demo, notify, ...options.config };
  const records = await openRecords(join(data, 'data'));
  const { db } = records;
  const answers = traffic();
  const alerting = await startAlerting(
    {
      clock,
      log: silentLog(),
      query: createEngine({ source: head }),
      series: head,
      alerts: answers.watch(createAlertStore(db)),
      notifications: answers.watch(createNotifyStore(db)),
      outbox: answers.watch(createOutboxStore(db)),
      who: NOBODY,
      care: answers.watch(createCareStore(db, () => clock.nowMs())),
      pageUrl: () => 'http://127.0.0.1:8480',
      random: () => 0.5,
      onChange: () => undefined,
    },
    config,
  );
  let isOpen = true;
  const stop = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await alerting.stop();
    await records.close();
  };
  onTestFinished(stop);
  const told = new Map<string, { labels: Labels; value: number }>();
  return {
    clock,
    alerting: { ...alerting, stop },
    records,
    config,
    tell(metric, labels, value) {
      const own = { ...labels, __name__: metric, job: 'agent', instance: 'local' };
      told.set(JSON.stringify(own), { labels: own, value });
    },
    silence(device) {
      for (const [key, { labels }] of told) {
        if (labels['device'] !== device) continue;
        head.seriesOf(labels)?.end(clock.nowMs());
        told.delete(key);
      }
    },
    async pass(byMs) {
      for (let passedMs = 0; passedMs < byMs; passedMs += STEP_MS) {
        for (const { labels, value } of told.values()) head.append(labels, clock.nowMs(), value);
        await clock.advance(STEP_MS);
        await answers.quiet();
      }
    },
    names: () => alerting.active().map(({ name, phase }) => `${name} ${phase.kind}`),
  };
}

async function mailbox(port = 0, mails: ReceivedMail[] = []): Promise<Mailbox> {
  const opened = await openMailbox(port, mails);
  onTestFinished(() => opened.close().catch(() => undefined));
  return opened;
}

function subjects({ mails }: Mailbox): readonly string[] {
  return mails.map(({ subject }) => subject);
}

function onBattery({ tell }: Centre, isOn: boolean): void {
  tell('ups_output_source', { device: 'ups-a', state: 'battery' }, isOn ? 1 : 0);
  tell('ups_output_source', { device: 'ups-a', state: 'normal' }, isOn ? 0 : 1);
}

describe('from a reading to a mail', () => {
  it('mains fail: an alert and one mail; they return: resolved, and one mail more', async () => {
    const desk = await mailbox();
    const room = await centre({ smtpPort: desk.port });
    expect(room.alerting.faults()).toEqual([]);
    onBattery(room, false);
    await room.pass(30_000);
    expect(room.names()).toEqual([]);
    onBattery(room, true);
    await room.pass(20_000);
    expect(room.names()).toEqual(['UpsOnBattery firing']);
    expect(room.alerting.active()[0]).toMatchObject({ severity: 'critical', device: 'ups-a', unit: 'state' });
    await eventually(() => expect(desk.mails).toHaveLength(1));
    onBattery(room, false);
    await room.pass(20_000);
    expect(room.names()).toEqual([]);
    await eventually(() => expect(desk.mails).toHaveLength(2));
    expect(subjects(desk)).toEqual([
      expect.stringMatching(/^【紧急】UPS 转为电池供电/),
      expect.stringMatching(/^【已恢复】/),
    ]);
    await room.pass(20 * 60_000);
    expect(desk.mails).toHaveLength(2);
  });

  it('shows in the mail what the rule has seen of the last hours', async () => {
    const desk = await mailbox();
    const room = await centre({ smtpPort: desk.port });
    onBattery(room, false);
    await room.pass(60_000);
    onBattery(room, true);
    await room.pass(20_000);
    await eventually(() => expect(desk.mails).toHaveLength(1));
    const { html = '', pictures = [] } = desk.mails[0] ?? {};
    expect(pictures).toHaveLength(1);
    expect(html).toContain(`src="cid:${pictures[0]?.replaceAll(/[<>]/g, '')}"`);
  });

  it('says why nobody was called, and why somebody was', async () => {
    const room = await centre();
    onBattery(room, true);
    await room.pass(20_000);
    const [alert] = room.alerting.active();
    const receivers = room.alerting.verdicts(alert?.fingerprint ?? '');
    expect(receivers).toHaveLength(1);
    expect(receivers[0]?.verdicts.at(-1)).toMatchObject({ gate: 'already_sent', reason: 'new' });
    expect(room.alerting.verdicts('nothing')).toEqual([]);
  });

  it('without a mail server the message stands on the page, marked as kept', async () => {
    const room = await centre();
    onBattery(room, true);
    await room.pass(20_000);
    const messages = await outboxMessages(room.records.db, { limit: 10 });
    expect(messages.map(({ state, to }) => [state, to])).toEqual([
      ['kept', ['duty-desk@watchkeeper.example']],
    ]);
    expect(messages[0]?.text).toContain('这是演示环境');
  });

  it('an SMTP server that is down and comes back: every alarm arrives, none twice, in order; what is over in one mail', async () => {
    const desk = await mailbox();
    await desk.close();
    const room = await centre({ smtpPort: desk.port });
    onBattery(room, true);
    await room.pass(20_000);
    onBattery(room, false);
    await room.pass(60_000);
    room.tell('leak_detected', { device: 'leak-1', sensor: 'rope' }, 1);
    await room.pass(60_000);
    const back = await mailbox(desk.port);
    await eventually(async () => {
      await room.pass(STEP_MS);
      expect(back.mails).toHaveLength(2);
    });
    await room.pass(10 * 60_000);
    expect(subjects(back).map((subject) => subject.slice(0, 8))).toEqual([
      '【已恢复】UPS',
      '【紧急】漏水告警',
    ]);
    expect(new Set(back.mails.map(({ messageId }) => messageId)).size).toBe(2);
  });

  it('stopped between decision and mail: the mail comes after the start, and the alert goes on', async () => {
    const desk = await mailbox();
    await desk.close();
    const data = folderWith();
    const clock = manualClock();
    const first = await centre({ data, clock, smtpPort: desk.port });
    onBattery(first, true);
    await first.pass(20_000);
    const [before] = first.alerting.active();
    await first.alerting.stop();

    const back = await mailbox(desk.port);
    const second = await centre({ data, clock, smtpPort: desk.port });
    onBattery(second, true);
    await eventually(async () => {
      await second.pass(STEP_MS);
      expect(back.mails).toHaveLength(1);
    });
    await second.pass(5 * 60_000);
    expect(second.alerting.active().map(({ fingerprint, phase }) => ({ fingerprint, phase }))).toEqual([
      { fingerprint: before?.fingerprint, phase: before?.phase },
    ]);
    expect(back.mails).toHaveLength(1);
  });
});

describe('a device that falls silent while alarmed', () => {
  it('is held, its silence is an alert, and it is judged anew when it answers', async () => {
    const room = await centre();
    onBattery(room, true);
    room.tell('device_up', { device: 'ups-a' }, 1);
    await room.pass(180_000);
    room.silence('ups-a');
    room.tell('device_up', { device: 'ups-a' }, 0);
    await room.pass(60_000);
    expect(room.names()).toEqual(['UpsOnBattery held', 'DeviceSilent firing']);
    onBattery(room, false);
    room.tell('device_up', { device: 'ups-a' }, 1);
    await room.pass(30_000);
    expect(room.names()).toEqual([]);
  });
});

describe('an alert that another program posts', () => {
  it('is forgotten soon after its end, but not while somebody sees to it over a short recovery', async () => {
    const { alerting, clock, pass } = await centre();
    const named = (instance: string) => ({ labels: { alertname: 'DiskFull', instance }, annotations: {} });
    const seen = () => alerting.seen().map(({ labels }) => labels['instance']);
    const both = [named('app-1'), named('app-2')];
    await alerting.post(both);
    const [first] = alerting.active();
    const by = { person: 'li', origin: '' };
    await alerting.care.claim({ fingerprint: first?.fingerprint ?? '', note: '', isUntilWorse: false }, by);
    await pass(60_000);
    await alerting.post(both.map((one) => ({ ...one, endsAtMs: clock.nowMs() })));
    await pass(5 * 60_000);
    expect(seen()).toEqual(['app-1']);
    await alerting.post([named('app-1')]);
    expect(alerting.active()).toMatchObject([{ claim: { person: 'li' } }]);
  });
});

describe('the dead band', () => {
  it('is raised over 28 ℃ and cleared at 27, also over a restart', async () => {
    const data = folderWith();
    const clock = manualClock();
    const warm = async (room: Centre, celsius: number, forMs: number): Promise<void> => {
      room.tell(
        'site_device_info',
        { device: 'climate-a1', kind: 'climate_sensor', layer: 'facility', room: 'main' },
        1,
      );
      room.tell('site_room_limit', { device: 'climate-a1', room: 'main', limit: 'inlet_high_celsius' }, 27);
      room.tell('sensor_celsius', { device: 'climate-a1', sensor: 'Inlet' }, celsius);
      await room.pass(forMs);
    };
    const isHot = ({ names }: Centre): boolean => names().includes('InletTemperatureHigh firing');
    const first = await centre({ data, clock });
    await warm(first, 27.6, 120_000);
    expect(isHot(first)).toBe(false);
    await warm(first, 28.4, 90_000);
    expect(isHot(first)).toBe(true);
    await warm(first, 27.5, 60_000);
    expect(isHot(first)).toBe(true);
    await first.alerting.stop();
    const second = await centre({ data, clock });
    await warm(second, 27.5, 180_000);
    expect(isHot(second)).toBe(true);
    await warm(second, 26.9, 30_000);
    expect(isHot(second)).toBe(false);
  });
});

describe('a reload', () => {
  it('with a faulty rule leaves the rules that were in force, and says what is wrong', async () => {
    const room = await centre();
    onBattery(room, true);
    await room.pass(20_000);
    const broken = join(
      folderWith({ 'own.yaml': 'groups: [{ name: g, rules: [{ alert: A, expr: "up ==" }] }]' }),
      'own.yaml',
    );
    await room.alerting.reload({ ...room.config, ruleFiles: [broken] });
    expect(room.alerting.faults()).toHaveLength(1);
    await room.pass(60_000);
    expect(room.names()).toEqual(['UpsOnBattery firing']);
  });

  it('with other rules ends what the old ones said', async () => {
    const room = await centre();
    onBattery(room, true);
    await room.pass(20_000);
    await room.alerting.reload({ ...room.config, ruleFiles: [] });
    expect(room.names()).toEqual([]);
    await room.alerting.reload(room.config);
    await room.pass(20_000);
    expect(room.names()).toEqual(['UpsOnBattery firing']);
  });

  it('goes on with the phases that were', async () => {
    const room = await centre();
    onBattery(room, true);
    await room.pass(20_000);
    const before = room.alerting.active();
    await room.alerting.reload(room.config);
    await room.pass(60_000);
    expect(room.alerting.active()).toEqual(before);
  });
});
