import type { Language } from './localized.ts';
import type { Severity } from './severity.ts';
import type { WatchPost } from './watch.ts';

/** `GET /api/receivers`: who is told of alerts, how, and how that went lately. */
export interface ReceiversBody {
  readonly receivers: readonly ReceiverView[];
  /** Addresses whose last message was refused for good. */
  readonly bounced: readonly BouncedView[];
}

export interface ReceiverView {
  readonly name: string;
  readonly language: Language;
  readonly severities: readonly Severity[];
  /** Names of accounts, as the settings have them. */
  readonly people: readonly string[];
  readonly watch?: WatchPost;
  readonly fallback: readonly string[];
  /** Its own, and those of the people who stand behind it now. */
  readonly ways: readonly ReceiverWayView[];
}

export interface ReceiverWayView {
  readonly id: string;
  /** mail, webhook … */
  readonly kind: string;
  /** The address, without a secret. */
  readonly to: string;
  /** Account of the person whose way it is. */
  readonly person?: string;
  /** Whether there is something that it can leave by. */
  readonly isReady: boolean;
  readonly waiting: number;
  readonly lastSentAtMs?: number;
  /** The last message that was not taken, though it may have been since. */
  readonly lastFailure?: { readonly createdAtMs: number; readonly error: string };
  /** Nothing gets through by it now. */
  readonly down?: { readonly sinceMs: number; readonly reason: string };
}

export interface BouncedView {
  readonly kind: string;
  readonly to: string;
  readonly receiver: string;
  readonly createdAtMs: number;
  readonly error: string;
}
