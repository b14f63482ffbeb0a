import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'mqtt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { alertmanagerBody } from '../../../../../alerting/notify/bodies.ts';
import { mqttNotifier } from '../../../../../alerting/notify/notifiers/mqtt.ts';
import { alertmanagerNotifier } from '../../../../../alerting/notify/notifiers/webhook.ts';
import { Secret } from '../../../../../config/runtime/secret.ts';
import { newMessage } from '../../../../support/alert-stores.ts';
import { instance, SITE } from '../../../../support/alerts.ts';
import { eventually } from '../../../../support/eventually.ts';
import { folderWith } from '../../../../support/folder.ts';
import { freePort } from '../../../../support/free-port.ts';
import { groupOf } from '../../../../support/notify.ts';
import { programPath } from '../../../../support/system.ts';

const never = new AbortController().signal;
const message = (to: string, body: string) => ({
  ...newMessage({ to, body, messageId: `${to}@x` }),
  id: 1,
  attempts: 0,
  state: 'waiting' as const,
});

/** A program that the test starts, and that ends with it. */
function started(program: string, args: readonly string[]): void {
  const child = spawn(program, args, { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
}

describe('a real Mosquitto', () => {
  it('gets what is published, once it has said so', async (context) => {
    const mosquitto = programPath('mosquitto') ?? context.skip();
    const port = await freePort();
    const config = join(folderWith(), 'mosquitto.conf');
    writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
    started(mosquitto, ['-c', config]);
    const url = `mqtt://127.0.0.1:${port}`;
    const told: string[] = [];
    const reader = connect(url, { reconnectPeriod: 50 });
    onTestFinished(() => void reader.end(true));
    await new Promise<void>((done) =>
      reader.on('connect', () => reader.subscribe('room/#', { qos: 1 }, () => done())),
    );
    reader.on('message', (topic, body) => told.push(`${topic} ${body.toString()}`));
    expect(await mqttNotifier({ url }).send(message('room/alerts', '漏水'), never)).toEqual({
      kind: 'accepted',
    });
    await eventually(() => expect(told).toEqual(['room/alerts 漏水']));
  });

  it('that is not there, or no broker, is unreachable within the deadline', async () => {
    expect(await mqttNotifier({ url: 'mqtt://127.0.0.1:9' }).send(message('a', ''), never)).toMatchObject({
      kind: 'unreachable',
    });
    const mute = createServer();
    await new Promise<void>((done) => mute.listen(0, '127.0.0.1', done));
    onTestFinished(() => void mute.close());
    const url = `mqtt://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    expect(await mqttNotifier({ url }, 200).send(message('a', ''), never)).toMatchObject({
      kind: 'unreachable',
      reason: expect.stringContaining('in time'),
    });
  });
});

describe('a real Alertmanager', () => {
  it('holds what is passed on to it, and lets it go when it is over', async (context) => {
    const program = programPath('prometheus-alertmanager') ?? context.skip();
    const port = await freePort();
    const folder = folderWith();
    const config = join(folder, 'am.yml');
    writeFileSync(config, 'route: { receiver: none }\nreceivers: [{ name: none }]\n');
    started(program, [
      `--config.file=${config}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ]);
    const url = `http://127.0.0.1:${port}`;
    const nowMs = Date.now();
    const setting = {
      site: SITE,
      nowMs,
      publicUrl: 'http://w.example',
      language: 'en' as const,
      receiver: 'up',
    };
    const notifier = alertmanagerNotifier({
      kind: 'alertmanager',
      id: 'alertmanager[0]',
      sendResolved: 'each',
      url: new Secret(url),
      timeoutMs: 5_000,
    });
    const tell = (phase: Parameters<typeof instance>[0]) =>
      notifier.send(message('up', alertmanagerBody(groupOf([instance(phase)]), setting)), never);
    const active = async (): Promise<readonly unknown[]> =>
      (await (await fetch(`${url}/api/v2/alerts`)).json()) as readonly unknown[];
    const firedAtMs = nowMs - 60_000;
    await eventually(async () =>
      expect(await tell({ phase: { kind: 'firing', sinceMs: firedAtMs, firedAtMs } })).toEqual({
        kind: 'accepted',
      }),
    );
    expect(await active()).toMatchObject([{ labels: { alertname: 'UpsOnBattery', room: 'main' } }]);
    await tell({ phase: { kind: 'resolved', firedAtMs, resolvedAtMs: nowMs - 1, cause: 'condition' } });
    expect(await active()).toEqual([]);
  });
});
