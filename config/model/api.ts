import type { PaceView } from './agent-api.ts';
import type { Role } from './account.ts';
import type { Phase } from './alert.ts';
import type { AttentionView } from './attention.ts';
import type { ChaseRecord } from './chase.ts';
import type { Claim } from './claim.ts';
import type { CommandPreview } from './command.ts';
import type { DeviceState } from './device.ts';
import type { ErrorCode } from './errors.ts';
import type { PersonView } from './person.ts';
import type { Labels } from './labels.ts';
import type { Language } from './localized.ts';
import type { Severity } from './severity.ts';
import type { Silence, SilenceState } from './silence.ts';
import type { Site } from './site.ts';
import type { BoardView, WatchView } from './watch-api.ts';
import type { SnmpFault } from './snmp.ts';
import type { AgentTrapsBody, TrapView } from './traps.ts';

/** The contract between the collector and the browser: bodies of `/api/…` and messages of the socket at `/api/live`. */

/** Body of every refusal. `faults` names each wrong field. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly faults?: readonly { readonly path: string; readonly message: string }[];
  /** Of `conflict`: the record as somebody else left it. */
  readonly present?: unknown;
  /** Of `conflict`: what the command would do by now, to be agreed to anew. */
  readonly preview?: CommandPreview;
}

/** `GET /api/session`: who is signed in, and what the sign-in page must offer. */
export interface SessionBody {
  readonly account?: {
    readonly name: string;
    readonly displayName: string;
    readonly roles: readonly Role[];
    readonly language: Language;
    /** A screen on the wall. */
    readonly isDisplay: boolean;
    /** What must be chosen before anything else is open. */
    readonly setup?: 'password' | 'second_factor';
  };
  /** After so long without a touch the page logs off. */
  readonly idleLogOffMs: number;
  /** One person may hold several of the administrators' posts here; shown on every page. */
  readonly mayCombineAdministrators: boolean;
  /** No administrator exists yet: only the one-time link goes on. */
  readonly isFirstRun: boolean;
  readonly isDemonstration: boolean;
  /** HTTPS is spoken by a certificate of the own authority, whose root `/root` brings. */
  readonly hasOwnRoot?: boolean;
  readonly siteName: { readonly 'zh-CN': string; readonly en: string };
}

/** `POST /api/session`; answered, as `DELETE /api/session` (sign-out) is, with the new `SessionBody`. */
export interface SignInBody {
  readonly name: string;
  readonly password: string;
  /** Of the second factor: six digits of the phone, or one of the codes on paper. */
  readonly code?: string;
}

/** `POST /api/session/emergency`: the sealed code out of the envelope. */
export interface EmergencyBody {
  readonly name: string;
  readonly code: string;
}

/** Answer to it. */
export interface RescuedBody extends SessionBody {
  /** For the next envelope; shown once. */
  readonly nextCode: string;
}

/** `POST /api/account/proof`: proves by password or code that it is the person who signs; answered with `{ proof }`. */
export interface ProofBody {
  /** What the proof is for, `second_factor` or a command's name; it is good for nothing else. */
  readonly purpose: string;
  readonly password?: string;
  readonly code?: string;
}

/** `POST /api/account/password`. The present password is not asked for where one must be chosen. */
export interface NewPasswordBody {
  readonly password?: string;
  readonly next: string;
}

/** `GET /api/account`: what only oneself sees of oneself. */
export interface OwnAccountBody {
  readonly hasSecondFactor: boolean;
  readonly mustHaveSecondFactor: boolean;
  readonly recoveryCodesLeft: number;
  readonly sessions: readonly {
    readonly id: string;
    readonly isThis: boolean;
    readonly createdAtMs: number;
    readonly usedAtMs: number;
    readonly origin: string;
    readonly browser: string;
  }[];
}

/** `POST /api/account/second-factor` begins; `PUT` with `{ code }` confirms and is answered with the codes for paper. */
export interface FactorBody {
  readonly secret: string;
  readonly uri: string;
  /** SVG. */
  readonly picture: string;
}
export interface RecoveryCodesBody {
  readonly codes: readonly string[];
}

