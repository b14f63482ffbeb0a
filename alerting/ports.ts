import type { AlertInstance } from '../config/model/alert.ts';
import type { AlertHistoryEntry, OutboxState } from '../config/model/api.ts';
import type { ChaseRecord, Overdue } from '../config/model/chase.ts';
import type { Claim } from '../config/model/claim.ts';
import type { Labels } from '../config/model/labels.ts';
import type { Silence } from '../config/model/silence.ts';
import type { Language } from '../config/model/localized.ts';
import type { Behind } from '../config/notify.ts';
import type { Way } from '../config/ways.ts';
import type { PlotRange, RulePlot } from './plot.ts';

/** What alerting needs from those who start it. Every promise of a store is kept once the write is durable. */

/** One element of an instant vector. `labels` may hold `__name__`. */
export interface VectorElement {
  readonly labels: Labels;
  readonly value: number;
}

/** How rules ask for data. */
export interface RuleQuery {
  /**
   * Checks a PromQL expression and prepares it; done once for each rule.
   * @throws {WatchkeeperError} `query_invalid` when it is wrong or is neither a scalar nor an instant vector.
   */
  compile(expression: string): RuleExpression;
  /**
   * Called before rules are evaluated one after the other, with nothing between them: what one has read the next need
   * not read again.
   */
  beginStretch?(): void;
  /** Called after the last of them: what was read is of no use any more. */
  endStretch?(): void;
  /** Where questions go elsewhere and their answers take time: called before rules are evaluated one after the other. */
  elsewhere?(): Answering;
}

/** Rules that ask elsewhere, one after the other. */
export interface Answering {
  /**
   * Does work that asks for `rule`, and asks by templates, until it has all its answers. It may be done several times and
   * must change nothing. `isPartial`: what answers does not know all that the rule selects; of what it has no data nothing
   * is to be believed.
   * @throws what the work throws, and {WatchkeeperError} `engine_away` when nobody can answer.
   */
  answered<T>(rule: RuleExpression, work: (isPartial: boolean) => T): Promise<T>;
}

/** A prepared expression. A scalar is one element without labels. Both throw `query_failed` or `query_limit`. */
export interface RuleExpression {
  /** The metrics that it selects; absent: it may be any. */
  readonly metrics?: ReadonlySet<string>;
  evaluate(atMs: number): readonly VectorElement[];
  /**
   * The expression without its filtering comparisons (`x > 60` → `x`): an element that is here and not in
   * `evaluate` was judged and found false; one that is in neither has no data.
   * @param heardForMs only of series that have a sample of so long before the instant; absent: of all
   */
  unfiltered(atMs: number, heardForMs?: number): readonly VectorElement[];
  /** What it holds against what, over a time; absent where it compares nothing. */
  plot?(range: PlotRange): RulePlot;
}

/** Samples that arrived out of turn, by the word of a trap or of a changed state. */
export interface Pushed {
  readonly metrics: ReadonlySet<string>;
  /** The instant of the newest of them. */
  readonly atMs: number;
  /** How many groups recorded one from another to get them; absent for what came from outside. */
  readonly hops?: number;
}

/** Who tells of pushed samples. It calls once they can be read; the returned function ends it. */
export type OnPushed = (listener: (pushed: Pushed) => void) => () => void;

/** Where the series that rules write (recorded ones, `ALERTS`, `ALERTS_FOR_STATE`) go. */
export interface RuleSeriesSink {
  /** The series of these labels, with `__name__`; `undefined`: there is no room for another. */
  seriesOf(labels: Labels): RuleSeries | undefined;
  /** Told after series of this metric were written: what was read of them may be another now. */
  wrote?(metric: string): void;
}

/** A series that a rule writes: it is kept instead of its labels. */
export interface RuleSeries {
  /** It is not held any more: the series of its labels is another now. */
  readonly isGone: boolean;
  append(atMs: number, value: number): void;
  /** Marks it as ended (staleness marker). */
  end(atMs: number): void;
}

/** Alert instances over restarts, and what became of them. */
export interface AlertStore {
  /** All instances that were saved and not removed. */
  instances(): Promise<readonly AlertInstance[]>;
  /** What the history tells of alerts that fired since then, in order of time; of many the latest. */
  firedSince(sinceMs: number): Promise<AlertChanges['entries']>;
  /** In one transaction. Instances and removals are keyed by `fingerprint`. */
  save(changes: AlertChanges): Promise<void>;
}

