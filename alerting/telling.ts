import type { AlertInstance } from '../config/model/alert.ts';
import type { AlertView, EscalationView, MutedView, ReceiverVerdicts } from '../config/model/api.ts';
import type { NotifySettings, Receiver } from '../config/notify.ts';
import { isClaimInForce } from '../config/model/claim.ts';
import type { ChaseRecord } from '../config/model/chase.ts';
import type { ModemSettings } from '../config/ways.ts';
import { startChaser, type Chaser, type ChaserDeps } from './chase/chaser.ts';
import { openCare, type Care, type CareDeps } from './care/care.ts';
import { startTending } from './care/tending.ts';
import { startEscalator } from './escalate/escalator.ts';
import { startDispatcher, type DispatchSettings } from './notify/dispatch.ts';
import { notifierOf } from './notify/notifiers/index.ts';
import { mailNotifier, prepareMail } from './notify/notifiers/mail.ts';
import type { Notifier } from './notify/notifiers/notifier.ts';
import { smsNotifier } from './notify/notifiers/sms.ts';
import { createCharts, type ChartDeps } from './notify/chart/charts.ts';
import { finisher } from './notify/finish.ts';
import { withPeople } from './notify/people.ts';
import { testMessages } from './notify/test-message.ts';
import { takeAnswer } from './notify/answer-by-text.ts';
import type { PortOpener } from './notify/modem/link.ts';
import { openSerialPort } from './notify/modem/serial-port.ts';
import { createModemPlug, type ModemPlug } from './notify/modem/plug.ts';
import type { ModemHealth } from './notify/modem/connection.ts';
import { startOutbox, type LaneOutage, type OutboxDeps } from './notify/outbox.ts';
import { outlookOf, type InForce, type Outlook } from './notify/outlook.ts';
import type { Seen } from './mute/inhibit.ts';
import { CALM, type FloodState } from './attention/flood.ts';
import { activeViews, mutedByFingerprint } from './view.ts';
import type {
  CareStore,
  ChaseStore,
  OverdueSource,
  NewMessage,
  NotifyStore,
  OutboxMessage,
  OutboxStore,
  WhoPort,
} from './ports.ts';

export interface TellingDeps
  extends Pick<OutboxDeps, 'clock' | 'log' | 'random'>,
    Pick<CareDeps, 'onChange'> {
  readonly notifications: NotifyStore;
  readonly outbox: OutboxStore;
  readonly care: CareStore;
  /** Absent: nothing is chased. */
  readonly chases?: ChaseStore;
  /** What can be overdue beside alerts and silences. */
  readonly overdue?: readonly OverdueSource[];
  readonly who: WhoPort;
  /** Of the modem; absent: a serial port of this machine. */
  readonly openPort?: PortOpener;
  /** Whether more is raised than anybody can read; absent: nobody counts. */
  readonly flood?: () => FloodState;
}

/** From alerts to people: who is told, who sees to it, who is told next, and what is on its way. */
export interface Telling {
  readonly care: Care;
  /**
   * Fingerprints of the alerts that are still of interest once they end: somebody is to be told, or sees to them over a
   * short recovery. `undefined`: it may be any.
   */
  awaited(): ReadonlySet<string> | undefined;
  /** The alerts may have changed. */
  wake(): void;
  /** The settings have changed. */
  reload(): void;
  /** The active alerts, with who sees to each and what keeps it from being told. */
  active(): readonly AlertView[];
  /** The alerts as silences see them. */
  seen(): readonly Seen[];
  /** What keeps alerts from being told, as it is now. */
  mutedOf(): (fingerprint: string) => MutedView | undefined;
  verdicts(fingerprint: string): readonly ReceiverVerdicts[];
  /** What is overdue and was lately. */
  chases(): readonly ChaseRecord[];
  /** One of them was changed in the records. */
  chaseTook(record: ChaseRecord): void;
  escalation(fingerprint: string): EscalationView | undefined;
  waysDown(): readonly LaneOutage[];
  /** Whether no message gets out by any way. */
  isCutOff(): boolean;
  /** Who is told, with the people who stand behind each receiver now. */
  notifySettings(): NotifySettings;
  /** What a receiver is told when somebody tries it. */
  testMessages(
    receiver: Receiver,
    by: { readonly person: string; readonly nowMs: number },
  ): readonly NewMessage[];
  /** There are messages in the records that were not put there by it. */
  sendNow(): void;
  /** Condition of the modem, where there is one. */
  modem(): ModemHealth | undefined;
  stop(): Promise<void>;
}

/** What it looks at, as it is now. */
export interface TellingView {
  readonly instances: () => readonly AlertInstance[];
  /** What a rule's alert was judged by. */
  readonly judged: ChartDeps['judged'];
  readonly settings: () => InForce;
}

