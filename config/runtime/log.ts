import { pino, type Logger } from 'pino';

export type Log = Pick<Logger, 'error' | 'warn' | 'info' | 'debug'>;

/** A logger that writes JSON lines to standard error, so that standard output stays a command's own. */
export function createLog(component: string, level = process.env['WATCHKEEPER_LOG'] ?? 'info'): Log {
  return pino({ level, base: { component } }, pino.destination({ dest: 2, sync: true }));
}
