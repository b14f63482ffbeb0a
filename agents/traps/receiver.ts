import { createHash, timingSafeEqual } from 'node:crypto';
import type { TrapRefusal } from '../../config/model/traps.ts';
import { PDU_TAG } from '../snmp/codec.ts';
import type { Sender } from '../snmp/transport.ts';
import { isVersion3 } from '../snmp/v3/message.ts';
import type { OwnEngine } from '../snmp/v3/own-engine.ts';
import { createBuckets } from './bucket.ts';
import { plainAddress, type Directory, type TrapSender } from './directory.ts';
import type { Journal } from './journal.ts';
import { openCommunityTrap, type CommunityTrap, type Notification } from './notification.ts';
import { createSecureReceiver, type SecureReceiver } from './secure.ts';

/** What became of packets that came unasked, since the start. */
export interface TrapCounts {
  /** They were of a device and were obeyed. */
  obeyed: number;
  /** Of an address that is no device's, or of a device but not as the site says. */
  refused: number;
  malformed: number;
  /** More from one source than is listened to. */
  limited: number;
}

/** Takes traps and informs, whatever they are. Never throws. */
export interface TrapReceiver {
  readonly counts: Readonly<TrapCounts>;
  /** Takes a packet; what is to be sent back, if anything. */
  receive(packet: Uint8Array, from: Sender, nowMs: number): Uint8Array | undefined;
}

export interface TrapReceiverDeps {
  readonly own: OwnEngine;
  readonly directory: Pick<Directory, 'at'>;
  readonly journal: Journal;
  readonly listener: TrapObeyer;
}

/** What happens because of a trap. */
export interface TrapObeyer {
  /** A trap of the device; the name of what happened and the metrics that it set. */
  obey(device: string, notification: Notification): Effect;
  /** The name of what happened, for a trap that is not obeyed. */
  nameOf(notification: Notification): string | undefined;
  /** The device sends more than is listened to: what it says now is to be seen by reading it. */
  tooMuch(device: string): void;
}

export interface Effect {
  readonly name: string | undefined;
  readonly metrics: readonly string[];
}

/** What a device sends in its worst minutes; a storm is more. */
const PER_DEVICE = { burst: 50, perSecond: 10, maxSources: 4_096 };
/** Strangers are recorded; that needs few of their packets. */
const PER_STRANGER = { burst: 10, perSecond: 1, maxSources: 4_096 };
/** And all strangers together, for addresses can be made up. */
const ALL_STRANGERS = { burst: 200, perSecond: 100, maxSources: 1 };

interface Received {
  readonly packet: Uint8Array;
  readonly address: string;
  readonly senders: readonly TrapSender[];
  readonly nowMs: number;
}

export function createTrapReceiver({ own, directory, journal, listener }: TrapReceiverDeps): TrapReceiver {
  const counts: TrapCounts = { obeyed: 0, refused: 0, malformed: 0, limited: 0 };
  const devices = createBuckets(PER_DEVICE);
  const strangers = createBuckets(PER_STRANGER);
  const all = createBuckets(ALL_STRANGERS);
  const ear: Ear = { journal, listener, counts, secure: createSecureReceiver(own) };
  return {
    counts,
    receive(packet, from, nowMs) {
      const address = plainAddress(from.address);
      const senders = directory.at(address, from.port);
      const isStranger = senders.length === 0;
      // Before anything is read: a storm costs little more than its counting.
      const isHeard = isStranger
        ? strangers.take(address, nowMs) && all.take('', nowMs)
        : devices.take(senders.length === 1 ? (senders[0]?.id ?? address) : address, nowMs);
      if (!isHeard) {
        counts.limited += 1;
        for (const { id } of senders) listener.tooMuch(id);
        return undefined;
      }
      try {
        const received = { packet, address, senders, nowMs };
        return isVersion3(packet) ? takeSecure(ear, received) : takeCommunity(ear, received);
      } catch {
        counts.malformed += 1;
        return undefined;
      }
    },
  };
}