/** `POST /api/first-run`: makes the first administrator and signs in; answered with the new `SessionBody`. */
export interface FirstRunBody {
  readonly token: string;
  readonly name: string;
  readonly displayName: string;
  readonly password: string;
  readonly language: Language;
  /**
   * The administrators of security and of the audit. Where one person may hold all three posts they may be left out:
   * the first administrator holds them then.
   */
  readonly others?: {
    readonly secAdmin: { readonly name: string; readonly displayName: string };
    readonly auditAdmin: { readonly name: string; readonly displayName: string };
  };
}

/** A first password to be printed and handed over. */
export interface Slip {
  readonly name: string;
  readonly displayName: string;
  readonly code: string;
  readonly endsAtMs: number;
}

/** Answer to `POST /api/first-run`. */
export interface FirstRunAnswer extends SessionBody {
  readonly slips: readonly Slip[];
}

/** `GET /api/people?search=&role=&offset=&limit=`: by the order of their names. */
export interface PeopleBody {
  readonly people: readonly PersonView[];
  readonly total: number;
}

/** `GET /api/tokens`: tokens for programs and links of screens, newest first; never the secrets. */
export interface TokensBody {
  readonly tokens: readonly {
    readonly id: string;
    readonly name: string;
    /** Account that made it, or the screen. */
    readonly owner: string;
    readonly scopes: readonly string[];
    readonly createdAtMs: number;
    readonly endsAtMs: number;
    readonly usedAtMs?: number;
    readonly revokedAtMs?: number;
  }[];
}

/** `GET /api/site`. */
export type SiteBody = Site;

/** One number of a device as a page shows it. */
export interface ReadingView {
  readonly metric: string;
  readonly labels: Labels;
  readonly value: number;
  readonly state?: string;
  /** How grave the state is; absent when normal or when the metric is no state. */
  readonly severity?: Severity;
  readonly atMs: number;
  /** Leaf OID or source; known only where the agent can be asked. */
  readonly source?: string;
}

export interface DeviceView {
  readonly id: string;
  readonly state: DeviceState;
  readonly headline: readonly ReadingView[];
  /** When it last answered; absent if never. */
  readonly lastSeenAtMs?: number;
}

/** Value under the key `readings/ID`: everything that the device told at its last poll. */
export interface ReadingsView {
  readonly device: string;
  readonly readings: readonly ReadingView[];
}

/** `GET /api/devices/:id/chart?metric=&fromMs=&toMs=`: one line for each set of labels; `null` is a gap. */
export interface ChartBody {
  readonly timesMs: readonly number[];
  readonly lines: readonly ChartLine[];
}

/** Where a step is longer than a scrape, `band` has the least and the greatest of each. */
export interface ChartLine {
  readonly labels: Labels;
  readonly values: readonly (number | null)[];
  readonly band?: { readonly min: readonly (number | null)[]; readonly max: readonly (number | null)[] };
}

/** An exchange of the agent with a device, for the debug view. */
export interface ExchangeView {
  readonly atMs: number;
  readonly durationMs: number;
  readonly request: string;
  readonly outcome: string;
}

/** `GET /api/devices/:id/debug`: what the agent knows of the device. */
export interface DeviceDebugBody {
  readonly profiles: readonly string[];
  readonly exchanges: readonly ExchangeView[];
  /** Why the agent gets nothing from it over SNMP, and what went wrong in the last poll in the agent's own words. */
  readonly fault?: SnmpFault;
  readonly lastError?: string;
  /** How it is asked. */
  readonly pace?: PaceView;
  /** What it reported by itself, newest first. */
  readonly traps: readonly TrapView[];
}

/** `GET /api/traps`: for each agent who sent traps that were not obeyed. */
export interface TrapSourcesBody {
  readonly agents: readonly AgentTrapsView[];
}

export interface AgentTrapsView extends AgentTrapsBody {
  readonly agent: string;
}

/** An alert instance as a page shows it; the value under the key `alert/FINGERPRINT` while it is active. */
export interface AlertView {
  readonly fingerprint: string;
  /** Id of its rule, see `RuleView`. */
  readonly rule: string;
  readonly name: string;
  readonly severity: Severity;
  readonly phase: Phase;
  readonly labels: Labels;
  /** Per language: one line, what to do, and what happens if nobody does. */
  readonly summary: { readonly 'zh-CN': string; readonly en: string };
  readonly response: { readonly 'zh-CN': string; readonly en: string };
  readonly consequence: { readonly 'zh-CN': string; readonly en: string };
  readonly device?: string;
  readonly value: number;
  /** Unit of the value, as the rule states it (annotation `unit`), for the page to format. */
  readonly unit?: string;
  /** Address of what to do in full, as the rule states it (annotation `runbook_url`); `http` or `https` only. */
  readonly runbook?: string;
  /** Smoke, fire, gas release, water at power (annotation `danger: life`). */
  readonly danger?: 'life';
  /** Of an active one: who sees to it. */
  readonly claim?: ClaimView;
  /** Of an active one: what keeps it from being told. */
  readonly muted?: MutedView;
}

