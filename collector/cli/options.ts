import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';

/** Parses the arguments of a command; what is unknown or lacks its value is told, not ignored. */
export function parseOptions<O extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: O,
  isAllowed = false,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: isAllowed, strict: true });
  } catch (error) {
    throw new WatchkeeperError('invalid_request', messageOf(error), { cause: error });
  }
}
