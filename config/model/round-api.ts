import type { DueRound, RoundAnswer, RoundSubmission, RoundTemplate } from './round.ts';
import type { JudgedRound } from './round-judge.ts';
import type { RoundSwap } from './round-swap.ts';

/** What the pages about rounds ask and are told. */

/** `missed`: its time is over and the next one has begun. */
export type DueState = 'upcoming' | 'open' | 'overdue' | 'missed' | 'done' | 'late';

export interface DueView extends DueRound {
  readonly state: DueState;
  /** Account that it was handed to; absent: whoever keeps the watch. */
  readonly assignee?: string;
  /** Accounts that the roster plans for the watch meanwhile, in their order; of what is the watch's and not done yet. */
  readonly watch?: readonly string[];
  readonly round?: string;
  /** Account of who walked it. */
  readonly walkedBy?: string;
  readonly result?: JudgedRound['result'];
}

/** What lists say of a template; the whole of it comes with the pack, or by its name. */
export type RoundHead = Pick<RoundTemplate, 'id' | 'version' | 'name' | 'kind' | 'room' | 'isRetired'>;

/** `GET /api/rounds/due?fromMs=&toMs=` */
export interface DueBody {
  readonly templates: readonly RoundHead[];
  readonly due: readonly DueView[];
  /** Display names of the accounts in it. */
  readonly people: Readonly<Record<string, string>>;
}

/** What a sensor said, in the unit of the item. */
export interface SensorReading {
  readonly value: number;
  readonly atMs: number;
}

/** `GET /api/rounds/pack`: all that a phone needs to walk rounds without a connection. */
export interface RoundPack {
  readonly madeAtMs: number;
  readonly account: string;
  readonly timeZone: string;
  readonly templates: readonly RoundTemplate[];
  readonly due: readonly DueView[];
  /** By `TEMPLATE/ITEM`; none of items that people read themselves. */
  readonly sensors: Readonly<Record<string, SensorReading>>;
  /** Hash of the code of each place, `ROOM/CHECKPOINT`, so that a phone can tell a wrong one: SHA-256 of `SALT:CODE`. */
  readonly codes: { readonly salt: string; readonly hashes: Readonly<Record<string, string>> };
}

/** `POST /api/rounds` */
export interface RoundHandIn {
  readonly round: RoundSubmission;
  /** What the phone's clock says now. */
  readonly phoneNowMs: number;
}

export interface HandedIn {
  readonly id: string;
  readonly receivedAtMs: number;
  readonly judged: JudgedRound;
}

/** `GET /api/rounds` */
export interface RoundLine {
  readonly id: string;
  readonly template: string;
  readonly day: string;
  readonly receivedAtMs: number;
  readonly walkedBy: string;
  readonly result: JudgedRound['result'];
  readonly doubts: number;
  readonly isReviewed: boolean;
  /** What people read and what the sensors said; in a list of rounds with a difference. */
  readonly differences?: readonly RoundDifference[];
}

/** What somebody read of a gauge, and what the sensor said then, further apart than the tolerance. */
export interface RoundDifference {
  readonly item: string;
  readonly name: RoundTemplate['name'];
  readonly unit: string;
  readonly person: number;
  readonly sensor: number;
}

export interface RoundsBody {
  readonly rounds: readonly RoundLine[];
  readonly names: Readonly<Record<string, RoundTemplate['name']>>;
  /** Display names of the accounts in it. */
  readonly people: Readonly<Record<string, string>>;
}

/** What was added to a round after it was handed in. */
export type RoundAddition =
  | {
      readonly kind: 'correction';
      readonly item: string;
      readonly value: RoundAnswer['value'];
      readonly reason: string;
    }
  | { readonly kind: 'remark'; readonly text: string }
  /** The signature of a second person (审核人). */
  | { readonly kind: 'review'; readonly isAccepted: boolean; readonly note: string };

export interface AdditionView {
  readonly id: string;
  readonly atMs: number;
  readonly by: string;
  readonly addition: RoundAddition;
}

/** What was found abnormal and is to be put right. */
export interface RoundTask {
  readonly id: string;
  readonly round: string;
  readonly template: string;
  readonly checkpoint: string;
  readonly item: string;
  readonly note: string;
  readonly openedAtMs: number;
  readonly owner?: string;
  readonly closedAtMs?: number;
  readonly closedBy?: string;
  readonly closing?: string;
}

/** `GET /api/rounds/:id` */
export interface RoundBody {
  readonly id: string;
  readonly template: RoundTemplate;
  readonly round: RoundSubmission;
  readonly judged: JudgedRound;
  readonly receivedAtMs: number;
  readonly sentBy: string;
  readonly clockDifferenceMs: number;
  readonly hash: string;
  readonly additions: readonly AdditionView[];
  readonly tasks: readonly RoundTask[];
  /** Display names of the accounts in it. */
  readonly people: Readonly<Record<string, string>>;
}

/** A task with what its item and place are called now; absent where the template has them no more. */
export interface RoundTaskView extends RoundTask {
  readonly itemName?: RoundTemplate['name'];
  readonly placeName?: RoundTemplate['name'];
}

/** `GET /api/rounds/tasks`: those that are open, the oldest first. */
export interface RoundTasksBody {
  readonly tasks: readonly RoundTaskView[];
}

/** `GET /api/rounds/bound?month=&after=`: a part of the rounds of a month, whole, in the order of their days. */
export interface BoundBody {
  readonly rounds: readonly Omit<RoundBody, 'template'>[];
  /** By `TEMPLATE@VERSION`. */
  readonly templates: Readonly<Record<string, RoundTemplate>>;
  /** What to ask for next; absent: that was all. */
  readonly next?: string;
}

/** A round of today, as a wall shows it: not whose it is. */
export interface TodayRound extends Pick<DueView, 'state' | 'result' | 'byMs'> {
  readonly name: RoundTemplate['name'];
  readonly room?: string;
}

/** `GET /api/rounds/today`: of the site's day, and what is overdue since before. */
export interface RoundsTodayBody {
  readonly rounds: readonly TodayRound[];
}

/** `GET /api/rounds/swaps`: those that nobody has answered. */
export interface RoundSwapsBody {
  readonly swaps: readonly RoundSwap[];
  /** Display names of the accounts in it. */
  readonly people: Readonly<Record<string, string>>;
}

/** `GET /api/rounds/places`: the codes to print. */
export interface PlacesBody {
  readonly places: readonly {
    readonly place: string;
    readonly name: RoundTemplate['name'];
    readonly room: string;
    readonly code: string;
    /** A picture of the QR code as a data address. */
    readonly picture: string;
  }[];
}

/** What became of a due round, for a field of the year. */
export type YearDay = Pick<DueView, 'day' | 'state' | 'round' | 'result'>;

/** `GET /api/rounds/year?year=` */
export interface RoundYearBody {
  readonly year: number;
  /** Of each template that was due, in the order of their days; only what was due by now. */
  readonly templates: readonly (RoundHead & { readonly days: readonly YearDay[] })[];
}
