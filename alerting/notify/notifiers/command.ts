import { spawn } from 'node:child_process';
import { messageOf } from '../../../config/model/errors.ts';
import type { CommandWay } from '../../../config/ways.ts';
import type { Delivery, Notifier } from './notifier.ts';

/** `sysexits.h`: try again later. */
const EX_TEMPFAIL = 75;
const MAX_ERROR_CHARS = 300;

/**
 * Runs a program of this machine with the JSON of the webhook as its input. No shell reads what an alert says. Exit 0 is
 * taken, 75 is for later, any other is a refusal.
 */
export function commandNotifier({ program, args, timeoutMs }: CommandWay): Notifier {
  return {
    name: 'command',
    send: ({ body = '', messageId, receiver }, signal) =>
      new Promise((resolve) => {
        const ending = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        const child = spawn(program, args, {
          stdio: ['pipe', 'ignore', 'pipe'],
          // Secrets of this process are none of its business.
          env: { PATH: process.env['PATH'], MESSAGE_ID: messageId, RECEIVER: receiver },
          detached: true,
        });
        let errors = '';
        const end = (): void => {
          // With what it started: a child that hangs would go on.
          if (child.pid !== undefined && child.exitCode === null) tryToKill(-child.pid);
        };
        ending.addEventListener('abort', end, { once: true });
        const done = (delivery: Delivery): void => {
          ending.removeEventListener('abort', end);
          resolve(delivery);
        };
        child.once('error', (error) =>
          done({ kind: 'unreachable', reason: `${program}: ${messageOf(error)}` }),
        );
        child.once('exit', (code) => {
          const late = ending.aborted ? `not done within ${timeoutMs / 1000} s` : errors.trim();
          done(
            deliveryOf(code, `${program} ended with ${code ?? 'a signal'}${late === '' ? '' : `: ${late}`}`),
          );
        });
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          errors = (errors + text.replaceAll(/[\p{Cc}\s]+/gu, ' ')).slice(0, MAX_ERROR_CHARS);
        });
        child.stdin.on('error', () => undefined);
        child.stdin.end(body);
        if (ending.aborted) end();
      }),
  };
}

function deliveryOf(code: number | null, reason: string): Delivery {
  if (code === 0) return { kind: 'accepted' };
  return { kind: code === EX_TEMPFAIL || code === null ? 'deferred' : 'refused', reason };
}

function tryToKill(group: number): void {
  try {
    process.kill(group, 'SIGKILL');
  } catch {
    // It has ended in between.
  }
}
