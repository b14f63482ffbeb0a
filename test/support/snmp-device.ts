import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';
import { mibView } from '../../agents/lab/mib/view.ts';
import { respond } from '../../agents/lab/respond.ts';
import { startRoom } from '../../agents/lab/room/room.ts';
import { decodeMessage, openPacket, type Message, type SnmpVersion } from '../../agents/snmp/codec.ts';
import { createSession, type Session } from '../../agents/snmp/session.ts';
import type { Transport } from '../../agents/snmp/transport.ts';
import { isVersion3 } from '../../agents/snmp/v3/message.ts';
import type { SnmpValue } from '../../agents/snmp/value.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { manualClock } from './manual-clock.ts';

/** A device of a test's own: objects that can be changed, and manners that can be bad. */
export interface TestDevice {
  readonly objects: Map<string, SnmpValue>;
  /** What was asked, in order. */
  readonly requests: Message[];
  /** The longest answer that it gives; longer ones are tooBig. */
  maxBytes: number;
  /** What it answers instead, given the request and its proper answer; `undefined` for silence. */
  manners: (request: Message, answer: Uint8Array | undefined) => Uint8Array | undefined;
  answer(packet: Uint8Array): Uint8Array | undefined;
}

export function testDevice(objects: Readonly<Record<string, SnmpValue>>): TestDevice {
  const room = startRoom(0);
  const device: TestDevice = {
    objects: new Map(Object.entries(objects)),
    requests: [],
    maxBytes: 1_472,
    manners: (_request, answer) => answer,
    answer(packet) {
      // It keeps silent to version 3, as most agents of old do.
      if (isVersion3(packet)) return undefined;
      const request = decodeMessage(packet);
      device.requests.push(request);
      const view = mibView(
        [...device.objects].map(([oid, value]) => ({
          oid,
          type: oid.slice(0, oid.lastIndexOf('.')),
          read: () => value,
        })),
      );
      return device.manners(request, respond({ view, room, maxBytes: device.maxBytes }, request));
    },
  };
  return device;
}

/** A way to devices without a network: who is silent times out at once. */
export function transportTo(device: TestDevice): Pick<Transport, 'exchange' | 'exchangeSealed'> {
  let requestId = 0x0100_0000;
  return {
    exchangeSealed: () => Promise.resolve({ kind: 'timeout' }),
    exchange(_to, request) {
      requestId += 1;
      const bytes = Uint8Array.from(request.bytes);
      new DataView(bytes.buffer).setUint32(request.idAt, requestId);
      const packet = device.answer(bytes);
      if (packet === undefined) return Promise.resolve({ kind: 'timeout' });
      try {
        return Promise.resolve({ kind: 'answer', packet, head: openPacket(packet) });
      } catch {
        return Promise.resolve({ kind: 'timeout', note: 'garbage' });
      }
    },
  };
}

/** A conversation with the device, without a network. */
export function sessionTo(
  device: TestDevice,
  { version = '2c', clock = manualClock() }: { version?: SnmpVersion; clock?: Clock } = {},
): Session {
  return createSession(
    {
      endpoint: () => Promise.resolve({ address: '127.0.0.1', family: 4, port: 161 }),
      access: { version, community: Buffer.from('public') },
      patience: { timeoutMs: 1_000, retries: 1 },
    },
    { clock, transport: transportTo(device), countOutcome: () => undefined },
  );
}

/** Puts the device on a port of loopback until the test ends. */
export async function onLoopback(device: TestDevice): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (packet, { port, address }) => {
    const answer = device.answer(packet);
    if (answer !== undefined) socket.send(answer, port, address);
  });
  await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound));
  onTestFinished(() => new Promise<void>((closed) => socket.close(() => closed())));
  return socket.address().port;
}

export const integer = (value: number): SnmpValue => ({ kind: 'integer', value });
export const gauge = (value: number): SnmpValue => ({ kind: 'gauge32', value });
export const ticks = (value: number): SnmpValue => ({ kind: 'timeTicks', value });
export const text = (value: string): SnmpValue => ({ kind: 'octets', value: Buffer.from(value) });
