import type { AlertInstance } from '../../config/model/alert.ts';
import type { AlertHistoryEntry, AlertTransition } from '../../config/model/api.ts';
import type { Claim } from '../../config/model/claim.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Silence } from '../../config/model/silence.ts';
import type { CareAct, CareChange } from '../ports.ts';
import { alertView } from '../view.ts';

/** Who does it, and from which address. */
export interface By {
  readonly person: string;
  readonly origin: string;
}

/** What decisions of people look at. */
export interface Sight {
  /** @throws {WatchkeeperError} `not_found` where none of this fingerprint is active. */
  readonly alertOf: (fingerprint: string) => AlertInstance;
  readonly inForce: (fingerprint: string) => Claim | undefined;
  /** @throws {WatchkeeperError} `not_found`, or `conflict` when another has it. */
  readonly ownClaim: (fingerprint: string, by: By) => Claim;
  /** The last claim of an alert, ended or not. */
  readonly latest: (fingerprint: string) => Claim | undefined;
  /** @throws {WatchkeeperError} `not_found`. */
  readonly silenceNamed: (id: string) => Silence;
  readonly nowMs: () => number;
}

/** What a person's act will change: whoever saves `change` has done it. */
export interface Decided<T> {
  readonly change: CareChange;
  readonly before?: T;
  readonly after: T;
}

const MAX_TEXT = 2_000;

export function notFound(what: 'alert' | 'claim' | 'silence'): WatchkeeperError {
  return new WatchkeeperError('not_found', `There is no such ${what} any more.`);
}

/** Somebody has gone on from what is to be taken back. */
export function goneOn(): WatchkeeperError {
  return new WatchkeeperError('conflict', 'Something has happened since: this cannot be taken back.');
}

/** Without blanks around it, and no longer than anybody reads. */
export function textOf(text: string): string {
  return text.trim().slice(0, MAX_TEXT);
}

/** A line of the history of an alert. */
export function entryOf(
  transition: AlertTransition,
  alert: AlertInstance,
  { atMs, who, text }: { readonly atMs: number; readonly who: string; readonly text?: string },
): Omit<AlertHistoryEntry, 'id'> {
  const entry = { atMs, transition, alert: alertView(alert), person: who };
  return text === undefined || text === '' ? entry : { ...entry, reason: text };
}

/** A line of the audit. */
export function actOf(
  action: CareAct['action'],
  target: string,
  { atMs, by, before, after }: { atMs: number; by: By; before?: unknown; after?: unknown },
): CareAct {
  return { atMs, who: by.person, origin: by.origin, action, target, before, after };
}
