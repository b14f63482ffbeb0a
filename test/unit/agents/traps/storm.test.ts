import { createSocket } from 'node:dgram';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDirectory, type TrapSender } from '../../../../agents/traps/directory.ts';
import { createJournal } from '../../../../agents/traps/journal.ts';
import { createPrompter } from '../../../../agents/traps/prompter.ts';
import { createTrapReceiver } from '../../../../agents/traps/receiver.ts';
import { openPort } from '../../../../agents/traps/socket.ts';
import { Secret } from '../../../../config/runtime/secret.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { trapPacket } from '../../../support/traps.ts';

const OWN = { id: Buffer.from('80007ed905aabbccddeeff', 'hex'), boots: 1, startedAtMs: 0 };

const sender = (id: string, address: string): TrapSender => ({
  id,
  credentials: { version: '2c', community: new Secret('public'), isStated: true },
  endpoint: () => Promise.resolve({ address, family: 4, port: 161 }),
});

/** A sender at an address of loopback. */
async function socketAt(address: string) {
  const socket = createSocket('udp4');
  await new Promise<void>((bound) => socket.bind(0, address, bound));
  onTestFinished(() => new Promise<void>((closed) => socket.close(() => closed())));
  return socket;
}

const STORM_TRAPS = 10_000;
/** The storm lasts a second of the clock. */
const STEP_MS = 5;
const STORM_TRAPS_IN_STEP = 50;

describe('a storm of traps', () => {
  it('of ten thousand a second neither loses its first nor drowns what others say', async () => {
    const clock = manualClock();
    const directory = createDirectory();
    await directory.learn([sender('wild', '127.0.0.2'), sender('calm', '127.0.0.3')]);
    const obeyed: { device: string; oid: string }[] = [];
    const prompts = new Map<string, number>();
    const prompter = createPrompter(clock, (id) => prompts.set(id, (prompts.get(id) ?? 0) + 1));
    onTestFinished(() => prompter.stop());
    const journal = createJournal();
    const receiver = createTrapReceiver({
      own: OWN,
      directory,
      journal,
      listener: {
        obey(device, { oids }) {
          obeyed.push({ device, oid: oids[0] });
          prompter.prompt(device);
          return { name: undefined, metrics: [] };
        },
        nameOf: () => undefined,
        tooMuch: (device) => prompter.prompt(device),
      },
    });
    const port = await openPort('127.0.0.1:0', (packet, from) =>
      receiver.receive(packet, from, clock.nowMs()),
    );
    onTestFinished(() => port.close());
    const to = Number(port.address.split(':')[1]);
    const [wild, calm, stranger] = await Promise.all(
      ['127.0.0.2', '127.0.0.3', '127.0.0.4'].map((address) => socketAt(address)),
    );

    wild?.send(trapPacket('1.3.6.1.4.1.9999.0.1'), to, '127.0.0.1');
    const storm = trapPacket('1.3.6.1.4.1.9999.0.2');
    let sent = 0;
    let calmSent = 0;
    const heard = (): number => receiver.counts.obeyed + receiver.counts.refused + receiver.counts.limited;
    const before = process.cpuUsage();
    let told = 1;
    while (sent < STORM_TRAPS) {
      for (let batch = 0; batch < STORM_TRAPS_IN_STEP; batch += 1, sent += 1) {
        wild?.send(storm, to, '127.0.0.1');
        if (sent % 3 === 0) stranger?.send(storm, to, '127.0.0.1');
        if (sent % 500 === 250) {
          calm?.send(trapPacket(`1.3.6.1.4.1.9999.0.${1_000 + calmSent}`), to, '127.0.0.1');
          calmSent += 1;
        }
        told += 1 + Number(sent % 3 === 0) + Number(sent % 500 === 250);
      }
      // What the socket holds is the system's affair; all of it is heard, so that the receiver is what decides.
      while (heard() < told) await new Promise<void>((next) => setImmediate(next));
      await clock.advance(STEP_MS);
    }
    const { user, system } = process.cpuUsage(before);

    expect(obeyed.filter(({ device }) => device === 'calm')).toHaveLength(calmSent);
    // As fast as they come, however busy the machine is with other things.
    expect((user + system) / 1_000_000).toBeLessThan(2);
    expect(obeyed[0]).toEqual({ device: 'wild', oid: '1.3.6.1.4.1.9999.0.1' });
    // Fifty at once and ten each second after that, as far as the storm lasted.
    const wildObeyed = obeyed.filter(({ device }) => device === 'wild').length;
    expect(wildObeyed).toBeGreaterThanOrEqual(50);
    expect(wildObeyed).toBeLessThan(100);
    expect(
      journal
        .traps('wild')
        .map(({ count }) => count)
        .reduce((a, b) => a + b),
    ).toBe(wildObeyed);
    expect(journal.sources()).toMatchObject([{ address: '127.0.0.4', refusal: 'unknown_source' }]);
    expect(receiver.counts.refused).toBeLessThan(20);
    // The device is read at the beginning and while it goes on, but not for each trap.
    expect(prompts.get('wild')).toBeGreaterThanOrEqual(2);
    expect(prompts.get('wild')).toBeLessThan(8);
  });
});
