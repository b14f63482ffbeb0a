import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { EngineCounters } from '../alerting/engine/engine.ts';
import type { ModemHealth } from '../alerting/notify/modem/connection.ts';
import { laneOf, type LaneOutage } from '../alerting/notify/outbox.ts';
import type { ZoneView } from '../config/model/agent-api.ts';
import { METRIC_NAME } from '../config/model/labels.ts';
import type { SeriesSink } from '../config/model/series.ts';
import type { DutyFact } from './duty/facts.ts';
import type { CertificateEnd } from './https/certificate.ts';
import { tellAttention, type AttentionFigures } from './attention-metrics.ts';
import type { ReceiverCounters } from './ingest/receiver.ts';
import type { ElsewhereFigures } from './promql/elsewhere/open.ts';
import type { HistoryState } from './series/history/messages.ts';
import type { RemoteFigures } from './series/remote/remote-writer.ts';

/** The collector's own condition, written into its own head as `job="collector"`. */
export interface OwnMetrics {
  write(atMs: number): void;
  stop(): void;
}

/** What others count. */
export interface OwnFigures {
  readonly startedAtMs: number;
  readonly series: number;
  readonly liveClients: number;
  readonly liveClientsCutOff: number;
  /** New series are not taken. */
  readonly isHeadFull: boolean;
  /** How near to that it is: 0 to 1. */
  readonly headUsedRatio: number;
  /** Things that keep samples from being kept on disk. */
  readonly headDiskFaults: number;
  /** Absent where no history is kept. */
  readonly history:
    | {
        readonly state: HistoryState | undefined;
        readonly faults: number;
        /** How much of what is due is not written. */
        readonly behindMs: number;
      }
    | undefined;
  /** Absent where samples go nowhere else. */
  readonly remote: RemoteFigures | undefined;
  /** Absent where PromQL is answered here. */
  readonly elsewhere: ElsewhereFigures | undefined;
  /** Things that keep the records from being written; absent when nobody looks. */
  readonly recordsFaults: number | undefined;
  readonly writes: Readonly<Pick<ReceiverCounters, 'requests' | 'refusedRequests' | 'refusedSamples'>>;
  /** Absent until rules are at work. */
  readonly rules: Readonly<EngineCounters> | undefined;
  /** Since the last good backup; absent when nobody asked for any. */
  readonly backupAgeSeconds: number | undefined;
  /** When the certificate of the pages ends, and the own root; empty where the pages are in the clear. */
  readonly certificateEnds: readonly CertificateEnd[];
  /** The ways out that nothing gets through now. */
  readonly waysDown: readonly LaneOutage[];
  /** What alerts ask of the watch; absent until rules are at work. */
  readonly attention: AttentionFigures | undefined;
  /** Absent where no modem is set. */
  readonly modem: ModemHealth | undefined;
  /** The state of people's work. */
  readonly dutyFacts: readonly DutyFact[];
  /** Where devices are, and whether an agent reports for them. */
  readonly zones: readonly ZoneView[];
}

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
/** Each look wakes the process: ten times a second is what a stall that people notice needs. */
const LOOP_RESOLUTION_MS = 100;

export function startOwnMetrics(sink: SeriesSink, figures: () => OwnFigures): OwnMetrics {
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  loop.enable();
  /** Ways that were down once: that one is back is told too. */
  const ways = new Set<string>();
  /** The histogram holds how late its own timer was, the timer's period included. */
  const delaySeconds = (nanoseconds: number): number =>
    Math.max(0, nanoseconds / NANOSECONDS - LOOP_RESOLUTION_MS / 1000);
  let writtenAtMs = Number.NEGATIVE_INFINITY;
  let clockSetBack = 0;
  return {
    write(atMs) {
      const tell: Tell = (metric, value, labels = {}) => {
        sink.append({ [METRIC_NAME]: metric, job: 'collector', instance: 'local', ...labels }, atMs, value);
      };
      const now = figures();
      const { series, liveClients, liveClientsCutOff, backupAgeSeconds } = now;
      if (atMs < writtenAtMs) clockSetBack += 1;
      writtenAtMs = atMs;
      const { user, system } = process.cpuUsage();
      if (loop.count > 0) {
        const p99 = delaySeconds(loop.percentile(99));
        tell('watchkeeper_collector_loop_delay_seconds', p99, { quantile: '0.99' });
        tell('watchkeeper_collector_loop_delay_seconds', delaySeconds(loop.max), { quantile: '1' });
        loop.reset();
      }
      tell('watchkeeper_collector_series', series);
      tell('watchkeeper_collector_live_clients', liveClients);
      tell('watchkeeper_collector_live_clients_cut_off_total', liveClientsCutOff);
      if (backupAgeSeconds !== undefined) tell('watchkeeper_backup_age_seconds', backupAgeSeconds);
      for (const { certificate, endsAtMs } of now.certificateEnds) {
        tell('watchkeeper_certificate_end_timestamp_seconds', endsAtMs / 1000, { certificate });
      }
      tellWays(now.waysDown, ways, tell);
      tellModem(now.modem, tell);
      for (const { zone, isReported } of now.zones)
        tell('watchkeeper_zone_reported', isReported ? 1 : 0, { zone });
      if (now.attention !== undefined) tellAttention(now.attention, tell);
      tell('watchkeeper_clock_set_back_total', clockSetBack);
      tellWork(now, tell);
      tellHistory(now.history, tell);
      tellRemote(now.remote, tell);
      tellElsewhere(now.elsewhere, tell);
      tell('process_resident_memory_bytes', process.memoryUsage.rss());
      tell('process_cpu_seconds_total', (user + system) / MICROSECONDS);
      tell('process_start_time_seconds', now.startedAtMs / 1000);
      for (const { metric, labels, value } of now.dutyFacts) tell(metric, value, labels);
      tell('up', 1);
    },
    stop: () => loop.disable(),
  };
}

