import { historyFaults } from './history.ts';
import { parseDurationMs } from './model/duration.ts';
import { parseListen } from './model/listen.ts';
import type { AgentFile } from './schema/agent.ts';
import type { CollectorFile } from './schema/collector.ts';
import type { Fault, YamlFile } from './yaml-file.ts';

/** A loop at a shorter interval would do nothing else. */
const SHORTEST_INTERVAL_MS = 100;

/** What the schemas of `agent.yaml` and `collector.yaml` cannot see: addresses that are none, intervals of nothing, names that stand twice. */
export function programFaults(
  agent: YamlFile<AgentFile>,
  collector: YamlFile<CollectorFile>,
): readonly Fault[] {
  return [
    ...listenFaults(agent),
    ...trapFaults(agent),
    ...pushFaults(agent),
    ...listenFaults(collector),
    ...intervalFaults(agent, ['poll_interval', 'timeout']),
    ...intervalFaults(collector, ['scrape_interval', 'evaluation_interval', 'head_retention']),
    ...publicUrlFaults(collector),
    ...agentFaults(collector),
    ...historyFaults(collector),
  ];
}

function listenFaults(file: YamlFile<{ readonly listen?: string }>): readonly Fault[] {
  const listen = file.value?.listen;
  if (listen === undefined || parseListen(listen) !== undefined) return [];
  return [file.faultAt(['listen'], `${listen} is not HOST:PORT`)];
}

function pushFaults(file: YamlFile<AgentFile>): readonly Fault[] {
  const { collector, spool } = file.value ?? {};
  const maxAge = spool?.max_age ?? '24h';
  const isTooShort = (parseDurationMs(maxAge) ?? 0) < SHORTEST_INTERVAL_MS;
  return [
    ...(isTooShort ? [file.faultAt(['spool', 'max_age'], `${maxAge} is too short`)] : []),
    ...(collector === undefined ? [] : collectorFaults(file, collector)),
  ];
}

function collectorFaults(
  file: YamlFile<AgentFile>,
  { url, cert_file, key_file }: NonNullable<AgentFile['collector']>,
): readonly Fault[] {
  const faults: Fault[] = [];
  if (!isWebAddress(url)) faults.push(file.faultAt(['collector', 'url'], noWebAddress(url)));
  if ((cert_file === undefined) !== (key_file === undefined))
    faults.push(file.faultAt(['collector'], 'cert_file and key_file belong together'));
  return faults;
}

function trapFaults(file: YamlFile<AgentFile>): readonly Fault[] {
  const listen = file.value?.traps;
  if (listen === undefined || listen === false || parseListen(listen) !== undefined) return [];
  return [file.faultAt(['traps'], `${listen} is not HOST:PORT`)];
}

function intervalFaults<K extends string>(
  file: YamlFile<{ readonly [name in K]?: string }>,
  names: readonly K[],
): readonly Fault[] {
  return names.flatMap((name) => {
    const text = file.value?.[name];
    if (text === undefined || (parseDurationMs(text) ?? 0) >= SHORTEST_INTERVAL_MS) return [];
    return [file.faultAt([name], `${text} is too short; the shortest is ${SHORTEST_INTERVAL_MS}ms`)];
  });
}

function publicUrlFaults(file: YamlFile<CollectorFile>): readonly Fault[] {
  const url = file.value?.public_url;
  return url === undefined || isWebAddress(url) ? [] : [file.faultAt(['public_url'], noWebAddress(url))];
}

function isWebAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}

function noWebAddress(text: string): string {
  return `${text} is no address of the web (http://HOST:PORT)`;
}

function agentFaults(file: YamlFile<CollectorFile>): readonly Fault[] {
  const agents = file.value?.agents ?? [];
  const names = agents.map(({ name }) => name);
  return agents.flatMap(({ name, url }, index) => {
    const faults: Fault[] = [];
    if (names.indexOf(name) < index) {
      faults.push(file.faultAt(['agents', index, 'name'], `there are two agents ${name}`));
    }
    if (!isWebAddress(url)) faults.push(file.faultAt(['agents', index, 'url'], noWebAddress(url)));
    return faults;
  });
}
