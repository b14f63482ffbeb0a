import { createInterface } from 'node:readline';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';

/** What a tool has of the world. */
export interface ToolIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  err(text: string): void;
  /** One line that tells how far it is, written over itself; nothing where nobody watches. */
  readonly progress: { show(text: string): void; end(): void };
  /** Asks a person for a password without showing it; `undefined` where there is nobody to ask. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/** A tool whose faults are told in words, and in its exit code: 1 for those of the device, 2 for those of the call. */
export function tellingFaults(
  tool: (args: readonly string[], io: ToolIo) => Promise<number>,
): (args: readonly string[], io: ToolIo) => Promise<number> {
  return async (args, io) => {
    try {
      return await tool(args, io);
    } catch (error) {
      io.progress.end();
      io.err(`${messageOf(error)}\n`);
      return error instanceof WatchkeeperError && error.code.startsWith('snmp_') ? 1 : 2;
    }
  };
}

export function terminalIo(): ToolIo {
  return {
    env: process.env,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    progress: progressLine(process.stderr),
    ask: terminalQuestion(),
  };
}

function progressLine(stream: NodeJS.WriteStream): ToolIo['progress'] {
  if (!stream.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show: (text) => stream.write(`\r\u001B[K${text}`),
    end: () => stream.write('\r\u001B[K'),
  };
}

/** Asks on the terminal without showing what is typed; `undefined` where nobody sits before it. */
function terminalQuestion(): ToolIo['ask'] {
  if (!process.stdin.isTTY) return undefined;
  return (question) =>
    new Promise((resolve) => {
      process.stderr.write(question);
      // Without an output the line is read, but not echoed.
      const lines = createInterface({ input: process.stdin, terminal: true });
      lines.once('line', (line) => {
        process.stderr.write('\n');
        lines.close();
        resolve(line);
      });
    });
}
