import type { Clock } from '../config/runtime/clock.ts';
import { monotonicMs } from '../config/runtime/system-clock.ts';
import type { Page } from './page/page.ts';
import { fixedLines, formatValue, linePrefix, type Family, type PageSource } from './page/text.ts';
import type { Outcome, Transport } from './snmp/transport.ts';

/** What the agent tells of itself. */
export const SELF_FAMILIES = {
  watchkeeper_agent_devices: { type: 'gauge', help: 'Devices that the agent reads.' },
  watchkeeper_agent_devices_up: { type: 'gauge', help: 'Devices whose last poll got an answer.' },
  watchkeeper_agent_polls_total: { type: 'counter', help: 'Polls of devices that were finished.' },
  watchkeeper_agent_polls_missed_total: { type: 'counter', help: 'Polls that got no answer.' },
  watchkeeper_agent_polls_late_total: {
    type: 'counter',
    help: 'Polls left out because the one before had not ended.',
  },
  watchkeeper_agent_fast_polls_total: {
    type: 'counter',
    help: 'Polls between the ordinary ones, of devices on battery or alarmed.',
  },
  watchkeeper_agent_poll_duration_seconds: {
    type: 'histogram',
    help: 'How long finished polls took, waiting included.',
  },
  watchkeeper_agent_snmp_requests_total: { type: 'counter', help: 'SNMP requests sent, repetitions apart.' },
  watchkeeper_agent_snmp_requests_failed_total: {
    type: 'counter',
    help: 'SNMP requests that got no usable answer.',
  },
  watchkeeper_agent_snmp_answers_dropped_total: {
    type: 'counter',
    help: 'Packets that were no answer to an open request.',
  },
  watchkeeper_agent_profile_faults: {
    type: 'gauge',
    help: 'Faults of device profiles; those profiles are not used.',
  },
  watchkeeper_agent_page_seconds: {
    type: 'gauge',
    help: 'How long it took to write the page before this one.',
  },
  watchkeeper_agent_time_seconds: {
    type: 'gauge',
    help: 'The clock of the host of the agent, as Unix time, when the page was written.',
  },
  process_cpu_seconds_total: { type: 'counter', help: 'Processor time that the program took.' },
  process_resident_memory_bytes: { type: 'gauge', help: 'Memory that the program takes.' },
} as const satisfies Readonly<Record<string, Family>>;

type SelfMetric = keyof typeof SELF_FAMILIES;

const FAILED = 'watchkeeper_agent_snmp_requests_failed_total';
const DROPPED = 'watchkeeper_agent_snmp_answers_dropped_total';
const DURATION = 'watchkeeper_agent_poll_duration_seconds';
/** From a switch beside the agent to a deadline that ran out. */
const DURATION_BOUNDS_S = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const TIME = 'watchkeeper_agent_time_seconds';
const CPU = 'process_cpu_seconds_total';
const MEMORY = 'process_resident_memory_bytes';
/** Told from the start, so that the first of them is seen as an increase. */
const COUNTED: readonly SelfMetric[] = [
  'watchkeeper_agent_polls_total',
  'watchkeeper_agent_polls_missed_total',
  'watchkeeper_agent_polls_late_total',
  'watchkeeper_agent_fast_polls_total',
  'watchkeeper_agent_snmp_requests_total',
];

/** Counts what the agent does. */
export interface Self extends PageSource {
  countPoll(isAnswered: boolean, durationMs: number): void;
  countFastPoll(): void;
  countLate(): void;
  countOutcome(outcome: Outcome): void;
  countDevices(all: number, up: number): void;
  setProfileFaults(count: number): void;
  /** Measures the writing of a page, what sends its parts apart. */
  timePage(page: Page): Page;
}

export function createSelf(transport: Pick<Transport, 'dropped'>, clock: Pick<Clock, 'nowMs'>): Self {
  const counts = new Map<SelfMetric, number>();
  const failed = {
    timeout: 0,
    garbage: 0,
    foreign: 0,
    unauthentic: 0,
    silent_to_user: 0,
    refused: 0,
    unsent: 0,
    error_status: 0,
  };
  const add = (metric: SelfMetric, by = 1): void => {
    counts.set(metric, (counts.get(metric) ?? 0) + by);
  };
  for (const metric of COUNTED) add(metric, 0);
  const durations = createHistogram(DURATION, DURATION_BOUNDS_S);
  return {
    countPoll(isAnswered, durationMs) {
      add('watchkeeper_agent_polls_total');
      durations.observe(durationMs / 1000);
      if (!isAnswered) add('watchkeeper_agent_polls_missed_total');
    },
    countFastPoll: () => add('watchkeeper_agent_fast_polls_total'),
    countLate: () => add('watchkeeper_agent_polls_late_total'),
    countOutcome(outcome) {
      add('watchkeeper_agent_snmp_requests_total');
      if (outcome.kind === 'unsent' || outcome.kind === 'refused') failed[outcome.kind] += 1;
      if (outcome.kind === 'timeout') failed[outcome.note ?? 'timeout'] += 1;
      if (outcome.kind === 'answer' && outcome.head.second !== 0) failed.error_status += 1;
    },
    countDevices(all, up) {
      counts.set('watchkeeper_agent_devices', all);
      counts.set('watchkeeper_agent_devices_up', up);
    },
    setProfileFaults: (count) => counts.set('watchkeeper_agent_profile_faults', count),
    *timePage(page) {
      let tookMs = 0;
      let startMs = monotonicMs();
      for (const part of page) {
        tookMs += monotonicMs() - startMs;
        yield part;
        startMs = monotonicMs();
      }
      counts.set('watchkeeper_agent_page_seconds', (tookMs + monotonicMs() - startMs) / 1000);
    },
    write(append) {
      for (const [metric, count] of counts) append(metric, fixedLines(lineOf(metric, count)));
      append(DURATION, fixedLines(durations.text()));
      append(FAILED, fixedLines(linesBy(FAILED, failed)));
      append(DROPPED, fixedLines(linesBy(DROPPED, { ...transport.dropped })));
      append(TIME, fixedLines(lineOf(TIME, clock.nowMs() / 1000)));
      append(CPU, fixedLines(lineOf(CPU, cpuSeconds())));
      append(MEMORY, fixedLines(lineOf(MEMORY, process.memoryUsage.rss())));
    },
  };
}

/** How often a value fell below each bound, as Prometheus wants it. */
function createHistogram(
  metric: string,
  bounds: readonly number[],
): { observe(value: number): void; text(): string } {
  const counts = new Float64Array(bounds.length);
  let count = 0;
  let sum = 0;
  return {
    observe(value) {
      count += 1;
      sum += value;
      const at = bounds.findIndex((bound) => value <= bound);
      if (at >= 0) counts[at] = (counts[at] ?? 0) + 1;
    },
    text() {
      let below = 0;
      const buckets = bounds.map((bound, index) => {
        below += counts[index] ?? 0;
        return `${metric}_bucket{le="${bound}"} ${below}\n`;
      });
      return `${buckets.join('')}${metric}_bucket{le="+Inf"} ${count}\n${metric}_sum ${formatValue(sum)}\n${metric}_count ${count}\n`;
    },
  };
}

function lineOf(metric: string, value: number): string {
  return `${linePrefix(metric, {})}${formatValue(value)}\n`;
}

function linesBy(metric: string, byReason: Readonly<Record<string, number>>): string {
  return Object.entries(byReason)
    .map(([reason, count]) => `${linePrefix(metric, { reason })}${formatValue(count)}\n`)
    .join('');
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
