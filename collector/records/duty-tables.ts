import type { Generated } from 'kysely';

/** The columns of the tables about people's work: rounds, the roster, the watch. As in `Tables`. */
export interface DutyTables {
  roster_pattern: RosterPatternTable;
  roster_override: RosterOverrideTable;
  roster_absence: RosterAbsenceTable;
  roster_swap: RosterSwapTable;
  roster_feed: RosterFeedTable;
  round_template: RoundTemplateTable;
  round: RoundTable;
  round_addition: RoundAdditionTable;
  round_doubt: RoundDoubtTable;
  round_photo: RoundPhotoTable;
  round_place: RoundPlaceTable;
  round_assignment: RoundAssignmentTable;
  round_task: RoundTaskTable;
  round_swap: RoundSwapTable;
  watch_ledger: WatchLedgerTable;
  handover: HandoverTable;
  handover_addendum: HandoverAddendumTable;
  duty_record: DutyRecordTable;
  watch_log: WatchLogTable;
  attachment: AttachmentTable;
  watch_figure: WatchFigureTable;
  annotation: AnnotationTable;
}

interface AnnotationTable {
  id: Generated<number>;
  at_ms: number;
  room: string;
  /** Null: the whole room. */
  device: string | null;
  text: string;
  /** As people read the name. */
  by: string;
  written_at_ms: number;
  /** Null while it stands. */
  removed_at_ms: number | null;
}

interface RoundTemplateTable {
  id: string;
  version: number;
  at_ms: number;
  by: string;
  is_current: number;
  /** The whole `RoundTemplate`. */
  template: string;
}

interface RoundTable {
  id: string;
  template: string;
  version: number;
  /** The due round that it answers, once; null for a special one. */
  due: string | null;
  /** `YYYY-MM-DD` of the site. */
  day: string;
  received_at_ms: number;
  walked_by: string;
  sent_by: string;
  result: string;
  /** How many. */
  doubts: number;
  is_late: number;
  /** SHA-256 of what was handed in: the same again is the same round. */
  hash: string;
  clock_difference_ms: number;
  /** A `RoundSubmission`. */
  submission: string;
  /** A `JudgedRound`. */
  judged: string;
}

interface RoundDoubtTable {
  round: string;
  /** A `DoubtCode`, once for each round. */
  code: string;
  received_at_ms: number;
}

interface RoundSwapTable {
  id: string;
  offered_at_ms: number;
  closed_at_ms: number | null;
  /** A `RoundSwap`. */
  swap: string;
}

interface RoundAdditionTable {
  id: string;
  round: string;
  at_ms: number;
  by: string;
  kind: string;
  /** A `RoundAddition`. */
  addition: string;
}

interface RoundPhotoTable {
  /** SHA-256 of the bytes. */
  id: string;
  at_ms: number;
  by: string;
  /** A JPEG, base64. */
  bytes: string;
}

interface RoundPlaceTable {
  /** `ROOM/CHECKPOINT`. */
  place: string;
  code: string;
  /** JSON: codes that hung there before. */
  earlier: string;
  made_at_ms: number;
}

interface RoundAssignmentTable {
  due: string;
  /** `YYYY-MM-DD`: that of the due round. */
  day: string;
  account: string;
  by: string;
  at_ms: number;
}

interface RoundTaskTable {
  id: string;
  round: string;
  opened_at_ms: number;
  closed_at_ms: number | null;
  owner: string | null;
  /** A `RoundTask`. */
  task: string;
}

interface RosterPatternTable {
  id: string;
  /** Days are `YYYY-MM-DD` of the site. */
  from_day: string;
  to_day: string | null;
  /** The whole `Pattern`. */
  pattern: string;
}

interface RosterOverrideTable {
  shift: string;
  post: string;
  /** On which the shift begins. */
  day: string;
  /** JSON: a list. */
  names: string;
  swap: string | null;
}

interface RosterAbsenceTable {
  id: string;
  from_day: string;
  to_day: string;
  /** The whole `Absence`. */
  absence: string;
}

interface RosterSwapTable {
  id: string;
  /** Somebody has yet to answer. */
  is_open: number;
  offered_at_ms: number;
  /** The whole `Swap`. */
  swap: string;
}

/** A secret link to the shifts of one person. */
interface RosterFeedTable {
  token_hash: string;
  account_id: number;
  created_at_ms: number;
  used_at_ms: number | null;
  revoked_at_ms: number | null;
}

/** Who keeps which post from when on. Nothing in it can be changed or removed. */
interface WatchLedgerTable {
  id: Generated<number>;
  post: string;
  at_ms: number;
  recorded_at_ms: number;
  /** Nobody, when null. */
  person: string | null;
  cause: string;
  handover: number | null;
}

interface HandoverTable {
  id: Generated<number>;
  post: string;
  /** Kind of its `HandoverState`. */
  state: string;
  started_at_ms: number;
  /** The frozen sheet: the very text that was hashed. */
  sheet: string;
  /** The whole `Handover`, without its id. */
  handover: string;
  sealed_at_ms: number | null;
}

interface HandoverAddendumTable {
  id: Generated<number>;
  handover: number;
  at_ms: number;
  person: string;
  text: string;
  hash: string;
}

interface DutyRecordTable {
  id: Generated<number>;
  kind: string;
  at_ms: number;
  is_open: number;
  /** The whole `DutyRecord`. */
  record: string;
}

interface WatchLogTable {
  id: Generated<number>;
  at_ms: number;
  /** The product itself, when null. */
  author: string | null;
  /** `note` of a person, or what happened. */
  code: string;
  /** The whole `WatchLogEntry`, without its id. */
  entry: string;
}

/** Base64. Nothing in it can be changed or removed. */
interface AttachmentTable {
  id: Generated<number>;
  at_ms: number;
  person: string;
  name: string;
  media_type: string;
  hash: string;
  content: string;
}

/** Running figures of the watch, such as what was lowest and highest since it began. */
interface WatchFigureTable {
  name: string;
  figure: string;
}
