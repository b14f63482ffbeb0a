import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAlertBoard, startAlarms } from '../../../collector/alarms.ts';
import { openRecords } from '../../../collector/records/open.ts';
import { ruleWork } from '../../../collector/rule-work.ts';
import type { OnPush } from '../../../collector/ingest/receiver.ts';
import { createHead } from '../../../collector/series/head.ts';
import { loadConfig } from '../../../config/load.ts';
import type { AlertView, LiveEntry } from '../../../config/model/api.ts';
import type { Severity } from '../../../config/model/severity.ts';
import { eventually } from '../../support/eventually.ts';
import { fakeQuery } from '../../support/fake-query.ts';
import { folderWith } from '../../support/folder.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { formatSeries } from '../../support/samples.ts';
import { silentLog } from '../../support/silent-log.ts';

function alert(fingerprint: string, severity: Severity, fields: Partial<AlertView> = {}): AlertView {
  const text = { 'zh-CN': '', en: '' };
  return {
    fingerprint,
    rule: fingerprint,
    name: 'A',
    severity,
    phase: { kind: 'firing', sinceMs: 1, firedAtMs: 1 },
    labels: {},
    summary: text,
    response: text,
    consequence: text,
    device: 'ups-a',
    value: 1,
    ...fields,
  };
}

describe('the board of alerts', () => {
  it('knows the gravest alert of each device', () => {
    const board = createAlertBoard();
    board.show([alert('1', 'minor'), alert('2', 'critical'), alert('3', 'info', { device: 'door' })]);
    expect(board.severityOf('ups-a')).toBe('critical');
    expect(board.severityOf('door')).toBe('info');
    expect(board.severityOf('other')).toBeUndefined();
    board.show([alert('1', 'minor')]);
    expect(board.severityOf('ups-a')).toBe('minor');
    expect(board.severityOf('door')).toBeUndefined();
  });

  it('hurries for what began, ended or is held, not for a value', () => {
    const board = createAlertBoard();
    expect(board.show([alert('1', 'minor')])).toMatchObject({ isUrgent: true, entries: [['alert/1', {}]] });
    expect(board.show([alert('1', 'minor', { value: 2 })])).toMatchObject({ isUrgent: false });
    const held = { kind: 'held', sinceMs: 1, firedAtMs: 1, heldSinceMs: 2 } as const;
    expect(board.show([alert('1', 'minor', { phase: held })]).isUrgent).toBe(true);
    expect(board.show([])).toEqual({ isUrgent: true, entries: [['alert/1', null]] });
    expect(board.show([])).toEqual({ isUrgent: false, entries: [] });
  });

  it('tells of thousands only what is another than it was', () => {
    const board = createAlertBoard();
    const many = Array.from({ length: 3_000 }, (_, n) => alert(`${n}`, 'minor'));
    board.show(many);
    expect(board.show([...many, alert('new', 'info')]).entries.map(([key]) => key)).toEqual(['alert/new']);
  });
});

it('a rule that fires is on the board, at the browsers, in the records and a series, until it ends', async () => {
  const records = await openRecords(join(folderWith(), 'data'));
  onTestFinished(() => records.close());
  const configFolder = folderWith({
    'site.yaml':
      'name: T\nrooms: [{ id: main, name: M }]\ndevices: [{ id: ups-a, name: U, kind: ups, room: main, snmp: { host: 127.0.0.1 } }]\n',
  });
  const rules = join(
    folderWith({
      'rules.yaml': `groups:
  - name: g
    interval: 10s
    rules:
      - alert: OnBattery
        expr: on_battery == 1
        labels: { severity: critical }
        annotations: { summary: 'on battery' }
`,
    }),
    'rules.yaml',
  );
  const clock = manualClock();
  const head = createHead();
  const board = createAlertBoard();
  const query = fakeQuery();
  const live = new Map<string, LiveEntry[1]>();
  let changes = 0;
  let push: OnPush | undefined;
  const alarms = await startAlarms({
    config: { ...loadConfig(configFolder, {}), ruleFiles: [rules] },
    db: records.db,
    clock,
    log: silentLog(),
    pageUrl: () => 'http://127.0.0.1:8480',
    series: ruleWork(head, clock).series,
    hub: {
      publish(entries) {
        for (const [key, value] of entries) live.set(key, value);
      },
    },
    query,
    receiver: {
      onPush(listener) {
        push = listener;
        return () => {
          push = undefined;
        };
      },
    },
    board,
    onChange: () => {
      changes += 1;
    },
  });
  onTestFinished(() => alarms.stop());
  expect(alarms.faults()).toEqual([]);

  query.set('on_battery == 1', [{ labels: { device: 'ups-a' }, value: 1 }]);
  await eventually(async () => {
    await clock.advance(10_000);
    expect(board.severityOf('ups-a')).toBe('critical');
  });
  expect(changes).toBeGreaterThan(0);
  const key = [...live.keys()].find((one) => one.startsWith('alert/')) ?? '';
  expect(live.get(key)).toMatchObject({ name: 'OnBattery', device: 'ups-a' });
  expect(formatSeries(head, [{ name: '__name__', op: '=', value: 'ALERTS' }])[0]).toContain(
    'alertstate="firing"',
  );
  expect(await records.db.selectFrom('alert_history').selectAll().execute()).toMatchObject([
    { transition: 'fired' },
  ]);

  query.set('on_battery == 1', [{ labels: { device: 'ups-a' }, value: 1 }], () => false);
  await eventually(async () => {
    await clock.advance(10_000);
    expect(live.get(key)).toBeNull();
  });
  expect(board.severityOf('ups-a')).toBeUndefined();
  expect(formatSeries(head, [{ name: '__name__', op: '=', value: 'ALERTS' }])[0]).toContain('stale');

  // What is pushed is judged at once, not at the next interval.
  query.set('on_battery == 1', [{ labels: { device: 'ups-a' }, value: 1 }]);
  push?.([{ __name__: 'on_battery', device: 'ups-a' }], clock.nowMs());
  await clock.advance(5);
  await eventually(async () => expect(board.severityOf('ups-a')).toBe('critical'));
  await alarms.stop();
  expect(push).toBeUndefined();
});
