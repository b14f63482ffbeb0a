import { describe, expect, it, onTestFinished } from 'vitest';
import { startAgent } from '../../../agents/agent.ts';
import { settingsBeside } from '../../../agents/settings/beside.ts';
import { eventually } from '../../support/eventually.ts';
import { folderWith } from '../../support/folder.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { startPrometheus } from '../../support/peers.ts';
import { silentLog } from '../../support/silent-log.ts';
import { integer, onLoopback, testDevice, text, ticks } from '../../support/snmp-device.ts';
import { programPath } from '../../support/system.ts';

const PROMETHEUS = programPath('prometheus');

interface Answer {
  readonly data: {
    readonly result: readonly {
      readonly metric: Record<string, string>;
      readonly value: readonly [number, string];
    }[];
  };
}

describe.skipIf(PROMETHEUS === undefined)('a Prometheus of Debian', () => {
  it('scrapes the page, which it asks for in OpenMetrics', async () => {
    const port = await onLoopback(
      testDevice({
        '1.3.6.1.2.1.1.1.0': text('Test device'),
        '1.3.6.1.2.1.1.3.0': ticks(100),
        '1.3.6.1.2.1.33.1.2.3.0': integer(48),
        '1.3.6.1.2.1.33.1.3.1.0': { kind: 'counter32', value: 7 },
        '1.3.6.1.2.1.33.1.4.1.0': integer(3),
      }),
    );
    const agent = await startAgent({
      settings: settingsBeside(
        folderWith({
          'site.yaml': `name: T\nrooms: [{ id: main, name: M }]\ndevices:\n  - { id: ups-a, name: U, kind: ups, room: main, snmp: { host: 127.0.0.1, port: ${port} } }\n`,
          'agent.yaml': 'listen: 127.0.0.1:0\ntraps: false\n',
        }),
        {},
      ),
      dataFolder: folderWith(),
      env: {},
      clock: manualClock(),
      log: silentLog(),
    });
    onTestFinished(() => agent.stop());
    const page = agent.addresses['page'] ?? '';
    const typeFor = async (accept: string): Promise<string | null> => {
      const answer = await fetch(`${page}/metrics`, { headers: { accept } });
      await answer.arrayBuffer();
      return answer.headers.get('content-type');
    };
    expect(await typeFor('application/openmetrics-text;version=1.0.0')).toMatch(
      /^application\/openmetrics-text/,
    );
    expect(await typeFor('text/plain;version=0.0.4')).toMatch(/^text\/plain/);
    const prometheus = await startPrometheus(
      `scrape_configs:\n  - { job_name: agent, scrape_interval: 1s, static_configs: [{ targets: ['${new URL(page).host}'] }] }\n`,
    );
    onTestFinished(() => prometheus.stop());
    const ask = async (query: string): Promise<readonly string[]> => {
      const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`);
      return ((await answer.json()) as Answer).data.result.map(({ value }) => value[1]);
    };
    await eventually(async () => {
      expect(await ask('up{job="agent"}')).toEqual(['1']);
      expect(await ask('ups_battery_runtime_seconds{device="ups-a"}')).toEqual(['2880']);
    });
    expect(await ask('ups_output_source{device="ups-a"} == 1')).toEqual(['1']);
    expect(await ask('ups_input_line_bads_total{device="ups-a"}')).toEqual(['7']);
    expect(await ask('watchkeeper_agent_poll_duration_seconds_bucket{le="+Inf"}')).toEqual(['1']);
  }, 40_000);
});
