import type { Config } from '../config/load.ts';
import type { AlertInstance } from '../config/model/alert.ts';
import type { AlertView, EscalationView, ReceiverVerdicts } from '../config/model/api.ts';
import { DAY_MS, type AttentionView } from '../config/model/attention.ts';
import type { ChaseRecord } from '../config/model/chase.ts';
import type { Labels } from '../config/model/labels.ts';
import type { Clock } from '../config/runtime/clock.ts';
import type { Loop } from '../config/runtime/every.ts';
import type { Log } from '../config/runtime/log.ts';
import { formatFault, type Fault } from '../config/yaml-file.ts';
import type { Endings } from './engine/ending.ts';
import { startEngine, type Engine, type EngineCounters, type EngineSettings } from './engine/engine.ts';
import type { GroupRun } from './engine/group.ts';
import type { Carried } from './engine/resume.ts';
import type {
  AlertStore,
  CareStore,
  ChaseStore,
  NotifyStore,
  OnPushed,
  OverdueSource,
  OutboxStore,
  RuleQuery,
  RuleSeriesSink,
  WhoPort,
} from './ports.ts';
import { createMeter, type Meter, type MeterDeps, type RaisedTotals } from './attention/meter.ts';
import { lineOf } from './attention/raise.ts';
import type { Care } from './care/care.ts';
import type { Seen } from './mute/inhibit.ts';
import { createWaker } from './notify/waker.ts';
import type { PortOpener } from './notify/modem/link.ts';
import type { ModemHealth } from './notify/modem/connection.ts';
import type { LaneOutage } from './notify/outbox.ts';
import { putInForce, type InForce as DispatchInForce } from './notify/outlook.ts';
import { routesOf } from './route/route.ts';
import { mailHeartbeat } from './heartbeat-mail.ts';
import { createWitness, startHeartbeat, type Witness } from './heartbeat.ts';
import type { PostedAlert } from './inbox.ts';
import { isPosted, startPosted } from './posted.ts';
import { startTelling, type Telling } from './telling.ts';
import { loadRules } from './rules/load.ts';

export interface AlertingDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly query: RuleQuery;
  readonly series: RuleSeriesSink;
  readonly alerts: AlertStore;
  /** Absent: nothing is pushed. */
  readonly onPushed?: OnPushed;
  readonly notifications: NotifyStore;
  readonly outbox: OutboxStore;
  readonly care: CareStore;
  /** Absent: nothing is chased. */
  readonly chases?: ChaseStore;
  /** What can be overdue beside alerts and silences. */
  readonly overdue?: readonly OverdueSource[];
  /** Who stands behind receivers. */
  readonly who: WhoPort;
  /** Opens the port of a modem; absent: a serial port of this machine. */
  readonly openPort?: PortOpener;
  /** Where the pages are, for links in messages where the settings name no public address. */
  readonly pageUrl: () => string;
  /** A share between 0 and 1, to spread retries. */
  readonly random: () => number;
  /** What `active()` answers may have changed. */
  readonly onChange: () => void;
  /** Only the values of what `active()` answers may have changed, as they do with each evaluation. */
  readonly onValues?: () => void;
}