export interface AlertChanges {
  readonly saved: readonly AlertInstance[];
  /** Fingerprints of instances that are over. */
  readonly removed: readonly string[];
  /** To append to the history, oldest first. */
  readonly entries: readonly Omit<AlertHistoryEntry, 'id'>[];
}

/** Who sees to what, and what is silent; over restarts. Each write tells the audit who did it. */
export interface CareStore {
  /** Those that have not ended long ago. */
  claims(): Promise<readonly Claim[]>;
  silences(): Promise<readonly Silence[]>;
  /** What those silences kept from being told. */
  swallowed(): Promise<readonly Swallowed[]>;
  /** In one transaction. Claims and silences are keyed by `id`. */
  save(change: CareChange): Promise<void>;
}

export interface CareChange {
  readonly claims?: readonly Claim[];
  readonly silences?: readonly Silence[];
  /** To append to the history of the alerts. */
  readonly entries?: readonly Omit<AlertHistoryEntry, 'id'>[];
  /** Each silence and episode is kept once. */
  readonly swallowed?: readonly Swallowed[];
  /** Who did it; absent where time did. */
  readonly act?: CareAct;
}

/** One episode of an alert that a silence or maintenance kept from being told. */
export interface Swallowed {
  readonly silence: string;
  readonly fingerprint: string;
  readonly firedAtMs: number;
}

