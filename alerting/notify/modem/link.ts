import type { Clock } from '../../../config/runtime/clock.ts';
import { createAnswerReader, type Said } from './answers.ts';

/** A serial port that is open. */
export interface OpenPort {
  write(text: string): void;
  close(): void;
}

export interface PortEvents {
  readonly onPiece: (piece: string) => void;
  /** It is gone: unplugged, or the system took it away. */
  readonly onClosed: (reason: string) => void;
}

/** Opens the port of a modem. @throws {Error} in words for people. */
export type PortOpener = (
  port: { readonly device: string; readonly baud: number },
  events: PortEvents,
) => Promise<OpenPort>;

/** One command after the other to a modem. Whoever uses it waits for his turn outside. */
export interface ModemLink {
  /**
   * Sends a command and waits for its end; answers the lines before it.
   * @param text sent once the modem asks for it
   * @throws {Error} when it fails, the modem is silent, or the link ends
   */
  ask(
    command: string,
    more?: { readonly text?: string; readonly deadlineMs?: number },
  ): Promise<readonly string[]>;
  /** Waits until the other side ends a call, or so long; answers how it ended. */
  callEnd(forMs: number): Promise<string | undefined>;
  close(): void;
}

const DEADLINE_MS = 10_000;
/** An answer has no more lines than a full memory of text messages. */
const MAX_LINES = 1_000;
const ESCAPE = '\u001B';
const END_OF_TEXT = '\u001A';

interface Asked {
  readonly lines: string[];
  readonly text?: string | undefined;
  readonly settle: (outcome: Error | undefined) => void;
}

/** @param onTextCame a text message lies in the memory of the modem */
export async function openLink(
  open: (events: PortEvents) => Promise<OpenPort>,
  {
    clock,
    onTextCame,
    onClosed,
  }: { clock: Clock; onTextCame: () => void; onClosed: (reason: string) => void },
): Promise<ModemLink> {
  const read = createAnswerReader();
  let asked: Asked | undefined;
  let onCallEnd: ((how: string) => void) | undefined;
  let closedBy: string | undefined;
  const hear = (said: Said): void => {
    if (said.kind === 'text_came') return onTextCame();
    if (said.kind === 'call_ended') {
      onCallEnd?.(said.how);
      return asked?.settle(new Error(said.how));
    }
    if (asked !== undefined) answer(port, asked, said);
  };
  const end = (reason: string): void => {
    if (closedBy !== undefined) return;
    closedBy = reason;
    asked?.settle(new Error(reason));
    onCallEnd?.(reason);
    onClosed(reason);
  };
  const port = await open({ onPiece: (piece) => read(piece).forEach(hear), onClosed: end });
  return {
    ask(command, { text, deadlineMs = DEADLINE_MS } = {}) {
      return new Promise((resolve, reject) => {
        if (closedBy !== undefined) return reject(new Error(closedBy));
        const lines: string[] = [];
        const forget = clock.after(deadlineMs, () => {
          // It may still wait for a text: nothing of ours is taken for one.
          if (text !== undefined) port.write(ESCAPE);
          asked?.settle(new Error(`${nameOf(command)}: no answer within ${deadlineMs / 1_000} s`));
        });
        asked = {
          lines,
          text,
          settle(failure) {
            forget();
            asked = undefined;
            if (failure === undefined) resolve(lines);
            else reject(failure);
          },
        };
        port.write(`${command}\r`);
      });
    },
    callEnd: (forMs) =>
      new Promise((resolve) => {
        if (closedBy !== undefined) return resolve(closedBy);
        const done = (how: string | undefined): void => {
          forget();
          onCallEnd = undefined;
          resolve(how);
        };
        const forget = clock.after(forMs, () => done(undefined));
        onCallEnd = done;
      }),
    close() {
      end('closed');
      port.close();
    },
  };
}

/** What a modem says to the command that it was given. */
function answer(
  port: OpenPort,
  asked: Asked,
  said: Exclude<Said, { kind: 'text_came' | 'call_ended' }>,
): void {
  switch (said.kind) {
    case 'ok':
      return asked.settle(undefined);
    case 'failed':
      return asked.settle(new Error(said.reason));
    case 'prompt':
      if (asked.text !== undefined) port.write(asked.text + END_OF_TEXT);
      return;
    case 'line':
      if (asked.lines.length < MAX_LINES) asked.lines.push(said.text);
      return;
    default:
      said satisfies never;
  }
}

/** Without what it is told: that may be a PIN or a number. */
function nameOf(command: string): string {
  return command.split('=')[0]?.replace(/^ATD.*/, 'ATD') ?? '';
}
