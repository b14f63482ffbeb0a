import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { eventually } from './eventually.ts';

/** A simulated GSM modem behind a pseudo-terminal of this machine (socat), so that the real serial port is used. */
export interface SimulatedModem {
  /** What was said to it, one command each; texts as `TEXT hex`. */
  readonly heard: readonly string[];
  /** What it answers to a command instead of its own; `[]` is silence. */
  answer(command: string, ...lines: readonly string[]): void;
  /** It says this by itself, as it stands. */
  say(text: string): void;
  /** A text arrives: lies in its memory, and is told of. */
  text(pdu: string): void;
  /** Its device is gone; `plugIn` brings it back. */
  unplug(): Promise<void>;
  plugIn(): Promise<void>;
  stop(): Promise<void>;
}

export interface SimulatedModemOptions {
  readonly device: string;
  /** Its SIM card wants this PIN. */
  readonly pin?: string;
  /** Each answer comes in pieces of so many characters. */
  readonly pieceChars?: number;
}

export async function simulateModem(options: SimulatedModemOptions): Promise<SimulatedModem> {
  const heard: string[] = [];
  const answers = new Map<string, readonly string[]>();
  const memory = new Map<number, string>();
  let isLocked = options.pin !== undefined;
  let places = 0;
  let sockets: Socket[] = [];
  const say = (text: string): void => {
    const size = options.pieceChars ?? text.length;
    for (let at = 0; at < text.length; at += size)
      for (const socket of sockets) socket.write(text.slice(at, at + size), 'latin1');
  };
  const lines = (...said: readonly string[]): void => say(said.map((line) => `\r\n${line}\r\n`).join(''));
  let isTakingText = false;

  const obey = (command: string): void => {
    heard.push(command);
    const own = answers.get(command) ?? answers.get(command.split('=')[0] ?? '');
    if (own !== undefined) return lines(...own);
    memory.delete(Number(/^AT\+CMGD=(\d+)$/.exec(command)?.[1]));
    if (command.startsWith('AT+CMGS=')) {
      isTakingText = true;
      return say('\r\n> ');
    }
    if (command.startsWith('AT+CPIN="')) {
      isLocked = command !== `AT+CPIN="${options.pin}"`;
      return lines(isLocked ? '+CME ERROR: 16' : 'OK');
    }
    lines(...(saidTo(command, isLocked, memory) ?? []), 'OK');
  };
  const read = (): ((piece: string) => void) => {
    let rest = '';
    return (piece) => {
      for (const character of piece) {
        if (isTakingText ? character === '\u001A' : character === '\r') {
          const command = isTakingText ? `TEXT ${rest}` : rest;
          rest = '';
          if (!isTakingText) obey(command);
          else {
            isTakingText = false;
            heard.push(command);
            lines('+CMGS: 7', 'OK');
          }
        } else if (character === '\u001B') {
          isTakingText = false;
          rest = '';
        } else rest += character;
      }
    };
  };

  const server = createServer((socket) => {
    sockets.push(socket);
    socket.setEncoding('latin1').on('data', read());
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets = sockets.filter((one) => one !== socket);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  let cable: ChildProcess | undefined;
  const unplug = async (): Promise<void> => {
    if (cable === undefined || cable.exitCode !== null) return;
    const gone = once(cable, 'exit');
    cable.kill();
    await gone;
    cable = undefined;
  };
  const plugIn = async (): Promise<void> => {
    cable = plugged(options.device, server);
    await eventually(() => {
      if (!existsSync(options.device) || sockets.length === 0) throw new Error('the modem is not plugged in');
    });
  };
  await plugIn();
  return {
    heard,
    answer: (command, ...said) => void answers.set(command, said),
    say,
    text(pdu) {
      places += 1;
      memory.set(places, pdu);
      lines(`+CMTI: "SM",${places}`);
    },
    unplug,
    plugIn,
    async stop() {
      await unplug();
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function saidTo(
  command: string,
  isLocked: boolean,
  memory: ReadonlyMap<number, string>,
): readonly string[] | undefined {
  const said: Readonly<Record<string, readonly string[]>> = {
    'AT+CPIN?': [isLocked ? '+CPIN: SIM PIN' : '+CPIN: READY'],
    'AT+CSQ': ['+CSQ: 20,99'],
    'AT+CREG?': ['+CREG: 0,1'],
    'AT+CPINR="SIM PIN"': ['+CPINR: SIM PIN,3,3'],
    'AT+CMGL=4': [...memory].flatMap(([place, pdu]) => [`+CMGL: ${place},0,,${pdu.length / 2 - 1}`, pdu]),
  };
  return said[command];
}

function plugged(device: string, server: Server): ChildProcess {
  const { port } = server.address() as AddressInfo;
  return spawn('socat', [`PTY,link=${device},raw,echo=0`, `TCP:127.0.0.1:${port}`], { stdio: 'ignore' });
}
