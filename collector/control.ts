import { ERROR_CODES, WatchkeeperError, type ErrorCode } from '../config/model/errors.ts';
import { askLine, serveLines } from '../config/runtime/line-socket.ts';
import type { Log } from '../config/runtime/log.ts';

/** The name of the socket in the data folder. */
export const CONTROL_SOCKET = 'collector.sock';

/** What the command line can ask of a collector that runs: a name and what it does. */
export type ControlCommands = Readonly<Record<string, (request: ControlRequest) => Promise<ControlAnswer>>>;
/** What stands beside the command's name. */
export type ControlRequest = Readonly<Record<string, unknown>>;
export type ControlAnswer = Readonly<Record<string, unknown>>;

interface ControlDeps {
  readonly path: string;
  readonly commands: ControlCommands;
  readonly log: Log;
}

interface ControlLine {
  readonly result?: ControlAnswer;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/**
 * Answers the command line on a socket that only this account can open: one line `{"command": NAME, …}` in, one line
 * `{"result": …}` or `{"error": {code, message}}` out.
 * @throws {WatchkeeperError} `data_folder_unusable` when the socket cannot be made.
 */
export function startControl({ path, commands, log }: ControlDeps): Promise<{ stop(): Promise<void> }> {
  return serveLines({
    path,
    answer: async (request): Promise<ControlLine> => {
      const name = commandOf(request);
      const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
      if (command !== undefined) return { result: await command(request as ControlRequest) };
      throw new WatchkeeperError(
        'not_found',
        `There is no command ${name}; there are ${Object.keys(commands).join(', ')}.`,
      );
    },
    onError: (error) => log.error({ err: error }, 'control command failed'),
  });
}

function commandOf(request: unknown): string {
  if (typeof request === 'object' && request !== null && 'command' in request) {
    if (typeof request.command === 'string') return request.command;
  }
  throw new WatchkeeperError('invalid_request', 'The request is not {"command": NAME}.');
}

/**
 * Asks the collector that works on a data folder.
 * @throws {WatchkeeperError} what it answered, or `not_running`.
 */
export async function askControl(
  path: string,
  command: string,
  more: ControlRequest = {},
): Promise<ControlAnswer> {
  const { result, error } = (await askLine(path, { ...more, command })) as ControlLine;
  if (error !== undefined) {
    const code = Object.hasOwn(ERROR_CODES, error.code) ? error.code : 'internal';
    throw new WatchkeeperError(code, error.message);
  }
  return result ?? {};
}
