import { createSocket, type Socket } from 'node:dgram';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeMessage, encodeMessage, type Message } from '../../../../agents/snmp/codec.ts';
import { encodeOid } from '../../../../agents/snmp/oid.ts';
import { encodeGet, type Request } from '../../../../agents/snmp/request.ts';
import { openWays, SOCKETS, wayWithRoom, type Way, type Ways } from '../../../../agents/snmp/sockets.ts';
import { openTransport, type Endpoint, type Transport } from '../../../../agents/snmp/transport.ts';
import { eventually } from '../../../support/eventually.ts';
import { manualClock, type ManualClock } from '../../../support/manual-clock.ts';

const PATIENCE = { timeoutMs: 1_000, retries: 1 };
const access = { version: '2c', community: Buffer.from('public') } as const;

function request(): Request {
  return encodeGet(access, 'get', [encodeOid('1.3.6.1.2.1.1.3.0')]);
}

interface Peer {
  readonly socket: Socket;
  readonly endpoint: Endpoint;
  /** What came, oldest first. */
  readonly received: {
    readonly message: Message;
    /** That it came from. */
    readonly port: number;
    readonly reply: (packet: Uint8Array) => void;
  }[];
}

async function peer(address = '127.0.0.1'): Promise<Peer> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
  const received: Peer['received'] = [];
  socket.on('message', (packet, from) => {
    received.push({
      message: decodeMessage(packet),
      port: from.port,
      reply: (answer) => socket.send(answer, from.port, from.address),
    });
  });
  await new Promise<void>((bound) => socket.bind(0, address, bound));
  onTestFinished(() => new Promise<void>((closed) => socket.close(() => closed())));
  return { socket, received, endpoint: { address, family: 4, port: socket.address().port } };
}

function answerTo(message: Message, change: { requestId?: number } = {}): Uint8Array {
  const { requestId, varBinds } = message.pdu;
  const answered = varBinds.map(({ oid }) => ({ oid, value: { kind: 'timeTicks', value: 7 } as const }));
  return encodeMessage({
    ...message,
    pdu: { kind: 'response', requestId, errorStatus: 0, errorIndex: 0, varBinds: answered, ...change },
  });
}

async function opened(): Promise<{ transport: Transport; clock: ManualClock }> {
  const clock = manualClock();
  const transport = await openTransport(clock);
  onTestFinished(() => transport.close());
  return { transport, clock };
}

const first = async (device: Peer, count = 1): Promise<Peer['received'][number]> =>
  eventually(() => {
    const last = device.received[count - 1];
    if (last === undefined) throw new Error('nothing was asked yet');
    return last;
  });

