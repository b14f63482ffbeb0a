import type { Picture } from '../chart/charts.ts';
import type { OutboxMessage } from '../../ports.ts';

/** How handing over a message ended. Reasons are for people; they name the other side, never a secret. */
export type Delivery =
  | { readonly kind: 'accepted' }
  /** Refused for good: the same message to the same address will not be taken later either. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** This message or address, not now. */
  | { readonly kind: 'deferred'; readonly reason: string }
  /** The way itself is of no use now, whatever the message. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** A message with what it is given only as it leaves. */
export interface ReadyMessage extends OutboxMessage {
  /** Shown within its HTML. */
  readonly picture?: Picture;
}

/** A way out for messages. Retry and order are the outbox's. */
export interface Notifier {
  readonly name: string;
  /** Never rejects and always ends in time, at once when the signal aborts. */
  send(message: ReadyMessage, signal: AbortSignal): Promise<Delivery>;
}
