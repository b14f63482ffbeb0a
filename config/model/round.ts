import type { Localized } from './localized.ts';

/** Inspection rounds (巡检): what is to be looked at, where, by when, and what somebody found. */

/** How often a round is due; a special one is begun when somebody wants it. */
export const ROUND_KINDS = ['daily', 'weekly', 'monthly', 'quarterly', 'special'] as const;
export type RoundKind = (typeof ROUND_KINDS)[number];

/** The three parts of the paper form. */
export const ROUND_BLOCKS = ['environment', 'devices', 'systems'] as const;
export type RoundBlock = (typeof ROUND_BLOCKS)[number];

interface ItemHead {
  /** Unique in its template; stays when the item is reworded, so that its values remain one series. */
  readonly id: string;
  readonly block: RoundBlock;
  readonly name: Localized;
  /** What to look for. */
  readonly help?: Localized;
  /** A photo must be taken whatever was found. */
  readonly needsPhoto: boolean;
}

export interface CheckItem extends ItemHead {
  readonly type: 'check';
}

export interface NumberItem extends ItemHead {
  readonly type: 'number';
  /** As it is printed: `℃`, `%`, `min`. */
  readonly unit: string;
  /** What is normal, both ends included; either may be open. */
  readonly low?: number;
  readonly high?: number;
  /** PromQL whose one value is what the sensors say; absent where no sensor measures it. */
  readonly sensor?: string;
  /** Multiplies what the sensor says, as series have base units and people read `%` and minutes. */
  readonly sensorScale: number;
  /** Somebody reads the gauge themselves: what the sensor says is shown only after what they entered. */
  readonly isReadYourself: boolean;
  /** A larger difference between person and sensor is told. */
  readonly tolerance?: number;
}

export interface ChoiceItem extends ItemHead {
  readonly type: 'choice';
  readonly options: readonly {
    readonly id: string;
    readonly name: Localized;
    readonly isAbnormal: boolean;
  }[];
}

export interface TextItem extends ItemHead {
  readonly type: 'text';
}

export interface PhotoItem extends ItemHead {
  readonly type: 'photo';
}

export type RoundItem = CheckItem | NumberItem | ChoiceItem | TextItem | PhotoItem;

/** A place on the way. Its code hangs there and proves that somebody was there. */
export interface Checkpoint {
  readonly id: string;
  readonly name: Localized;
  /** Faster than this nobody looks at all of it. */
  readonly minSeconds: number;
  readonly items: readonly RoundItem[];
}

/** When a round is due, in the site's zone. */
export interface RoundSchedule {
  /** Time of day from which it can be done in time, `HH:MM`. */
  readonly from: string;
  /** Until then it must be done. Not after `from`: on the next day. */
  readonly by: string;
  /** 1 Monday … 7 Sunday, of a weekly round. */
  readonly weekday: number;
  /** Day of the month of a monthly or quarterly round; the last day in a shorter month. */
  readonly monthDay: number;
}

/** What is looked at on a round; a changed one is a new version, and a round is judged by the version it was done with. */
export interface RoundTemplate {
  readonly id: string;
  readonly version: number;
  readonly name: Localized;
  readonly kind: RoundKind;
  /** The room of the site; absent: the whole site. */
  readonly room?: string;
  readonly schedule: RoundSchedule;
  /** The checkpoints are to be walked in their order. */
  readonly isOrdered: boolean;
  /** A second person looks through it and signs (审核人). */
  readonly needsReview: boolean;
  readonly isRetired: boolean;
  readonly checkpoints: readonly Checkpoint[];
}

/** One time that a round is due. */
export interface DueRound {
  /** `TEMPLATE@DAY`, the same for everybody who works it out. */
  readonly id: string;
  readonly template: string;
  /** `YYYY-MM-DD` of the site: the day that the round is of. */
  readonly day: string;
  readonly fromMs: number;
  readonly byMs: number;
}

/** What was found for one item. An item that nobody looked at has no answer. */
export interface RoundAnswer {
  readonly item: string;
  /** By the clock of the phone. */
  readonly atMs: number;
  /** `true` normal, `false` abnormal; a number; the id of an option; a text. */
  readonly value: boolean | number | string;
  /** The value stood there, read from a sensor, and the person only confirmed it. */
  readonly isConfirmed?: true;
  readonly note?: string;
  /** Ids of photos. */
  readonly photos: readonly string[];
}

/** How somebody showed to be at a place. */
export const PROOF_WAYS = ['scanned', 'typed', 'none'] as const;
export type ProofWay = (typeof PROOF_WAYS)[number];

export interface CheckpointVisit {
  readonly checkpoint: string;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly way: ProofWay;
  /** The short code of the place; empty where there was none. */
  readonly code: string;
  readonly answers: readonly RoundAnswer[];
}

/** A round as a phone, or somebody with a sheet of paper, hands it in. Times are by their clock. */
export interface RoundSubmission {
  /** Made where the round was begun, so that what is sent twice is known again. */
  readonly id: string;
  readonly template: string;
  readonly version: number;
  /** The due round that it answers; absent for a special one. */
  readonly due?: string;
  /** Account of who walked. */
  readonly walkedBy: string;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly visits: readonly CheckpointVisit[];
  /** Entered later from a sheet of paper (誊录); the photos of the sheet belong to it. */
  readonly paper?: { readonly photos: readonly string[] };
  readonly remark?: string;
}

/** Where the codes of places are compared in this form: eight letters and digits that are not taken for each other. */
export const SHORT_CODE = /^[0-9A-HJKMNP-TV-Z]{8}$/;

/** A code as people type it: small letters, with blanks and dashes, O for 0 and I or L for 1. */
export function shortCodeIn(text: string): string {
  return text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
}

/** Ids of all photos that belong to a round, each once. */
export function photosOf({ visits, paper }: RoundSubmission): readonly string[] {
  const answers = visits.flatMap((visit) => visit.answers);
  return [...new Set([...answers.flatMap(({ photos }) => photos), ...(paper?.photos ?? [])])];
}

/** Every item of a template with the place it is at. */
export function itemsOf(
  template: Pick<RoundTemplate, 'checkpoints'>,
): readonly { readonly checkpoint: Checkpoint; readonly item: RoundItem }[] {
  return template.checkpoints.flatMap((checkpoint) => checkpoint.items.map((item) => ({ checkpoint, item })));
}
