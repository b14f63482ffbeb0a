import type { Oid } from '../../config/model/oid.ts';
import {
  encodeMessage,
  ERROR_STATUS,
  type Message,
  type Pdu,
  type SnmpVersion,
  type VarBind,
} from '../snmp/codec.ts';
import type { SnmpValue } from '../snmp/value.ts';
import { indexAfter, type MibView } from './mib/view.ts';
import type { Room } from './room/room.ts';

/** What an answer is made from. */
export interface Source {
  readonly view: MibView;
  readonly room: Room;
  /** An answer is never longer. */
  readonly maxBytes: number;
}

/** What a GETBULK gets at most, whatever it asks for. */
const MAX_BINDINGS = 200;
const NULL = { kind: 'null' } as const;

/**
 * The answer to a request as RFC 3416 (for SNMPv1: RFC 1157 and RFC 3584) wants it; `undefined` for what an agent
 * does not answer: a response, or a GETBULK in SNMPv1.
 */
export function respond(source: Source, request: Message): Uint8Array | undefined {
  const { version, pdu } = request;
  if (pdu.kind === 'response' || (pdu.kind === 'getBulk' && version === '1')) return undefined;
  if (pdu.kind === 'getBulk') return filled(source, request, bulk(source, pdu));
  if (pdu.kind === 'set') {
    return failed(request, version === '1' ? ERROR_STATUS.noSuchName : ERROR_STATUS.notWritable, 1);
  }
  const read = pdu.kind === 'get' ? got : after;
  return found(
    source,
    request,
    pdu.varBinds.map(({ oid }) => read(source, version, oid)),
  );
}

/** SNMPv1 knows no Counter64: to it such an object is not there (RFC 3584 section 4.2.2.1). */
function readAt({ view, room }: Source, version: SnmpVersion, index: number): SnmpValue | undefined {
  const value = view.objects[index]?.read(room);
  return version === '1' && value?.kind === 'counter64' ? undefined : value;
}

function got(source: Source, version: SnmpVersion, oid: Oid): VarBind {
  const index = source.view.indexOf.get(oid);
  const value = index === undefined ? undefined : readAt(source, version, index);
  if (value !== undefined) return { oid, value };
  return { oid, value: { kind: hasType(source.view, oid) ? 'noSuchInstance' : 'noSuchObject' } };
}

/** Whether the identifier lies below an object that the device has. */
function hasType({ types }: MibView, oid: Oid): boolean {
  for (let end = oid.lastIndexOf('.'); end > 0; end = oid.lastIndexOf('.', end - 1)) {
    if (types.has(oid.slice(0, end))) return true;
  }
  return false;
}

function after(source: Source, version: SnmpVersion, oid: Oid): VarBind {
  const { objects } = source.view;
  for (let index = indexAfter(source.view, oid); index < objects.length; index += 1) {
    const value = readAt(source, version, index);
    const object = objects[index];
    if (value !== undefined && object !== undefined) return { oid: object.oid, value };
  }
  return { oid, value: { kind: 'endOfMibView' } };
}

function bulk(
  source: Source,
  { varBinds, nonRepeaters, maxRepetitions }: Extract<Pdu, { kind: 'getBulk' }>,
): readonly VarBind[] {
  const once = Math.max(0, nonRepeaters);
  const answers = varBinds.slice(0, once).map(({ oid }) => after(source, '2c', oid));
  let row: readonly VarBind[] = varBinds.slice(once);
  for (let repetition = 0; repetition < maxRepetitions && row.length > 0; repetition += 1) {
    row = row.map(({ oid }) => after(source, '2c', oid));
    answers.push(...row);
    const hasEnded = row.every(({ value }) => value.kind === 'endOfMibView');
    if (hasEnded || answers.length >= MAX_BINDINGS) break;
  }
  return answers;
}

const ABSENT: ReadonlySet<SnmpValue['kind']> = new Set(['noSuchObject', 'noSuchInstance', 'endOfMibView']);

/** All or nothing: what does not fit is refused. */
function found({ maxBytes }: Source, request: Message, varBinds: readonly VarBind[]): Uint8Array {
  const missing = varBinds.findIndex(({ value }) => ABSENT.has(value.kind));
  if (request.version === '1' && missing >= 0) return failed(request, ERROR_STATUS.noSuchName, missing + 1);
  const bytes = answer(request, varBinds);
  return bytes.length > maxBytes ? failed(request, ERROR_STATUS.tooBig, 0) : bytes;
}

/** As much as fits. */
function filled({ maxBytes }: Source, request: Message, varBinds: readonly VarBind[]): Uint8Array {
  let bytes = answer(request, varBinds);
  let kept = varBinds.length;
  while (bytes.length > maxBytes) {
    kept = Math.min(kept - 1, Math.floor((kept * maxBytes) / bytes.length));
    if (kept < 1) return failed(request, ERROR_STATUS.tooBig, 0);
    bytes = answer(request, varBinds.slice(0, kept));
  }
  return bytes;
}

function answer({ version, community, pdu }: Message, varBinds: readonly VarBind[]): Uint8Array {
  const { requestId } = pdu;
  return encodeMessage({
    version,
    community,
    pdu: { kind: 'response', requestId, errorStatus: ERROR_STATUS.noError, errorIndex: 0, varBinds },
  });
}

/** A refusal repeats the request's bindings; tooBig in SNMPv2c holds none (RFC 3416 section 4.2.1). */
function failed({ version, community, pdu }: Message, errorStatus: number, errorIndex: number): Uint8Array {
  const isEmpty = version === '2c' && errorStatus === ERROR_STATUS.tooBig;
  const varBinds = isEmpty ? [] : pdu.varBinds.map(({ oid }) => ({ oid, value: NULL }));
  return encodeMessage({
    version,
    community,
    pdu: { kind: 'response', requestId: pdu.requestId, errorStatus, errorIndex, varBinds },
  });
}
