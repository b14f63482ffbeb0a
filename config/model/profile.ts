import type { Lane } from './lane.ts';
import type { MetricName } from './metrics.ts';
import type { Oid } from './oid.ts';

/** Where the numbers of a family of devices are, in the form that an agent works with. */
export interface Profile extends ProfileSummary, ProfileBody {}

/** Whom a profile serves: what is known of it before it is read whole. */
export interface ProfileSummary {
  /** The name of its file. */
  readonly name: string;
  readonly title: string;
  /** It serves a device that one of these describes. */
  readonly match: readonly ProfileMatch[];
}

/** A profile that is read whole when it serves a device. */
export interface ClosedProfile extends ProfileSummary {
  /** What it says; the same each time. */
  read(): Promise<ProfileBody>;
}

export interface ProfileBody {
  /** Label of `device_info` → objects, the first that tells something counts. */
  readonly info: Readonly<Partial<Record<InfoLabel, readonly Oid[]>>>;
  readonly changesWith: readonly Oid[];
  /** In the order of the file. What is read (object, `minus`, `over`) gives one reading, to the first rule that takes it. */
  readonly rules: readonly ReadingRule[];
  readonly traps: readonly TrapRule[];
}

/** What a trap of the family means. */
export interface TrapRule {
  readonly oid: Oid;
  /** What its MIB calls it. */
  readonly name: string;
  /** What the trap must tell. */
  readonly conditions: readonly TrapCondition[];
  /** What readings of the device are then, until it is read. */
  readonly tells: readonly {
    readonly metric: MetricName;
    /** Of a state set; of any other metric there is `value`. */
    readonly state?: string;
    readonly value?: number;
    /** The column among what the trap tells whose index says which row it is about; absent: all rows. */
    readonly indexOf?: Oid;
  }[];
}

export const INFO_LABELS = ['vendor', 'model', 'firmware', 'system_name'] as const;
export type InfoLabel = (typeof INFO_LABELS)[number];

/** All that it names must hold. */
export interface ProfileMatch {
  readonly objectId?: Oid;
  readonly descr?: RegExp;
  readonly has?: Oid;
}

/**
 * How one reading comes from objects of a device. For a column each object identifier in it is that of a column: the row's index goes
 * behind it, or in the place of a `*`. Otherwise, and where it ends in `.0`, it is a leaf.
 */
export interface ReadingRule {
  readonly metric: MetricName;
  readonly oid: Oid;
  readonly isColumn: boolean;
  readonly labels: readonly RuleLabel[];
  readonly conditions: readonly Condition[];
  readonly multiply: number;
  readonly divide: number;
  /** The reading is ten times the decimal logarithm of the scaled number. */
  readonly isDecibels?: true;
  /** Added after scaling. */
  readonly offset: number;
  readonly multiplyBy?: Oid;
  readonly powersOfTen?: { readonly oid: Oid; readonly values: ReadonlyMap<number, number> };
  readonly decimals?: Oid;
  readonly reader?: ValueReader;
  readonly minus: readonly Oid[];
  readonly over?: Oid;
  readonly invalid: readonly number[];
  readonly map?: ReadonlyMap<number, number>;
  readonly states?: ReadonlyMap<number, string>;
  readonly onlyWhile?: { readonly oid: Oid; readonly is: readonly number[] };
  /** Absent: that of the metric. */
  readonly lane?: Lane;
}

/** Where a label's value is: of the sources the first that is not empty, with `part` behind it. */
export interface RuleLabel {
  readonly name: string;
  readonly sources: readonly LabelSource[];
  readonly part?: string;
}

export type LabelSource =
  /** The whole index of a row, or one of its numbers: 1 the first, -1 the last. */
  | { readonly kind: 'index'; readonly arc?: number }
  | { readonly kind: 'object'; readonly oid: Oid; readonly of?: OtherRow }
  | { readonly kind: 'text'; readonly text: string }
  /** One behind the other; empty as soon as one of them is. */
  | { readonly kind: 'joined'; readonly parts: readonly LabelSource[] };

/** Another row than the reading's own: that whose index are these numbers of its index, or what an object of it tells. */
export type OtherRow = { readonly arcs: readonly number[] } | { readonly toldBy: Oid };

export interface Condition {
  readonly source: LabelSource;
  readonly is?: readonly string[];
  readonly not?: readonly string[];
  readonly matches?: RegExp;
}

/** As `Condition`, of an object that a trap tells. */
export interface TrapCondition extends Pick<Condition, 'is' | 'matches'> {
  readonly oid: Oid;
}

/** How a number comes from a value that is not simply one. */
export interface ValueReader {
  /** Its first group, or all that it finds, is what counts of the text. */
  readonly extract?: RegExp;
  /** Text in small letters → the number that stands for it. */
  readonly words?: ReadonlyMap<string, number>;
  /** Of a number, only this bit. */
  readonly bit?: number;
}