/** Who sees to an alert, until when. */
export interface ClaimView extends Pick<Claim, 'person' | 'note' | 'sinceMs' | 'endsAtMs' | 'offeredTo'> {
  readonly isUntilWorse: boolean;
}

/** Why an active alert is not told: another alert explains it, or a person has said so. */
export type MutedView =
  /** `root` is the fingerprint of the alert that explains it, `by` its name. */
  | { readonly kind: 'inhibited'; readonly root: string; readonly by: string }
  | {
      readonly kind: Silence['kind'];
      readonly silence: string;
      readonly by: string;
      readonly untilMs: number;
    };

/** `GET /api/alerts`: those that fire or are held. `POST /api/alerts/:fingerprint/end` with `{ reason }` ends a held one. */
export interface AlertsBody {
  readonly alerts: readonly AlertView[];
}

/** `GET /api/alerts/history?beforeMs=&beforeId=&limit=`: newest first. */
export interface AlertHistoryBody {
  readonly entries: readonly AlertHistoryEntry[];
}

export interface AlertHistoryEntry {
  readonly id: number;
  readonly atMs: number;
  readonly transition: AlertTransition;
  readonly alert: AlertView;
  /** Who ended it and why, where a person did. */
  readonly person?: string;
  readonly reason?: string;
}

/**
 * `resumed`: held, and its data came back with the condition still true. `taken_back`: a person's act about who sees
 * to it was undone; `note_taken_back`: `reason` is the note.
 */
export type AlertTransition =
  | 'fired'
  | 'held'
  | 'resumed'
  | 'resolved'
  | 'claimed'
  | 'released'
  | 'offered'
  | 'taken_over'
  | 'claim_ended'
  | 'noted'
  | 'taken_back'
  | 'note_taken_back';

/** `GET /api/alerts/:fingerprint/verdicts`: who was told or tried, who was not and why, and who is next. */
export interface VerdictsBody {
  /** What the gates between the alert and a message said. */
  readonly receivers: readonly ReceiverVerdicts[];
  /** The messages that told of it, newest first. */
  readonly messages: readonly TriedView[];
  /** Absent where no route of it escalates. */
  readonly escalation?: EscalationView;
  /** What of it is or was overdue, and whom that was told. */
  readonly chases?: readonly ChaseRecord[];
}

export interface ReceiverVerdicts {
  readonly receiver: string;
  /** Which of the receiver's ways: `mail[0]`; empty where it has none. */
  readonly way: string;
  /** In the order of the gates; the first that held the alert back ends the list. */
  readonly verdicts: readonly Verdict[];
}

/** A message about an alert: whom, how, and with what answer. */
export type TriedView = Omit<OutboxMessageView, 'text' | 'html'>;

/** How far an escalation is. */
export interface EscalationView {
  /** Name of the policy. */
  readonly policy: string;
  /** Step 0 is the route's own receiver, told again when a claim has ended. */
  readonly told: readonly { readonly step: number; readonly receiver: string; readonly atMs: number }[];
  /** Who is told next, if nobody sees to it until then. */
  readonly next?: { readonly step: number; readonly receiver: string; readonly atMs: number };
  /** It waits as long as somebody sees to it. */
  readonly pausedUntilMs?: number;
}

/** `GET /api/silences`: those in force, those to come, and those that ended lately. */
export interface SilencesBody {
  readonly silences: readonly SilenceView[];
}

export interface SilenceView extends Silence {
  readonly state: SilenceState;
  /** Episodes of alerts that it kept from being told so far, and active alerts that it keeps now. */
  readonly swallowed: number;
  readonly now: number;
  /** It has matched nothing for hours and proposes to end. */
  readonly isIdle: boolean;
}