describe('the shared socket', () => {
  it('asks many devices by one request, each under a number of its own, which a repetition keeps', async () => {
    const { transport, clock } = await opened();
    const [a, b] = [await peer(), await peer()];
    const one = request();
    const asked = [a, b].map(({ endpoint }) => transport.exchange(endpoint, one, PATIENCE));
    const numbers = [(await first(a)).message.pdu.requestId, (await first(b)).message.pdu.requestId];
    await clock.advance(PATIENCE.timeoutMs);
    const again = [await first(a, 2), await first(b, 2)];
    expect(again.map(({ message }) => message.pdu.requestId)).toEqual(numbers);
    expect(numbers[0]).not.toBe(numbers[1]);
    for (const { reply, message } of again) reply(answerTo(message));
    expect((await Promise.all(asked)).map(({ kind }) => kind)).toEqual(['answer', 'answer']);
  });

  it('gives each device its own answer, in whatever order they come', async () => {
    const { transport } = await opened();
    const [a, b] = [await peer(), await peer()];
    const asked = [a, b].map(({ endpoint }) => transport.exchange(endpoint, request(), PATIENCE));
    const [toA, toB] = [await first(a), await first(b)];
    toB.reply(answerTo(toB.message));
    toA.reply(answerTo(toA.message));
    const outcomes = await Promise.all(asked);
    expect(outcomes.map((outcome) => outcome.kind === 'answer' && outcome.head.requestId)).toEqual([
      toA.message.pdu.requestId,
      toB.message.pdu.requestId,
    ]);
    expect(transport.dropped).toEqual({ malformed: 0, foreign: 0 });
  });

  it('asks again under the same number, and takes the late answer', async () => {
    const { transport, clock } = await opened();
    const device = await peer();
    const asked = transport.exchange(device.endpoint, request(), PATIENCE);
    const once = await first(device);
    await clock.advance(1_000);
    const twice = await first(device, 2);
    expect(twice.message).toEqual(once.message);
    once.reply(answerTo(once.message));
    expect((await asked).kind).toBe('answer');
  });

  it('gives up after its retries', async () => {
    const { transport, clock } = await opened();
    const device = await peer();
    const asked = transport.exchange(device.endpoint, request(), PATIENCE);
    await first(device);
    await clock.advance(1_000);
    await first(device, 2);
    await clock.advance(1_000);
    expect(await asked).toEqual({ kind: 'timeout' });
    expect(device.received).toHaveLength(2);
  });

  it('drops an answer from another port or address, whatever its number', async () => {
    const { transport, clock } = await opened();
    const [device, otherPort, otherHost] = [await peer(), await peer(), await peer('127.0.0.2')];
    const asked = transport.exchange(device.endpoint, request(), { timeoutMs: 1_000, retries: 0 });
    const { message } = await first(device);
    // The others learn where the agent's socket is by being asked themselves.
    for (const other of [otherPort, otherHost]) {
      void transport.exchange(other.endpoint, request(), PATIENCE);
      (await first(other)).reply(answerTo(message));
    }
    await eventually(() => expect(transport.dropped.foreign).toBe(2));
    await clock.advance(1_000);
    expect((await asked).kind).toBe('timeout');
  });

  it('drops an answer to another number and says that something came', async () => {
    const { transport, clock } = await opened();
    const device = await peer();
    const asked = transport.exchange(device.endpoint, request(), { timeoutMs: 1_000, retries: 0 });
    const { message, reply } = await first(device);
    reply(answerTo(message, { requestId: message.pdu.requestId + 1 }));
    await eventually(() => expect(transport.dropped.foreign).toBe(1));
    await clock.advance(1_000);
    expect(await asked).toEqual({ kind: 'timeout', note: 'foreign' });
  });

  it('drops what is no SNMP, and a request that comes back, and still takes the answer behind them', async () => {
    const { transport } = await opened();
    const device = await peer();
    const asked = transport.exchange(device.endpoint, request(), PATIENCE);
    const { message, reply } = await first(device);
    reply(Buffer.from('GET / HTTP/1.1'));
    reply(encodeMessage(message));
    reply(answerTo(message));
    expect((await asked).kind).toBe('answer');
    expect(transport.dropped).toEqual({ malformed: 1, foreign: 1 });
  });

  it('says that only garbage came', async () => {
    const { transport, clock } = await opened();
    const device = await peer();
    const asked = transport.exchange(device.endpoint, request(), { timeoutMs: 1_000, retries: 0 });
    (await first(device)).reply(Buffer.alloc(1_400, 0x30));
    await eventually(() => expect(transport.dropped.malformed).toBe(1));
    await clock.advance(1_000);
    expect(await asked).toEqual({ kind: 'timeout', note: 'garbage' });
  });

  it('tells when a request cannot be sent', async () => {
    const { transport } = await opened();
    // A broadcast address needs a permission that the socket does not have.
    const nowhere: Endpoint = { address: '255.255.255.255', family: 4, port: 161 };
    const outcome = await transport.exchange(nowhere, request(), PATIENCE);
    expect(outcome.kind).toBe('unsent');
  });

  it('ends what waits when it is closed', async () => {
    const clock = manualClock();
    const transport = await openTransport(clock);
    const device = await peer();
    const asked = transport.exchange(device.endpoint, request(), PATIENCE);
    await first(device);
    await transport.close();
    expect(await asked).toEqual({ kind: 'timeout' });
    expect(await transport.exchange(device.endpoint, request(), PATIENCE)).toEqual({ kind: 'timeout' });
  });

  it('keeps so many requests in flight as the kernel can hold answers, on as many sockets as that takes', async () => {
    const { transport } = await opened();
    const { room } = await ways();
    expect(transport.maxInFlight).toBe(Math.min(512, room * SOCKETS));
    const device = await peer();
    const ask = (): Promise<unknown> => transport.exchange(device.endpoint, request(), PATIENCE);
    const asked = Array.from({ length: transport.maxInFlight }, ask);
    await first(device, transport.maxInFlight);
    const perPort = Map.groupBy(device.received, ({ port }) => port);
    expect([...perPort.values()].map(({ length }) => length)).toEqual(
      Array.from({ length: Math.ceil(transport.maxInFlight / room) }, () =>
        Math.min(room, transport.maxInFlight),
      ),
    );
    for (const { message, reply } of device.received) reply(answerTo(message));
    await Promise.all(asked);
    const [port] = perPort.keys();
    device.received.length = 0;
    void ask();
    expect((await first(device)).port).toBe(port);
  });

  it('asks on by the socket with the fewest requests when none has room', () => {
    const some = [3, 2, 4].map((open) => ({ open }) as Way);
    expect(wayWithRoom(some, 2)).toBe(some[1]);
    expect(wayWithRoom(some, 4)).toBe(some[0]);
  });
});

async function ways(): Promise<Ways> {
  const all = await openWays(() => undefined);
  onTestFinished(() => all.close());
  return all;
}
