import { describe, expect, it, onTestFinished } from 'vitest';
import { createWitness, startHeartbeat, stopped, type Vitals } from '../../../alerting/heartbeat.ts';
import { Secret } from '../../../config/runtime/secret.ts';
import { mailHeartbeat } from '../../../alerting/heartbeat-mail.ts';
import { SITE } from '../../support/alerts.ts';
import { openMailbox } from '../../support/mailbox.ts';
import { eventually } from '../../support/eventually.ts';
import { heardLog } from '../../support/heard-log.ts';
import { notifyFaults, notifyOf } from '../../support/notify.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const NOW_MS = 1_000_000;
const WELL: Vitals = {
  groups: [{ intervalMs: 10_000, lastEvaluatedAtMs: NOW_MS }],
  isStored: true,
  isTelling: true,
};

describe('the heart stops with', () => {
  it.each<[string, Partial<Vitals>, readonly string[]]>([
    ['nothing while all is at work', {}, []],
    [
      'the evaluation of one group of rules',
      { groups: [...WELL.groups, { intervalMs: 10_000, lastEvaluatedAtMs: NOW_MS - 60_001 }] },
      ['evaluation'],
    ],
    [
      'no group that is rarely due',
      { groups: [{ intervalMs: 600_000, lastEvaluatedAtMs: NOW_MS - 700_000 }] },
      [],
    ],
    ['the records', { isStored: false }, ['storage']],
    ['the ways out', { isTelling: false }, ['notification']],
  ])('%s', (_title, vitals, what) => {
    expect(stopped({ ...WELL, ...vitals }, NOW_MS)).toEqual(what);
  });
});

describe('a heartbeat', () => {
  it('is sent as often as it is set, not while something has stopped, and again afterwards', async () => {
    let heard = 0;
    const server = createServer((request, response) => {
      if (request.method === 'GET' && request.url === '/ping/key') heard += 1;
      response.end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const url = new Secret(`http://127.0.0.1:${port}/ping/key`);
    const clock = manualClock();
    const log = heardLog();
    let vitals: Partial<Vitals> = {};
    const heart = startHeartbeat({
      clock,
      log: log.log,
      settings: () => ({ url, everyMs: 30_000, timeoutMs: 1_000, mail: [], mailEveryMs: 0 }),
      mail: async () => ({ kind: 'accepted' }),
      vitals: async () => ({ ...WELL, groups: [], ...vitals }),
    });
    onTestFinished(() => heart.stop());
    await clock.advance(5_000);
    await eventually(() => expect(heard).toBe(1));
    await clock.advance(25_000);
    expect(heard).toBe(1);
    vitals = { isStored: false };
    await clock.advance(5_000);
    await clock.advance(60_000);
    expect(heard).toBe(1);
    expect(log.lines.filter((line) => !line.startsWith('debug'))).toEqual(['error: heartbeat is held back']);
    vitals = {};
    await clock.advance(5_000);
    await eventually(() => expect(heard).toBe(2));
  });

  it('goes by mail as well, at its own beat, in words of both languages', async () => {
    const mailbox = await openMailbox();
    onTestFinished(() => mailbox.close());
    const notify = notifyOf(`
smtp: { host: 127.0.0.1, port: ${mailbox.port}, security: none, from: w@watch.example }
heartbeat: { mail: [it@centre.example, head@centre.example], mail_every: 30m }
receivers: []`);
    const clock = manualClock();
    let vitals: Partial<Vitals> = {};
    const heart = startHeartbeat({
      clock,
      log: heardLog().log,
      settings: () => notify.heartbeat,
      vitals: async () => ({ ...WELL, groups: [], ...vitals }),
      mail: (told, signal) => mailHeartbeat({ notify, site: SITE }, told, signal),
    });
    onTestFinished(() => heart.stop());
    await clock.advance(5_000);
    await eventually(() => expect(mailbox.mails).toHaveLength(2));
    expect(mailbox.mails.flatMap(({ to }) => to).sort()).toEqual([
      'head@centre.example',
      'it@centre.example',
    ]);
    expect(mailbox.mails[0]?.subject).toBe('Watchkeeper heartbeat: Service centre');
    expect(mailbox.mails[0]?.text).toMatch(/within 30 minutes[^]*30 分钟内/);
    await clock.advance(25 * 60_000);
    vitals = { isStored: false };
    await clock.advance(30 * 60_000);
    expect(mailbox.mails).toHaveLength(2);
    vitals = {};
    await clock.advance(5_000);
    await eventually(() => expect(mailbox.mails).toHaveLength(4));
  });

  it('is set in notify.yaml, with an address that is a secret', () => {
    const { heartbeat } = notifyOf('heartbeat: { url: "http://x.example/k", every: 5m }\nreceivers: []');
    expect(heartbeat).toMatchObject({ everyMs: 300_000, timeoutMs: 10_000 });
    expect(JSON.stringify(heartbeat)).not.toContain('x.example');
    expect(notifyFaults('heartbeat: { every: 5m }\nreceivers: []')).toEqual([
      expect.stringMatching(/^notify.yaml:1: heartbeat: says nothing to anybody/),
    ]);
    expect(notifyFaults('heartbeat: { mail: [a@x.example] }\nreceivers: []')).toEqual([
      expect.stringMatching(/^notify.yaml:1: .*needs what it leaves by: smtp/),
    ]);
  });
});

describe('who watches the records', () => {
  it('knows that a write fails until the same succeeds again', async () => {
    let isBroken = false;
    const witness = createWitness();
    const store = witness.watch({
      save: async () => {
        if (isBroken) throw new Error('disk full');
      },
      read: async () => 1,
    });
    await store.save();
    expect(witness.isWell()).toBe(true);
    isBroken = true;
    await expect(store.save()).rejects.toThrow('disk full');
    expect(await store.read()).toBe(1);
    expect(witness.isWell()).toBe(false);
    isBroken = false;
    await store.save();
    expect(witness.isWell()).toBe(true);
  });
});
