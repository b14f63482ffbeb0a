import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCollector } from '../../../collector/app.ts';
import { eventually } from '../../support/eventually.ts';
import { folderWith } from '../../support/folder.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { startPageServer } from '../../support/page-server.ts';
import { silentLog } from '../../support/silent-log.ts';

const SITE = `
name: Test
rooms: [{ id: main, name: Main }]
devices: [{ id: leak-1, name: Leak, kind: leak, room: main, snmp: { host: 127.0.0.1 } }]
`;

interface Told {
  readonly status: string;
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}

/** A webhook that keeps what it is told, as `NAME status way`. */
async function hook() {
  const told: string[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      for (const { status, labels } of (body as Told).alerts)
        told.push([labels['alertname'], status, labels['way'] ?? ''].join(' ').trim());
      response.end();
    });
  });
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  await listen(0);
  onTestFinished(() => void server.close());
  return { told, port: (server.address() as AddressInfo).port, listen, close };
}

describe('a way out that is down', () => {
  it('is an alarm by the others, which ends when it is back, and then what waited arrives', async () => {
    const broken = await hook();
    const whole = await hook();
    await broken.close();
    const agent = await startPageServer('device_up{device="leak-1"} 1\nleak_detected{device="leak-1"} 1\n');
    onTestFinished(() => agent.stop());
    const clock = manualClock();
    const collector = await startCollector({
      configFolder: folderWith({
        'site.yaml': SITE,
        'notify.yaml': `
receivers:
  - { name: broken, webhook: [{ url: "http://127.0.0.1:${broken.port}/", timeout: 2s }] }
  - { name: whole, webhook: [{ url: "http://127.0.0.1:${whole.port}/", timeout: 2s }] }
route:
  receiver: whole
  group_by: [alertname, way]
  group_wait: 0s
  group_interval: 5s
  routes: [{ receiver: broken, matchers: ['alertname="WaterLeak"'], continue: true }, { receiver: whole }]
`,
      }),
      dataFolder: folderWith(),
      env: { WATCHKEEPER_LISTEN: '127.0.0.1:0', WATCHKEEPER_AGENT_URL: agent.url },
      clock,
      log: silentLog(),
    });
    onTestFinished(() => collector.stop());
    const until = async (isSo: () => boolean): Promise<void> => {
      await eventually(async () => {
        await clock.advance(5_000);
        expect(isSo()).toBe(true);
      }, 60_000);
    };
    const isWay = (line: string, status: string): boolean =>
      line.startsWith(`NotifyWayDown ${status}`) && line.includes('broken');
    await until(() => whole.told.some((line) => isWay(line, 'firing')));
    expect(broken.told).toEqual([]);
    await broken.listen(broken.port);
    await until(() => broken.told.length > 0 && whole.told.some((line) => isWay(line, 'resolved')));
    expect(broken.told.every((line) => line.includes('firing'))).toBe(true);
  }, 90_000);
});
