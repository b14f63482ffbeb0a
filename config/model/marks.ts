import type { AlertView } from './api.ts';
import type { LedgerCause } from './ledger.ts';

/** What a person wrote beside the curves: what happened in a room, or to one device of it, at an instant. */
export interface Annotation {
  readonly id: number;
  readonly atMs: number;
  readonly room: string;
  /** Absent: it is about the whole room. */
  readonly device?: string;
  readonly text: string;
  /** Name of who wrote it, as people read it. */
  readonly by: string;
  readonly writtenAtMs: number;
}

export const ANNOTATION_MAX_CHARS = 500;

/** What happened at an instant; charts show it as a line from top to bottom. */
export type MarkView =
  | {
      readonly kind: 'alert';
      readonly atMs: number;
      readonly transition: 'fired' | 'resolved';
      readonly alert: AlertView;
    }
  /** The watch went to somebody, or to nobody. */
  | { readonly kind: 'watch'; readonly atMs: number; readonly person?: string; readonly cause: LedgerCause }
  | { readonly kind: 'note'; readonly atMs: number; readonly note: Annotation };

/**
 * `GET /api/marks?fromMs=&toMs=&device=` (or `&room=`, or neither for the whole site): oldest first. Those of a device have the
 * annotations of its room; those of a room all of its devices.
 */
export interface MarksBody {
  readonly marks: readonly MarkView[];
}
