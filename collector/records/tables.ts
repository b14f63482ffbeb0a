import type { Generated, Kysely } from 'kysely';
import type { DutyTables } from './duty-tables.ts';

/** The columns of every table. Instants are milliseconds since 1970, JSON stands as text, a truth as 0 or 1. */
export interface Tables extends DutyTables {
  agent: AgentTable;
  agent_token: AgentTokenTable;
  account: AccountTable;
  session: SessionTable;
  first_run_token: FirstRunTokenTable;
  sign_in_failure: SignInFailureTable;
  password_before: PasswordBeforeTable;
  known_place: KnownPlaceTable;
  second_factor: SecondFactorTable;
  one_time_code: OneTimeCodeTable;
  access_token: AccessTokenTable;
  undoable: UndoableTable;
  alert_instance: AlertInstanceTable;
  alert_history: AlertHistoryTable;
  notify_record: NotifyRecordTable;
  outbox: OutboxTable;
  outbox_alert: OutboxAlertTable;
  answer_link: AnswerLinkTable;
  escalation: EscalationTable;
  chase: ChaseTable;
  claim: ClaimTable;
  silence: SilenceTable;
  silence_swallowed: SilenceSwallowedTable;
  audit: AuditTable;
  audit_personal: AuditPersonalTable;
  audit_head: AuditHeadTable;
  search_document: SearchDocumentTable;
  search_term: SearchTermTable;
}

export type Db = Kysely<Tables>;

interface AgentTable {
  name: string;
  zone: string;
  credential_hash: string;
  joined_at_ms: number;
  revoked_at_ms: number | null;
}

interface AgentTokenTable {
  token_hash: string;
  zone: string;
  created_at_ms: number;
}

interface AccountTable {
  id: Generated<number>;
  /** As its owner writes it; `name_key` is the same for names that people take for the same. */
  name: string;
  name_key: string;
  display_name: string;
  /** JSON: a list. */
  roles: string;
  language: string;
  password_hash: string;
  created_at_ms: number;
  is_demonstration: number;
  /** A screen on the wall. */
  is_display: number;
  is_disabled: number;
  must_change_password: number;
  phone: string;
  mail: string;
  department: string;
  /** `YYYY-MM-DD`. */
  vetted_on: string | null;
  /** JSON: a list of `Qualification`. */
  qualifications: string;
  /** What a search looks into, in lower case. */
  search_text: string;
  version: number;
}

interface SessionTable {
  token_hash: string;
  account_id: number;
  created_at_ms: number;
  used_at_ms: number;
  origin: string;
  /** What the browser says that it is. */
  browser: string;
}

interface PasswordBeforeTable {
  id: Generated<number>;
  account_id: number;
  password_hash: string;
  set_at_ms: number;
}

/** An address from which an account has signed in. */
interface KnownPlaceTable {
  account_id: number;
  address: string;
  used_at_ms: number;
}

interface SecondFactorTable {
  account_id: number;
  /** Base32, sealed by the vault. */
  secret: string;
  is_confirmed: number;
  /** Step of the last code that was taken; it and those before it are not taken again. */
  last_step: number;
}

interface OneTimeCodeTable {
  account_id: number;
  /** `first`: a slip with a first password. `recovery`: in place of a second factor. `emergency`: in an envelope. */
  kind: string;
  code_hash: string;
  ends_at_ms: number | null;
}

interface AccessTokenTable {
  token_hash: string;
  /** Who made it, or the screen that it belongs to. */
  account_id: number;
  name: string;
  /** JSON: a list. */
  scopes: string;
  created_at_ms: number;
  ends_at_ms: number;
  used_at_ms: number | null;
  revoked_at_ms: number | null;
}

/** A command that can be taken back by who has the token, until it ends. */
interface UndoableTable {
  token_hash: string;
  account_id: number;
  command: string;
  target: string;
  /** JSON: what the command needs to take itself back. */
  undo: string;
  ends_at_ms: number;
}

interface FirstRunTokenTable {
  token_hash: string;
  created_at_ms: number;
}

interface SignInFailureTable {
  /** Of a name that was tried (whether an account has it or not), of an address, or of both together. */
  subject: string;
  failures: number;
  last_at_ms: number;
}

interface AlertInstanceTable {
  fingerprint: string;
  /** The whole `AlertInstance`. */
  instance: string;
}

interface AlertHistoryTable {
  id: Generated<number>;
  at_ms: number;
  transition: string;
  /** Of the alert. */
  fingerprint: string;
  /** The `AlertView` at that instant. */
  alert: string;
  person: string | null;
  reason: string | null;
  sealed_at_ms: number | null;
}

interface NotifyRecordTable {
  group_key: string;
  receiver: string;
  way: string;
  /** The whole `NotifyRecord`. */
  record: string;
}

interface OutboxTable {
  id: Generated<number>;
  message_id: string;
  created_at_ms: number;
  receiver: string;
  way: string;
  channel: string;
  recipient: string;
  subject: string;
  body_text: string;
  body_html: string;
  /** What the channel sends in its own form. */
  body: string | null;
  /** Name of the account that it carries a link for. */
  answerer: string | null;
  follows: string | null;
  state: string;
  attempts: number;
  next_attempt_at_ms: number | null;
  sent_at_ms: number | null;
  last_error: string | null;
  sealed_at_ms: number | null;
}

/** One link of the chain: what may be kept for ever. Nothing in it can be changed or removed. */
/** Which alerts a message tells of. */
interface OutboxAlertTable {
  message_id: string;
  fingerprint: string;
}

/** A link in a message by which one person acknowledges; its token is known by its hash alone. */
interface AnswerLinkTable {
  token_hash: string;
  message_id: string;
  account: string;
  ends_at_ms: number;
  used_at_ms: number | null;
}

interface EscalationTable {
  fingerprint: string;
  /** The whole `EscalationRecord`. */
  record: string;
}

interface ChaseTable {
  id: string;
  ended_at_ms: number | null;
  /** The whole `ChaseRecord`. */
  record: string;
}

interface ClaimTable {
  id: string;
  ends_at_ms: number;
  /** The whole `Claim`. */
  claim: string;
}

interface SilenceTable {
  id: string;
  ends_at_ms: number;
  /** The whole `Silence`. */
  silence: string;
}

/** Each episode of an alert that a silence kept from being told. */
interface SilenceSwallowedTable {
  silence: string;
  fingerprint: string;
  fired_at_ms: number;
}

interface AuditTable {
  /** Without gaps, from 1. */
  seq: number;
  at_ms: number;
  action: string;
  /** Of the line's row in `audit_personal`, with its salt. */
  personal_hash: string;
  previous_hash: string;
  hash: string;
}

/** What a line says of people: stands apart, so that it can be forgotten one day and the chain still holds. */
interface AuditPersonalTable {
  seq: number;
  at_ms: number;
  salt: string;
  who: string;
  target: string;
  /** JSON: what it was before and after. */
  change: string;
  origin: string;
}

/** One row: where the chain ends. Whoever appends takes it first, so that no two append at once. */
interface AuditHeadTable {
  id: number;
  seq: number;
  hash: string;
}

interface SearchDocumentTable {
  scope: string;
  id: number;
  /** As it is searched: without differences of case and width. */
  body: string;
}

interface SearchTermTable {
  scope: string;
  term: string;
  id: number;
}