export type Tell = (metric: string, value: number, labels?: Record<string, string>) => void;

function tellWays(down: readonly LaneOutage[], known: Set<string>, tell: Tell): void {
  const now = new Set(down.map(laneOf));
  for (const way of now) known.add(way);
  for (const way of known) tell('watchkeeper_notify_way_down', now.has(way) ? 1 : 0, { way });
}

function tellModem(modem: ModemHealth | undefined, tell: Tell): void {
  if (modem === undefined) return;
  const isUp = modem.kind === 'up';
  tell('watchkeeper_modem_up', isUp ? 1 : 0);
  if (!isUp) return;
  tell('watchkeeper_modem_registered', modem.isRegistered ? 1 : 0);
  if (modem.signalDbm !== undefined) tell('watchkeeper_modem_signal_dbm', modem.signalDbm);
}

function tellHistory(history: OwnFigures['history'], tell: Tell): void {
  if (history === undefined) return;
  const { state, faults, behindMs } = history;
  tell('watchkeeper_history_faults', faults);
  tell('watchkeeper_history_behind_seconds', behindMs / 1_000);
  if (state === undefined) return;
  tell('watchkeeper_history_gave_way_total', state.gaveWay);
  tell('watchkeeper_history_disk_free_bytes', state.freeBytes);
  tell('watchkeeper_history_series', state.series);
  for (const [tier, { bytes }] of Object.entries(state.tiers)) {
    tell('watchkeeper_history_bytes', bytes, { tier });
  }
}

function tellRemote(remote: RemoteFigures | undefined, tell: Tell): void {
  if (remote === undefined) return;
  tell('watchkeeper_remote_write_queue_bytes', remote.queueBytes);
  tell('watchkeeper_remote_write_queue_max_bytes', remote.maxQueueBytes);
  tell('watchkeeper_remote_write_sent_total', remote.sent);
  tell('watchkeeper_remote_write_dropped_total', remote.dropped);
  tell('watchkeeper_remote_write_failed_total', remote.failed);
  tell('watchkeeper_remote_write_behind_seconds', remote.behindSeconds);
}

function tellElsewhere(elsewhere: ElsewhereFigures | undefined, tell: Tell): void {
  if (elsewhere === undefined) return;
  tell('watchkeeper_query_engine_requests_total', elsewhere.asked);
  tell('watchkeeper_query_engine_requests_failed_total', elsewhere.failed);
  tell('watchkeeper_query_engine_away_seconds', elsewhere.awaySeconds);
  tell('watchkeeper_rules_from_memory', elsewhere.isFromMemory ? 1 : 0);
}

/** How the parts do: what they could not take, keep or judge. */
function tellWork(
  { isHeadFull, headUsedRatio, headDiskFaults, recordsFaults, writes, rules }: OwnFigures,
  tell: Tell,
): void {
  tell('watchkeeper_head_full', isHeadFull ? 1 : 0);
  tell('watchkeeper_head_used_ratio', headUsedRatio);
  tell('watchkeeper_head_disk_faults', headDiskFaults);
  if (recordsFaults !== undefined) tell('watchkeeper_records_faults', recordsFaults);
  tell('watchkeeper_writes_total', writes.requests);
  tell('watchkeeper_writes_refused_total', writes.refusedRequests);
  tell('watchkeeper_written_samples_refused_total', writes.refusedSamples);
  if (rules === undefined) return;
  tell('watchkeeper_rule_evaluations_total', rules.evaluated);
  tell('watchkeeper_rule_evaluations_failed_total', rules.failed);
  tell('watchkeeper_rule_evaluations_missed_total', rules.missed);
}
