import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deviceViews } from '../../../../agents/lab/mib/devices.ts';
import { startResponder, type Responder } from '../../../../agents/lab/responder.ts';
import { LAB_DEVICES, startRoom, type LabDevice, type Room } from '../../../../agents/lab/room/room.ts';
import { step } from '../../../../agents/lab/room/step.ts';
import { decodeMessage, encodeMessage, type Message } from '../../../../agents/snmp/codec.ts';
import { eventually } from '../../../support/eventually.ts';
import { folderWith } from '../../../support/folder.ts';
import { programPath } from '../../../support/system.ts';

const SNMPGET = programPath('snmpget');
const ROOM = step(startRoom(Date.UTC(2026, 10, 23, 3)), 600_000);
const VIEWS = deviceViews();

async function respond(device: LabDevice, room: () => Room | undefined = () => ROOM): Promise<Responder> {
  const view = VIEWS.get(device);
  if (view === undefined) throw new Error(`there is no ${device}`);
  const responder = await startResponder({ view, room, port: 0 });
  onTestFinished(() => responder.stop());
  return responder;
}

const run = promisify(execFile);

/** A program of net-snmp, its lines but the one that tells the end. */
async function netSnmp(
  program: 'snmpget' | 'snmpwalk' | 'snmpbulkwalk',
  version: '1' | '2c',
  { port }: Responder,
  ...oids: readonly string[]
): Promise<readonly string[]> {
  const path = join(dirname(SNMPGET ?? ''), program);
  const options = [`-v${version}`, '-cpublic', '-m', '', '-On', '-t10', '-r2'];
  // The first of its kind to run on a machine makes this folder in the system's place, and says so.
  const env = { ...process.env, SNMP_PERSISTENT_DIR: folderWith({ 'cert_indexes/none': '' }) };
  const { stdout, stderr } = await run(path, [...options, `127.0.0.1:${port}`, ...oids], { env });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '' && !/No more variables|End of MIB/.test(line));
}

const oidOf = (line: string): string => line.slice(1, line.indexOf(' '));

describe.skipIf(SNMPGET === undefined)('net-snmp’s own programs', () => {
  it.each(LAB_DEVICES)('walk the whole of %s in both ways alike, in order', async (device) => {
    const responder = await respond(device);
    const present = VIEWS.get(device)?.objects.filter(({ read }) => read(ROOM) !== undefined) ?? [];
    const walked = await netSnmp('snmpwalk', '2c', responder, '.1.3');
    expect(walked.map(oidOf)).toEqual(present.map(({ oid }) => oid));
    expect(await netSnmp('snmpbulkwalk', '2c', responder, '.1.3')).toEqual(walked);
    // snmpwalk itself stops with an error where names do not increase.
  });

  it('walk a switch in SNMPv1 without its counters of 64 bits', async () => {
    const responder = await respond('switch-1');
    const first = await netSnmp('snmpwalk', '1', responder, '.1.3');
    const second = await netSnmp('snmpwalk', '2c', responder, '.1.3');
    expect(first).toEqual(second.filter((line) => !line.includes('Counter64')));
    expect(first.length).toBeLessThan(second.length);
  });

  it('get values with their types', async () => {
    const responder = await respond('ups-a');
    const lines = await netSnmp(
      'snmpget',
      '2c',
      responder,
      '.1.3.6.1.2.1.33.1.4.1.0',
      '.1.3.6.1.2.1.33.1.3.1.0',
    );
    expect(lines).toEqual(['.1.3.6.1.2.1.33.1.4.1.0 = INTEGER: 3', '.1.3.6.1.2.1.33.1.3.1.0 = Counter32: 2']);
  });
});

interface Peer {
  send(packet: Uint8Array): void;
  readonly answers: readonly Message[];
}

async function peerOf({ port }: Responder): Promise<Peer> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  const answers: Message[] = [];
  socket.on('message', (packet) => answers.push(decodeMessage(packet)));
  return { send: (packet) => socket.send(packet, port, '127.0.0.1'), answers };
}

function question(requestId: number, community = 'public'): Uint8Array {
  const varBinds = [{ oid: '1.3.6.1.2.1.1.5.0', value: { kind: 'null' } as const }];
  return encodeMessage({ version: '2c', community, pdu: { kind: 'get', requestId, varBinds } });
}

describe('a simulated device', () => {
  it('says nothing to a wrong community, and counts it', async () => {
    const responder = await respond('leak-1');
    const peer = await peerOf(responder);
    peer.send(question(1, 'private'));
    peer.send(question(2));
    await eventually(() => expect(peer.answers.map(({ pdu }) => pdu.requestId)).toEqual([2]));
    expect(responder.counts).toMatchObject({ wrongCommunity: 1, answered: 1 });
  });

  it('drops what is no SNMP, counts it and goes on', async () => {
    const responder = await respond('leak-1');
    const peer = await peerOf(responder);
    const good = question(3);
    const bad = [
      new Uint8Array(0),
      Uint8Array.of(0x30),
      new Uint8Array(1_000).fill(0xff),
      good.subarray(0, good.length - 3),
      Uint8Array.from(good, (byte, index) => (index === 4 ? 3 : byte)), // SNMPv3
    ];
    for (const packet of bad) peer.send(packet);
    peer.send(good);
    await eventually(() => expect(peer.answers.map(({ pdu }) => pdu.requestId)).toEqual([3]));
    expect(responder.counts.malformed).toBe(bad.length);
  });

  it('answers nothing while it stands still, and again when it runs', async () => {
    let room: Room | undefined;
    const responder = await respond('leak-1', () => room);
    const peer = await peerOf(responder);
    peer.send(question(4));
    await eventually(() => expect(responder.counts.unanswered).toBe(1));
    room = ROOM;
    peer.send(question(5));
    await eventually(() => expect(peer.answers.map(({ pdu }) => pdu.requestId)).toEqual([5]));
  });

  it('says which port it cannot have', async () => {
    const { port } = await respond('leak-1');
    const view = VIEWS.get('door-1');
    if (view === undefined) throw new Error('there is no door-1');
    await expect(startResponder({ view, room: () => ROOM, port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining(`127.0.0.1:${port}`) as string,
    });
  });
});
