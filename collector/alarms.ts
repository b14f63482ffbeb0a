import { startAlerting, type Alerting } from '../alerting/alerting.ts';
import type { OverdueSource, RuleQuery, RuleSeriesSink } from '../alerting/ports.ts';
import type { Config } from '../config/load.ts';
import type { AlertView, LiveEntry } from '../config/model/api.ts';
import { defined } from '../config/model/defined.ts';
import { METRIC_NAME } from '../config/model/labels.ts';
import { graver, type Severity } from '../config/model/severity.ts';
import type { WatchPost } from '../config/model/watch.ts';
import type { Clock } from '../config/runtime/clock.ts';
import type { Log } from '../config/runtime/log.ts';
import { formatFault } from '../config/yaml-file.ts';
import { openWho } from './duty/who.ts';
import type { Receiver } from './ingest/receiver.ts';
import type { LiveHub } from './live/hub.ts';
import { createAlertStore } from './records/alerts.ts';
import { sparingMemory } from './spare-memory.ts';
import { createCareStore } from './records/care.ts';
import { createChaseStore } from './records/chases.ts';
import { createNotifyStore, createOutboxStore } from './records/messages.ts';
import type { Db } from './records/tables.ts';

/** The half of the collector that judges: rules over the head, alerts into the records, to people and to the browsers. */
export interface Alarms {
  readonly alerting: Alerting;
  /** What is wrong with the rules, in words. */
  faults(): readonly string[];
  stop(): Promise<void>;
}

export interface AlarmsDeps {
  readonly config: Config;
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly hub: Pick<LiveHub, 'publish'>;
  readonly query: RuleQuery;
  readonly series: RuleSeriesSink;
  readonly receiver: Pick<Receiver, 'onPush'>;
  readonly board: AlertBoard;
  /** Where the pages are, for links where the site names no public address. */
  readonly pageUrl: () => string;
  /** Who has signed for a post of the watch. */
  readonly onWatch?: (post: WatchPost, atMs: number) => readonly string[];
  /** What of people's work is to be chased. */
  readonly overdue?: readonly OverdueSource[];
  /** Devices may be in another state now. */
  readonly onChange: () => void;
}

export async function startAlarms(given: AlarmsDeps): Promise<Alarms> {
  // The first settings go to alerting alone: what stays here would outlive them.
  const { config, ...deps } = given;
  const { db, clock, log, query, series, receiver, board, pageUrl } = deps;
  let alerting: Alerting | undefined;
  let cancelShow: (() => void) | undefined;
  const showAlerts = (): void => {
    cancelShow?.();
    cancelShow = undefined;
    if (alerting === undefined) return;
    const active = alerting.active();
    const { entries, isUrgent } = board.show(active);
    deps.hub.publish([...entries, ['attention', alerting.attention(active)]], { isUrgent });
  };
  const show = (): void => {
    showAlerts();
    deps.onChange();
  };
  const who = await openWho(defined({ db, clock, log, onWatch: deps.onWatch }));
  alerting = await startAlerting(
    {
      clock,
      log,
      query,
      series,
      onPushed: (listener) =>
        receiver.onPush((pushed, newestAtMs) =>
          listener({
            metrics: new Set(pushed.map((labels) => labels[METRIC_NAME] ?? '')),
            atMs: newestAtMs,
          }),
        ),
      alerts: sparingMemory(createAlertStore(db), deps),
      notifications: createNotifyStore(db),
      outbox: createOutboxStore(db),
      who,
      overdue: deps.overdue ?? [],
      care: createCareStore(db, () => clock.nowMs()),
      chases: createChaseStore(db, () => clock.nowMs()),
      pageUrl,
      random: Math.random,
      onChange: show,
      onValues() {
        cancelShow ??= clock.after(VALUES_EACH_MS, showAlerts);
      },
    },
    config,
  );
  show();
  const running = alerting;
  return {
    alerting: running,
    faults: () => running.faults().map(formatFault),
    async stop() {
      cancelShow?.();
      await running.stop();
      await who.stop();
    },
  };
}

/** How often the values of alerts are told anew whose phases stay as they are. */
const VALUES_EACH_MS = 5_000;

/** The active alerts as the browsers see them. */
export interface AlertBoard {
  /** The gravest active alert of a device. */
  severityOf(device: string): Severity | undefined;
  /** Takes the alerts that are active now; answers what is to be published. */
  show(active: readonly AlertView[]): { readonly entries: readonly LiveEntry[]; readonly isUrgent: boolean };
}

export function createAlertBoard(): AlertBoard {
  let shown = new Map<string, AlertView>();
  let severities = new Map<string, Severity>();
  return {
    severityOf: (device) => severities.get(device),
    show(active) {
      const before = shown;
      shown = new Map();
      severities = new Map();
      for (const alert of active) {
        const { fingerprint, device, severity } = alert;
        shown.set(fingerprint, alert);
        if (device !== undefined)
          severities.set(device, graver(severities.get(device), severity) ?? severity);
      }
      const ended = [...before.keys()].filter((fingerprint) => !shown.has(fingerprint));
      // Those that are the very same were told already.
      const changed = active.filter((alert) => before.get(alert.fingerprint) !== alert);
      const isMoved = ({ fingerprint, phase }: AlertView): boolean =>
        before.get(fingerprint)?.phase.kind !== phase.kind;
      return {
        entries: [
          ...ended.map((fingerprint): LiveEntry => [`alert/${fingerprint}`, null]),
          ...changed.map((alert): LiveEntry => [`alert/${alert.fingerprint}`, alert]),
        ],
        isUrgent: ended.length > 0 || changed.some(isMoved),
      };
    },
  };
}
