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

/** What is waited for on a link. */
interface Waiting {
  asked?: Asked | undefined;
  callEnded?: ((how: string) => void) | undefined;
  /** Why it has ended. */
  closedBy?: string | undefined;
}

export interface LinkDeps {
  readonly clock: Clock;
  /** A text message lies in the memory of the modem. */
  readonly onTextCame: () => void;
  readonly onClosed: (reason: string) => void;
}

/** @throws {Error} when the port cannot be opened */
export async function openLink(
  open: (events: PortEvents) => Promise<OpenPort>,
  { clock, onTextCame, onClosed }: LinkDeps,
): Promise<ModemLink> {
  const read = createAnswerReader();
  const waiting: Waiting = {};
  const hear = (said: Said): void => {
    if (said.kind === 'text_came') return onTextCame();
    if (said.kind !== 'call_ended') return waiting.asked && answer(port, waiting.asked, said);
    waiting.callEnded?.(said.how);
    return waiting.asked?.settle(new Error(said.how));
  };
  const end = (reason: string): void => {
    if (waiting.closedBy !== undefined) return;
    waiting.closedBy = reason;
    waiting.asked?.settle(new Error(reason));
    waiting.callEnded?.(reason);
    onClosed(reason);
  };
  const port = await open({ onPiece: (piece) => read(piece).forEach(hear), onClosed: end });
  return {
    ask: (command, more = {}) => ask({ port, clock, waiting }, command, more),
    callEnd: (forMs) => callEnd({ clock, waiting }, forMs),
    close() {
      end('closed');
      port.close();
    },
  };
}

interface Line {
  readonly port: OpenPort;
  readonly clock: Clock;
  readonly waiting: Waiting;
}

function ask(
  { port, clock, waiting }: Line,
  command: string,
  { text, deadlineMs = DEADLINE_MS }: { readonly text?: string; readonly deadlineMs?: number },
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    if (waiting.closedBy !== undefined) return reject(new Error(waiting.closedBy));
    const lines: string[] = [];
    const forget = clock.after(deadlineMs, () => {
      // It may still wait for a text: nothing of ours is taken for one.
      if (text !== undefined) port.write(ESCAPE);
      waiting.asked?.settle(new Error(`${nameOf(command)}: no answer within ${deadlineMs / 1_000} s`));
    });
    waiting.asked = {
      lines,
      text,
      settle(failure) {
        forget();
        waiting.asked = undefined;
        if (failure === undefined) resolve(lines);
        else reject(failure);
      },
    };
    port.write(`${command}\r`);
  });
}

function callEnd({ clock, waiting }: Omit<Line, 'port'>, forMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    if (waiting.closedBy !== undefined) return resolve(waiting.closedBy);
    const done = (how: string | undefined): void => {
      forget();
      waiting.callEnded = undefined;
      resolve(how);
    };
    const forget = clock.after(forMs, () => done(undefined));
    waiting.callEnded = done;
  });
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
