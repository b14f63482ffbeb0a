/** What the product itself writes into the watch log. */
export const LOG_CODES = [
  'note',
  'handover_started',
  'handover_returned',
  'handover_withdrawn',
  'handover_sealed',
  'addendum',
  'watch_taken',
  'watch_given_up',
  'checked_in',
  'leave_requested',
  'leave_decided',
  'stand_in_there',
  'left',
  'back',
  'away',
  'probed',
  'probe_answered',
  'called',
  'counted',
  'item_opened',
  'item_done',
] as const;
export type LogCode = (typeof LOG_CODES)[number];

/** One line of the watch log: what a person wrote, or what happened. Nothing in it is changed; `corrects` adds to it. */
export interface WatchLogEntry {
  readonly id: number;
  readonly atMs: number;
  /** Name of the account; absent: the product itself. */
  readonly author?: string;
  readonly code: LogCode;
  /** A person's words. */
  readonly text: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly tags: readonly string[];
  readonly attachments: readonly AttachmentView[];
  /** Number of the entry that this one corrects. */
  readonly corrects?: number;
}

export interface AttachmentView {
  readonly id: number;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
}

/** Of one photo or file; a photo of a phone fits. */
export const ATTACHMENT_MAX_BYTES = 6 * 1024 * 1024;
export const MAX_ATTACHMENTS = 8;
/** A tag is a word. */
export const TAG_PATTERN = '^[\\p{L}\\p{N}._-]{1,32}$';
