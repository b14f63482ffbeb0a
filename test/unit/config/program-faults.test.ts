import { expect, it } from 'vitest';
import { programFaults } from '../../../config/program-faults.ts';
import { AgentFile } from '../../../config/schema/agent.ts';
import { CollectorFile } from '../../../config/schema/collector.ts';
import { checkYaml, formatFault } from '../../../config/yaml-file.ts';

function faultsOf(agent: string, collector: string): readonly string[] {
  return programFaults(
    checkYaml('agent.yaml', agent, AgentFile),
    checkYaml('collector.yaml', collector, CollectorFile),
  ).map(formatFault);
}

it('tells what is wrong with the settings of the programs, with file and line', () => {
  expect(
    faultsOf(
      'listen: here\npoll_interval: 0s\n',
      `listen: 127.0.0.1:99999
scrape_interval: 0s
evaluation_interval: 99ms
agents:
  - { name: a, url: http://127.0.0.1:8481 }
  - { name: b, url: 'not an address' }
  - { name: a, url: 'ftp://127.0.0.1/' }
public_url: room.example
`,
    ),
  ).toEqual([
    'agent.yaml:1: listen: here is not HOST:PORT',
    'collector.yaml:1: listen: 127.0.0.1:99999 is not HOST:PORT',
    'agent.yaml:2: poll_interval: 0s is too short; the shortest is 100ms',
    'collector.yaml:2: scrape_interval: 0s is too short; the shortest is 100ms',
    'collector.yaml:3: evaluation_interval: 99ms is too short; the shortest is 100ms',
    'collector.yaml:8: public_url: room.example is no address of the web (http://HOST:PORT)',
    'collector.yaml:6: agents[1].url: not an address is no address of the web (http://HOST:PORT)',
    'collector.yaml:7: agents[2].name: there are two agents a',
    'collector.yaml:7: agents[2].url: ftp://127.0.0.1/ is no address of the web (http://HOST:PORT)',
  ]);
});

it('finds nothing wrong with settings that are right, or absent', () => {
  expect(faultsOf('', '')).toEqual([]);
  expect(
    faultsOf(
      'listen: 127.0.0.1:0\npoll_interval: 100ms\n',
      "scrape_interval: 5s\nagents: [{ name: a, url: 'https://[::1]:8481/' }]\n",
    ),
  ).toEqual([]);
});