/** A person's act as the audit keeps it. */
export interface CareAct {
  readonly atMs: number;
  /** Name of the account. */
  readonly who: string;
  /** Address that it came from. */
  readonly origin: string;
  readonly action:
    | 'claim_alert'
    | 'release_alert'
    | 'offer_alert'
    | 'take_over_alert'
    | 'note_alert'
    | 'make_silence'
    | 'approve_silence'
    | 'change_silence'
    | 'end_silence';
  readonly target: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Somebody who can be told of alerts. */
export interface Person {
  /** Name of the account. */
  readonly account: string;
  readonly language: Language;
  readonly mail?: string;
  readonly phone?: string;
  /** Whether the posts of the account see to alerts. */
  readonly mayAct?: boolean;
}

/** What was overdue and whom that was told, over restarts. */
export interface ChaseStore {
  /** Those that are open, and those that were lately. */
  records(): Promise<readonly ChaseRecord[]>;
  /** In one transaction. Records are keyed by `id`. */
  commit(change: {
    readonly records: readonly ChaseRecord[];
    readonly messages: readonly NewMessage[];
  }): Promise<void>;
}

/** A part of people's work that can be overdue: what is, whose, since when, and who answers for him. */
export type OverdueSource = (atMs: number) => Promise<readonly Overdue[]>;

/** Who is there. All answer from memory: decisions do not wait. */
export interface WhoPort {
  /** How many are on watch at an instant: the load is theirs to share. Absent: nobody says. */
  onWatch?(atMs: number): number;
  /** Those behind a receiver at an instant, each once; nobody where none of them can be told. */
  people(behind: Behind, atMs: number): readonly Person[];
  /** Whose phone this is, whatever stands before the number; `undefined` where it is nobody's or several people's. */
  byPhone(number: string): Person | undefined;
}

/** What each receiver was told of each group, so that nobody is told twice or left untold over a restart. */
export interface NotifyStore {
  records(): Promise<readonly NotifyRecord[]>;
  escalations(): Promise<readonly EscalationRecord[]>;
  /** In one transaction: replaces the records of the same group and receiver, and adds messages to the outbox. One that
   * tells the end takes the place of those of its thread to the same address that wait and tell of no other alert. */
  commit(change: {
    readonly records: readonly NotifyRecord[];
    readonly removed: readonly Pick<NotifyRecord, 'group' | 'receiver' | 'way'>[];
    readonly messages: readonly NewMessage[];
    /** Those that changed, and the fingerprints of those that are over. */
    readonly escalations?: readonly EscalationRecord[];
    readonly ended?: readonly string[];
  }): Promise<void>;
}

/** Keyed by `group`, `receiver` and `way`. */
export interface NotifyRecord {
  /** Key of the group, equal for equal routes and group labels across restarts. */
  readonly group: string;
  readonly receiver: string;
  /** Id of the way among those of the receiver. */
  readonly way: string;
  /** Fingerprints that the receiver last heard of as firing, and as over. */
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  /** When a message was last made for it; absent while none was. */
  readonly notifiedAtMs?: number;
  /** `messageId` of the first message of this episode: the later ones refer to it. */
  readonly thread?: string;
  /** The latest word of each gate. */
  readonly verdicts: readonly GateVerdict[];
}

/** What a gate said of a group: whether anything passed, and which alerts it held back. */
export interface GateVerdict {
  readonly gate: string;
  readonly outcome: 'passed' | 'held';
  readonly reason: string;
  /** Since when it says so. */
  readonly atMs: number;
  readonly held: readonly HeldAlert[];
}

/** Why an alert was held back: by which rule's alert, whose silence or which hours, and until when. */
export interface HeldAlert {
  readonly fingerprint: string;
  readonly reason: string;
  readonly by?: string;
  /** Fingerprint of the alert that explains it. */
  readonly root?: string;
  /** Id of the silence or maintenance. */
  readonly silence?: string;
  readonly untilMs?: number;
}

/** How far the escalation of one alert has come; durable, so that a restart tells nobody twice. */
export interface EscalationRecord {
  readonly fingerprint: string;
  /** The episode: when it fired. */
  readonly firedAtMs: number;
  /** What the waits count from: when it fired, when it was told again, or when the claim of who saw to it ended. */
  readonly baseMs: number;
  /** How many steps have been taken, empty ones included. */
  readonly taken: number;
  readonly told: readonly EscalationTold[];
  /** Another alert explains it or it is silent: nobody waits for anybody. */
  readonly isHeldBack?: true;
  /** When it was told again after that. */
  readonly resumedAtMs?: number;
}

export interface EscalationTold {
  /** From 1; 0 is the route's own receiver, told again when a claim has ended. */
  readonly step: number;
  readonly receiver: string;
  readonly atMs: number;
}

/** A message for one address, complete and ready to leave. */
export interface NewMessage {
  /** Unique and kept for a repeat, so that a receiver can see that it is one. Without angle brackets. */
  readonly messageId: string;
  readonly createdAtMs: number;
  /** Name of the receiver that the address belongs to, and id of the way among the receiver's. */
  readonly receiver: string;
  readonly way: string;
  /** Kind of the way. */
  readonly channel: Way['kind'];
  /** The address, as pages may show it. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Fingerprints of the alerts that it tells of. */
  readonly alerts: readonly string[];
  /** What the channel sends in its own form, where that is neither text nor HTML. */
  readonly body?: string;
  /** Name of the account that it carries a link for: the mark of its id stands in the place of the token. */
  readonly answerer?: string;
  /** The message that this one follows. */
  readonly references?: string;
  /** True when it only tells that all is over: those of its thread that still wait need not leave any more. */
  readonly isEnd?: boolean;
  /** `waiting`, or `kept` when there is no way out for it. */
  readonly state: Extract<OutboxState, 'waiting' | 'kept'>;
}

export interface OutboxMessage extends Omit<NewMessage, 'state' | 'isEnd'> {
  /** Grows with time. */
  readonly id: number;
  readonly state: OutboxState;
  readonly attempts: number;
  /** Not to be tried before; absent before the first attempt. */
  readonly nextAttemptAtMs?: number;
}

/** Messages on their way; `NotifyStore.commit` adds them. */
export interface OutboxStore {
  /** For each address of each channel its oldest message that is `waiting`, oldest first. */
  heads(): Promise<readonly OutboxMessage[]>;
  saveAttempt(id: number, attempt: Attempt): Promise<void>;
  /** Fingerprints of the alerts that a phone was told of by the last message that reached it. */
  lastTold(number: string): Promise<readonly string[]>;
  /** A link that a message is about to leave with; one that is known ends later now. */
  giveLink(link: AnswerLink): Promise<void>;
}

/** What is kept of a link to acknowledge: enough to know its token again. */
export interface AnswerLink {
  /** SHA-256 of the token. */
  readonly tokenHash: string;
  readonly messageId: string;
  /** Name of the account whose it is. */
  readonly account: string;
  readonly endsAtMs: number;
}

/** How an attempt to send a message ended; counted in its `attempts`. */
export type Attempt =
  | { readonly state: 'sent'; readonly atMs: number }
  | { readonly state: 'failed'; readonly atMs: number; readonly error: string }
  | {
      readonly state: 'waiting';
      readonly atMs: number;
      readonly error: string;
      readonly nextAttemptAtMs: number;
    };
