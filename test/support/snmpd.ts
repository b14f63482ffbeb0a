import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { freeUdpPort } from './free-port.ts';
import { programPath } from './system.ts';

/** Where Debian's SNMP agent stands, for `describe.skipIf(SNMPD === undefined)`. */
export const SNMPD = programPath('snmpd');

/** A real agent of net-snmp on loopback. */
export interface Snmpd {
  readonly port: number;
  /** Starts it (again), on the same port, with other lines of configuration if given. */
  start(lines?: readonly string[]): Promise<void>;
  /** Ends it at once, as when its power goes. */
  kill(): Promise<void>;
}

/**
 * A real snmpd with a configuration of its own in a folder of the test; `lines` are added to it, for example
 * `override 1.3.6.1.2.1.33.1.4.1.0 integer 5`. It reads nothing of the machine's own configuration.
 */
export async function createSnmpd(folder: string, lines: readonly string[] = []): Promise<Snmpd> {
  const port = await freeUdpPort();
  let child: ChildProcess | undefined;
  let current = lines;

  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child?.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  };
  return {
    port,
    kill,
    async start(others = current) {
      await kill();
      current = others;
      const file = join(folder, 'snmpd.conf');
      writeFileSync(file, ['rocommunity public 127.0.0.1', 'sysName test-snmpd', ...current, ''].join('\n'));
      const args = ['-f', '-Lo', '-C', '-c', file, '-p', join(folder, 'snmpd.pid'), `udp:127.0.0.1:${port}`];
      child = spawn(SNMPD ?? 'snmpd', args, {
        stdio: 'ignore',
        env: { ...process.env, SNMP_PERSISTENT_DIR: folder, MIBS: '' },
      });
      await isAnswering(port);
    },
  };
}

/** GET sysUpTime.0 with the community public (RFC 3416, in BER). */
const GET_UPTIME = Buffer.from(
  '302602010104067075626c6963a019020101020100020100300e300c06082b060102010103000500',
  'hex',
);

async function isAnswering(port: number): Promise<void> {
  const socket = createSocket('udp4');
  try {
    let hasAnswered = false;
    socket.once('message', () => (hasAnswered = true));
    await eventually(() => {
      if (hasAnswered) return;
      socket.send(GET_UPTIME, port, '127.0.0.1');
      throw new Error('snmpd does not answer');
    });
  } finally {
    socket.close();
  }
}