/** `GET /api/colleagues`: who can be asked to take an alert over. */
export interface ColleaguesBody {
  readonly colleagues: readonly ColleagueView[];
}

export interface ColleagueView {
  readonly name: string;
  readonly displayName: string;
}

/** `GET /api/alerts/:fingerprint/history`: the latest transitions of one alert, newest first, and its notes of all times. */
export interface AlertFileBody {
  readonly entries: readonly AlertHistoryEntry[];
  readonly notes: readonly NoteView[];
}

export interface NoteView {
  readonly atMs: number;
  readonly person: string;
  readonly text: string;
}

/** What one gate said of an alert on its way to a receiver, and since when. */
export interface Verdict {
  readonly gate: string;
  readonly outcome: 'passed' | 'held';
  /** A code: records store no translated words. */
  readonly reason: string;
  readonly atMs: number;
  /** What or who holds it: an alert's name, the owner of a silence, the name of hours. */
  readonly by?: string;
  /** The alert that explains it. */
  readonly root?: string;
  readonly silence?: string;
  readonly untilMs?: number;
}

/** `GET /api/outbox?beforeMs=&beforeId=&limit=`: what was sent, to whom, what failed and why; newest first. */
export interface OutboxBody {
  readonly messages: readonly OutboxMessageView[];
}

export interface OutboxMessageView {
  readonly id: number;
  readonly createdAtMs: number;
  readonly receiver: string;
  /** How it leaves: mail, webhook … */
  readonly channel: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly state: OutboxState;
  readonly attempts: number;
  readonly nextAttemptAtMs?: number;
  readonly sentAtMs?: number;
  readonly lastError?: string;
}

/** `kept`: no mail server is set, so the message stands on this page and went nowhere. `failed`: refused for good. */
export type OutboxState = 'waiting' | 'sent' | 'failed' | 'kept' | 'folded';

/** `GET /api/lab`; only a demonstration has it. `POST /api/lab` with `{ scenario }` makes it happen. */
export interface LabBody {
  readonly scenarios: readonly string[];
  /** Those that are going on now. */
  readonly active: readonly string[];
}

/** Value under the key `watcher`: the collector's own condition. */
export interface WatcherView {
  readonly startedAtMs: number;
  readonly agents: readonly {
    readonly name: string;
    readonly isUp: boolean;
    readonly sinceMs: number;
    readonly lastScrapeAtMs?: number;
    readonly lastError?: string;
  }[];
  readonly faults: readonly string[];
}

/** The live state is a map from key to value; a client holds a copy of the part that its topics select. */
export type LiveEntry =
  | readonly [key: 'site', value: Site | null]
  | readonly [key: 'watcher', value: WatcherView | null]
  | readonly [key: 'watch', value: WatchView | null]
  | readonly [key: 'board', value: BoardView | null]
  | readonly [key: 'attention', value: AttentionView | null]
  | readonly [key: `device/${string}`, value: DeviceView | null]
  | readonly [key: `readings/${string}`, value: ReadingsView | null]
  | readonly [key: `alert/${string}`, value: AlertView | null];

/**
 * `board` selects the duty board, `device:ID` the readings of one device, `overview` everything else. A client may hold at
 * most `MAX_TOPICS`.
 */
export type Topic = 'overview' | 'board' | `device:${string}`;
export const MAX_TOPICS = 16;

/** `resume` names the last delta that the client has; the answer is what it missed, or a snapshot. */
export type ClientMessage = {
  readonly type: 'subscribe';
  readonly topics: readonly Topic[];
  readonly resume?: { readonly epoch: string; readonly seq: number };
};

export type ServerMessage =
  | {
      readonly type: 'snapshot';
      readonly epoch: string;
      readonly seq: number;
      readonly atMs: number;
      readonly entries: readonly LiveEntry[];
    }
  /** `null` as a value removes the key. `seq` grows; a client of few topics sees gaps in it, never a step back. */
  | {
      readonly type: 'delta';
      readonly seq: number;
      readonly atMs: number;
      readonly entries: readonly LiveEntry[];
    }
  /** Each `HEARTBEAT_MS`, so that silence means a lost connection. */
  | { readonly type: 'heartbeat'; readonly seq: number; readonly atMs: number };

export const HEARTBEAT_MS = 2_000;
/** A client that heard nothing for so long shows the room as not current. */
export const SILENCE_MS = 5_000;