interface Ear {
  readonly journal: Journal;
  readonly listener: TrapObeyer;
  readonly counts: TrapCounts;
  readonly secure: SecureReceiver;
}

function takeCommunity(ear: Ear, received: Received): Uint8Array | undefined {
  const trap = openCommunityTrap(received.packet);
  const { sender, refusal } = judge(trap, received.senders);
  if (refusal !== undefined) {
    refuse(ear, received, { ...trap, sender, refusal });
    return undefined;
  }
  obey(ear, sender, trap, received.nowMs);
  return trap.notification.isInform ? acknowledged(received.packet, trap.pduAt) : undefined;
}

type Verdict =
  | { readonly sender: TrapSender; readonly refusal?: undefined }
  | { readonly sender: TrapSender | undefined; readonly refusal: TrapRefusal };

/** Which of the devices at the address it is from, and whether it is from it as the site says. */
function judge({ community }: CommunityTrap, senders: readonly TrapSender[]): Verdict {
  const [first] = senders;
  if (first === undefined) return { sender: undefined, refusal: 'unknown_source' };
  const fitting = senders.filter(({ credentials }) => credentials.version !== '3');
  const only = senders.length === 1 ? first : undefined;
  if (fitting.length === 0) return { sender: only, refusal: 'wrong_version' };
  const admitted = fitting.filter((one) => isAdmitted(one, community));
  const [sender] = admitted;
  if (sender === undefined) return { sender: only, refusal: 'wrong_community' };
  return admitted.length === 1 ? { sender } : { sender: undefined, refusal: 'ambiguous_source' };
}

/** A device whose community the site does not name is taken at its address alone. */
function isAdmitted({ credentials }: TrapSender, community: Uint8Array): boolean {
  if (credentials.version === '3') return false;
  if (!credentials.isStated) return true;
  const digest = (text: string | Uint8Array) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(credentials.community.reveal()), digest(community));
}

function takeSecure(ear: Ear, received: Received): Uint8Array | undefined {
  const { packet, senders, nowMs } = received;
  if (senders.length === 0) {
    ear.counts.refused += 1;
    ear.journal.noteSource(
      received.address,
      { refusal: 'unknown_source', oid: undefined, name: undefined },
      nowMs,
    );
    return undefined;
  }
  const came = ear.secure.receive(packet, senders, nowMs);
  if (came.kind === 'trap') {
    const { sender, notification, isRepeated, answer } = came;
    if (!isRepeated) obey(ear, sender, { version: '3', notification }, nowMs);
    return answer;
  }
  if (came.isSearch !== true) {
    ear.counts.refused += 1;
    const { refusal } = came;
    ear.journal.noteSource(received.address, { refusal, oid: undefined, name: undefined }, nowMs);
  }
  return came.answer;
}

interface Trap {
  readonly version: '1' | '2c' | '3';
  readonly notification: Notification;
}

function obey({ journal, listener, counts }: Ear, { id }: TrapSender, trap: Trap, nowMs: number): void {
  counts.obeyed += 1;
  const { name, metrics } = listener.obey(id, trap.notification);
  journal.note(id, { ...trap, name, metrics, refusal: undefined }, nowMs);
}

interface RefusedTrap extends Trap {
  readonly sender: TrapSender | undefined;
  readonly refusal: TrapRefusal;
}

/** Beside the device where it is clear which one it would be; in the list of sources in any case. */
function refuse(
  { journal, listener, counts }: Ear,
  { address, nowMs }: Received,
  { sender, refusal, version, notification }: RefusedTrap,
): void {
  counts.refused += 1;
  const name = listener.nameOf(notification);
  journal.noteSource(address, { refusal, oid: notification.oids[0], name }, nowMs);
  if (sender !== undefined)
    journal.note(sender.id, { version, notification, name, refusal, metrics: [] }, nowMs);
}

/** The answer to an inform has the inform's form (RFC 3416 section 4.2.7). */
function acknowledged(packet: Uint8Array, pduAt: number): Uint8Array {
  const answer = Uint8Array.from(packet);
  answer[pduAt] = PDU_TAG.response;
  return answer;
}