/** From samples to people: rules, phases and messages. */
export interface Alerting extends Pick<Telling, 'notifySettings' | 'testMessages' | 'sendNow'> {
  /** Alerts that fire or are held, as pages show them. */
  active(): readonly AlertView[];
  /** The alerts as silences see them, with the place of their devices. */
  seen(): readonly Seen[];
  /** The rules that are in force, and what became of them at their last evaluation. */
  groups(): readonly GroupRun[];
  /** What is wrong with the rule files; the other rules are in force. */
  faults(): readonly Fault[];
  /** Why messages about an alert left or did not. */
  verdicts(fingerprint: string): readonly ReceiverVerdicts[];
  /** Takes alerts of other programs; answers how many there was no room for, once the others are durable. */
  post(alerts: readonly PostedAlert[]): Promise<number>;
  /** Ending held alerts by a person's word. */
  endings(): Endings;
  /** What people do about alerts. */
  readonly care: Care;
  /** What is overdue and was lately; one of them was changed in the records. */
  chases(): readonly ChaseRecord[];
  chaseTook(record: ChaseRecord): void;
  /** The receivers that the routes name for labels. */
  receiversOf(labels: Labels): readonly string[];
  /** What the alerts that are active ask of the watch now, and how many were raised since the start. */
  attention(active?: readonly AlertView[]): AttentionView;
  raised(): Readonly<RaisedTotals>;
  /** How far the escalation of an alert has come. */
  escalation(fingerprint: string): EscalationView | undefined;
  /** The ways out that nothing gets through now. */
  waysDown(): readonly LaneOutage[];
  /** Condition of the modem, where there is one. */
  modem(): ModemHealth | undefined;
  counters(): Readonly<EngineCounters>;
  /**
   * Puts a new configuration in force; phases go on. Where its rules have faults the rules that were in force stay.
   */
  reload(config: Config): Promise<void>;
  stop(): Promise<void>;
}

/** Starts to evaluate the rules of a configuration and to send messages, going on from where the stores left off. */
export async function startAlerting(given: AlertingDeps, first: Config): Promise<Alerting> {
  const witness = createWitness();
  let woken: Telling | undefined;
  const meter = await openMeter(given, () => woken?.mutedOf() ?? (() => undefined));
  const deps = witnessed({ ...given, alerts: meter.watch(given.alerts) }, witness);
  let inForce = prepare(first, deps);
  const change = startTicking(given.clock, meter, () => {
    woken?.wake();
    deps.onChange();
  });
  const onChange = (): void => change.happened();
  const onEvaluated = (isNews: boolean): void => (isNews ? onChange() : deps.onValues?.());
  const start = (before: Carried): Engine =>
    startEngine({ ...deps, store: deps.alerts, onChange: onEvaluated }, inForce.engine, before);

  const before = await deps.alerts.instances();
  let engine = start({ instances: before.filter((instance) => !isPosted(instance)) });
  const posted = startPosted(
    {
      ...deps,
      onChange,
      resolveTimeoutMs: () => inForce.dispatch.notify.resolveTimeoutMs,
      awaited: () => woken?.awaited(),
    },
    before.filter(isPosted),
  );
  const telling = await startTelling(
    { ...deps, onChange, flood: () => meter.flood() },
    {
      instances: () => together(engine.instances(), posted.instances()),
      judged: (fingerprint) => engine.judged(fingerprint),
      settings: () => inForce.dispatch,
    },
  );
  woken = telling;
  onChange();
  const heart = beat(deps, { witness, telling, engine: () => engine, settings: () => inForce.dispatch });

  return {
    ...asked(telling),
    groups: () => engine.groups(),
    faults: () => inForce.faults,
    post: (alerts) => posted.post(alerts),
    endings: () => engine.endings,
    attention: (active = telling.active()) => meter.view(active),
    raised: () => meter.raised(),
    receiversOf: (labels) => routesOf(inForce.dispatch.root, labels).map(({ receiver }) => receiver),
    counters: () => engine.counters(),
    async reload(config) {
      const next = prepare(config, deps);
      await engine.stop();
      const { rules } = next.faults.length === 0 ? next.engine : inForce.engine;
      inForce = { ...next, engine: { ...next.engine, rules } };
      engine = start(engine.carried());
      telling.reload();
      onChange();
    },
    async stop() {
      for (const part of [heart, change, posted, engine, telling]) await part.stop();
    },
  };
}

/** Where nothing is posted the very list of the rules: what was made of it is of use until one of them is another. */
function together(
  ofRules: readonly AlertInstance[],
  posted: readonly AlertInstance[],
): readonly AlertInstance[] {
  return posted.length === 0 ? ofRules : [...ofRules, ...posted];
}

function witnessed(given: AlertingDeps, witness: Witness): AlertingDeps {
  return {
    ...given,
    alerts: witness.watch(given.alerts),
    notifications: witness.watch(given.notifications),
    outbox: witness.watch(given.outbox),
  };
}

