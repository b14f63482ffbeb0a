import type { ModemSettings } from '../../../config/ways.ts';
import { isRegistered, listedTexts, pinTries, signalDbm } from './answers.ts';
import type { ModemLink } from './link.ts';
import { deliverOf, submitPdus, type DeliverPdu } from './pdu.ts';

/** Condition of a modem that answers. */
export interface ModemCondition {
  readonly isRegistered: boolean;
  readonly signalDbm?: number;
}

/** 27.007: how many tries a SIM card gives before it is locked. */
const ALL_PIN_TRIES = 3;
/** The network may take its time to take a text. */
const SUBMIT_DEADLINE_MS = 60_000;
const DIAL_DEADLINE_MS = 60_000;
const MIN_RUNG_MS = 2_000;

/**
 * Makes a modem ready: without echo, texts as PDU, told when one comes.
 * @param triedPins those that this process has tried in vain
 * @throws {Error} saying what keeps it from its work
 */
export async function makeReady(
  link: ModemLink,
  { pin }: Pick<ModemSettings, 'pin'>,
  triedPins: Set<string>,
): Promise<void> {
  await link.ask('AT');
  await link.ask('ATE0');
  // Reasons as numbers: without them every failure is only ERROR.
  await link.ask('AT+CMEE=1').catch(() => undefined);
  await unlock(link, pin?.reveal(), triedPins);
  await link.ask('AT+CMGF=0');
  await link.ask('AT+CNMI=2,1,0,0,0').catch(() => undefined);
}

/** A PIN is tried once: the third wrong one locks the card. */
async function unlock(link: ModemLink, pin: string | undefined, triedPins: Set<string>): Promise<void> {
  const state = await pinState(link);
  if (state === 'READY') return;
  if (state !== 'SIM PIN') throw new Error(`the SIM card asks for ${state}`);
  if (pin === undefined) throw new Error('the SIM card asks for a PIN: set modem.pin');
  if (!/^\d{4,8}$/.test(pin)) throw new Error('modem.pin is not 4 to 8 digits');
  if (triedPins.has(pin)) throw new Error('the SIM card has refused this PIN: it is not tried again');
  const tries = pinTries(await link.ask('AT+CPINR="SIM PIN"').catch(() => []));
  if (tries !== undefined && tries < ALL_PIN_TRIES)
    throw new Error(`the SIM card has ${tries} tries left: put its PIN in by hand once`);
  triedPins.add(pin);
  await link.ask(`AT+CPIN="${pin}"`, { deadlineMs: 20_000 }).catch((cause: unknown) => {
    throw new Error('the SIM card has refused the PIN', { cause });
  });
  triedPins.delete(pin);
}

async function pinState(link: ModemLink): Promise<string> {
  const lines = await link.ask('AT+CPIN?');
  return (
    /^\+CPIN: ?(.{1,30})$/.exec(lines.find((line) => line.startsWith('+CPIN:')) ?? '')?.[1] ?? 'nothing known'
  );
}

export async function conditionOf(link: ModemLink): Promise<ModemCondition> {
  const dbm = signalDbm(await link.ask('AT+CSQ'));
  const condition = { isRegistered: isRegistered(await link.ask('AT+CREG?')) };
  return dbm === undefined ? condition : { ...condition, signalDbm: dbm };
}

/** Sends a text; all its parts, or it throws. */
export async function submitText(
  link: ModemLink,
  { number, text, reference }: { readonly number: string; readonly text: string; readonly reference: number },
): Promise<void> {
  for (const { hex, length } of submitPdus(number, text, reference)) {
    const lines = await link.ask(`AT+CMGS=${length}`, { text: hex, deadlineMs: SUBMIT_DEADLINE_MS });
    if (!lines.some((line) => line.startsWith('+CMGS:')))
      throw new Error('the modem did not say that it was sent');
  }
}

/** Rings a number and ends the call. @throws {Error} when it has not rung */
export async function ringUp(
  link: ModemLink,
  { number, forMs, nowMs }: { readonly number: string; readonly forMs: number; readonly nowMs: () => number },
): Promise<void> {
  const sinceMs = nowMs();
  await link.ask(`ATD${number};`, { deadlineMs: DIAL_DEADLINE_MS });
  const how = await link.callEnd(forMs);
  await link.ask('ATH').catch(() => undefined);
  // Who ends a call has heard it.
  if (how !== undefined && nowMs() - sinceMs < MIN_RUNG_MS) throw new Error(how);
}

/**
 * Hands over each text in the modem's memory, in their order there, and deletes it once it was taken. What is none of a
 * person goes unread: a full memory takes no more.
 */
export async function takeTexts(
  link: ModemLink,
  handOver: (text: DeliverPdu) => Promise<boolean>,
): Promise<void> {
  const listed = listedTexts(await link.ask('AT+CMGL=4', { deadlineMs: 30_000 }));
  for (const { place, pdu } of listed) {
    const text = deliverOf(pdu);
    if (text !== undefined && !(await handOver(text))) return;
    await link.ask(`AT+CMGD=${place}`);
  }
}

/** How many texts may be incomplete at once; the oldest is given up. */
const MAX_INCOMPLETE = 20;

/** Puts the parts of texts together. */
export function createAssembler(): (one: DeliverPdu) => Pick<DeliverPdu, 'from' | 'text'> | undefined {
  const incomplete = new Map<string, Map<number, string>>();
  return ({ from, text, part }) => {
    if (part === undefined || part.count <= 1) return { from, text };
    const key = `${from} ${part.reference} ${part.count}`;
    const parts = incomplete.get(key) ?? new Map<number, string>();
    parts.set(part.number, text);
    incomplete.set(key, parts);
    if (parts.size < part.count) {
      const [oldest] = incomplete.keys();
      if (incomplete.size > MAX_INCOMPLETE && oldest !== undefined) incomplete.delete(oldest);
      return undefined;
    }
    incomplete.delete(key);
    return {
      from,
      text: [...parts]
        .sort(([a], [b]) => a - b)
        .map(([, one]) => one)
        .join(''),
    };
  };
}