export async function startTelling(
  deps: TellingDeps,
  { instances, judged, settings }: TellingView,
): Promise<Telling> {
  const { clock, log, random, who } = deps;
  const nowMs = (): number => clock.nowMs();
  // What falls silent or speaks again is judged at once, not at its group's next turn.
  let recall = (): void => undefined;
  const care = await openCare({ ...deps, store: deps.care, nowMs, instances, onSilences: () => recall() });
  const outlook = (): Outlook => outlookNow(deps, { care, instances: instances(), inForce: settings() });
  const modem = plugModem(deps, care, settings().notify.modem);
  const notifier = (message: OutboxMessage) => wayOut(message, settings(), { nowMs, modem });
  const finish = finishing(deps, { judged, settings });
  const outbox = startOutbox({ clock, log, random, store: deps.outbox, notifier, finish });
  const shared = { clock, log, store: deps.notifications, outlook, onMessages: () => outbox.wake() };
  if (settings().notify.smtp !== undefined) await prepareMail();
  const dispatcher = await startDispatcher(shared);
  recall = () => dispatcher.recall();
  const escalator = await startEscalator({ ...shared, claims: () => care.claims() });
  const chaser = await startChasing(deps, { ...shared, care, who });
  const tending = startTending({ clock, log, tend: () => care.tend(outlook()) });
  const parts = [chaser, tending, escalator, dispatcher] as const;
  return {
    care,
    wake: () => parts.forEach((part) => part.wake()),
    reload() {
      modem.plug(settings().notify.modem);
      dispatcher.reload();
      outbox.wake();
    },
    active() {
      const { seen, mutes } = outlook();
      return activeViews(seen, mutes, (fingerprint) => care.claimOf(fingerprint));
    },
    seen: () => outlook().seen,
    mutedOf: () => mutedByFingerprint(outlook()),
    awaited() {
      const untold = dispatcher.untold();
      return untold && new Set([...untold, ...claimedOf(care, nowMs())]);
    },
    verdicts: (fingerprint) => dispatcher.verdicts(fingerprint),
    chases: () => chaser.records(),
    chaseTook: (record) => chaser.took(record),
    escalation: (fingerprint) => escalator.progressOf(fingerprint),
    waysDown: () => outbox.down(),
    isCutOff: () => outbox.isCutOff(),
    notifySettings: () => withPeople(settings().notify, who, nowMs()),
    testMessages: (receiver, by) => testMessages(receiver, settings(), by),
    sendNow: () => outbox.wake(),
    modem: () => modem.health(),
    async stop() {
      for (const part of [...parts, outbox, modem]) await part.stop();
    },
  };
}

function claimedOf(care: Care, atMs: number): readonly string[] {
  const inForce = care.claims().filter((claim) => isClaimInForce(claim, atMs));
  return inForce.map(({ fingerprint }) => fingerprint);
}

function finishing(
  { clock, log, outbox }: TellingDeps,
  { judged, settings }: Pick<TellingView, 'judged' | 'settings'>,
) {
  const charts = createCharts({ log, judged, site: () => settings().site });
  return finisher({ store: outbox, nowMs: () => clock.nowMs(), charts });
}

function outlookNow(
  { who, flood, clock }: TellingDeps,
  {
    care,
    instances,
    inForce,
  }: { readonly care: Care; readonly instances: readonly AlertInstance[]; readonly inForce: InForce },
): Outlook {
  const isAcknowledged = ({ fingerprint }: AlertInstance): boolean => care.claimOf(fingerprint) !== undefined;
  const deps = { instances, silences: care.silences(), isAcknowledged, who, flood: flood?.() ?? CALM };
  return outlookOf(inForce, deps, clock.nowMs());
}

/** Nothing is chased where nobody keeps what was. */
async function startChasing(
  { chases, overdue = [] }: TellingDeps,
  deps: Omit<ChaserDeps, 'store' | 'sources'>,
): Promise<Chaser> {
  if (chases !== undefined) return startChaser({ ...deps, store: chases, sources: overdue });
  return { wake: () => undefined, records: () => [], took: () => undefined, stop: async () => undefined };
}

function plugModem(deps: TellingDeps, care: Care, settings: ModemSettings | undefined): ModemPlug {
  const modem = createModemPlug({
    ...deps,
    openPort: deps.openPort ?? openSerialPort,
    onText: (text) => takeAnswer(text, { ...deps, care }),
  });
  modem.plug(settings);
  return modem;
}

/** The way out for a message; what its receiver no longer has waits for a person to look. */
function wayOut(
  message: OutboxMessage,
  { notify }: DispatchSettings,
  { nowMs, modem }: { readonly nowMs: () => number; readonly modem: ModemPlug },
): Notifier | undefined {
  const ways = notify.receivers.find(({ name }) => name === message.receiver)?.ways ?? [];
  const way = ways.find(({ id, kind }) => id === message.way && kind === message.channel);
  // A mail and a text message carry their address with them.
  if (message.channel === 'mail') return notify.smtp && mailNotifier(notify.smtp);
  if (message.channel === 'sms') return notify.sms && smsNotifier(notify.sms);
  if (message.channel === 'modem' || message.channel === 'ring') return modem.notifier();
  return way && notifierOf(way, notify, nowMs);
}