/** What is asked of the telling: the alerts as people have them, the ways out, and what is overdue. */
function asked(
  telling: Telling,
): Pick<
  Alerting,
  | 'active'
  | 'seen'
  | 'verdicts'
  | 'care'
  | 'escalation'
  | 'waysDown'
  | 'notifySettings'
  | 'testMessages'
  | 'sendNow'
  | 'modem'
  | 'chases'
  | 'chaseTook'
> {
  return {
    active: () => telling.active(),
    seen: () => telling.seen(),
    verdicts: (fingerprint) => telling.verdicts(fingerprint),
    care: telling.care,
    escalation: (fingerprint) => telling.escalation(fingerprint),
    waysDown: () => telling.waysDown(),
    notifySettings: () => telling.notifySettings(),
    testMessages: (receiver, by) => telling.testMessages(receiver, by),
    sendNow: () => telling.sendNow(),
    modem: () => telling.modem(),
    chases: () => telling.chases(),
    chaseTook: (record) => telling.chaseTook(record),
  };
}

/** Goes on with what was raised in the last day. */
async function openMeter(
  { clock, who, alerts }: AlertingDeps,
  mutedOf: MeterDeps['mutedOf'],
): Promise<Meter> {
  const nowMs = (): number => clock.nowMs();
  const raised = (await alerts.firedSince(nowMs() - DAY_MS)).map(lineOf);
  return createMeter({ nowMs, people: (atMs) => who.onWatch?.(atMs) ?? 1, mutedOf }, raised);
}

/** Tells that something may be another, also when only time has passed. */
function startTicking(clock: Clock, meter: Meter, tell: () => void) {
  let dueMs = Number.POSITIVE_INFINITY;
  const ticking = createWaker(clock, async () => {
    if (clock.nowMs() >= dueMs) tell();
    const next = meter.nextEdgeMs();
    dueMs = next ?? Number.POSITIVE_INFINITY;
    return next;
  });
  return {
    happened(): void {
      tell();
      ticking.wake();
    },
    stop: () => ticking.stop(),
  };
}

interface Heart {
  readonly witness: Witness;
  readonly telling: Telling;
  readonly engine: () => Engine;
  readonly settings: () => DispatchInForce;
}

function beat(
  { clock, log, notifications }: AlertingDeps,
  { witness, telling, engine, settings }: Heart,
): Loop {
  const startedAtMs = clock.nowMs();
  return startHeartbeat({
    clock,
    log,
    settings: () => settings().notify.heartbeat,
    mail: (told, signal) => mailHeartbeat(settings(), told, signal),
    vitals: async () => {
      // Records that are asked nothing else for hours must answer too; the witness sees whether they do.
      await notifications.escalations().catch(() => undefined);
      return {
        groups: engine()
          .groups()
          .map(({ intervalMs, lastEvaluatedAtMs = startedAtMs }) => ({ intervalMs, lastEvaluatedAtMs })),
        isStored: witness.isWell(),
        isTelling: !telling.isCutOff(),
      };
    },
  });
}

interface InForce {
  readonly engine: EngineSettings;
  readonly dispatch: DispatchInForce;
  readonly faults: readonly Fault[];
}

function prepare(config: Config, { query, log, pageUrl }: AlertingDeps): InForce {
  const { site, notify, collector } = config;
  const rules = loadRules(config.ruleFiles, query);
  for (const fault of rules.faults) log.error({ fault: formatFault(fault) }, 'rule is not in force');
  if (notify.receivers.length === 0) log.warn({}, 'no receiver is set: alerts are told to nobody');
  if (notify.smtp !== undefined && collector.publicUrl === undefined)
    log.warn({}, 'no public_url is set: links in mails begin with the address that the pages listen on');
  // The pages may open after the alerts: where they are is asked when it is told.
  const publicUrl = (): string => collector.publicUrl ?? pageUrl();
  return {
    engine: {
      rules,
      intervalMs: collector.evaluationIntervalMs,
      devices: new Set(site.devices.map(({ id }) => id)),
      externalLabels: {},
      externalUrl: publicUrl,
    },
    dispatch: putInForce({ site, notify, publicUrl }),
    faults: rules.faults,
  };
}
