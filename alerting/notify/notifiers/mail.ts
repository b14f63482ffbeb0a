import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { SendMailOptions } from 'nodemailer';
import type { SmtpSettings } from '../../../config/notify.ts';
import { messageOf } from '../../../config/model/errors.ts';
import type { Delivery, Notifier, ReadyMessage } from './notifier.ts';

/** The longest that handing over one mail may take, whatever the server does. */
const DEADLINE_MS = 30_000;
/** The longest silence of the server. */
const SILENCE_MS = 10_000;

const library = () => import('nodemailer');

/** Reads what sends mails before the first is to leave: reading it takes a tenth of a second, on a busy machine one. */
export async function prepareMail(): Promise<void> {
  // Where it cannot be read the first mail says why.
  await library().catch(() => undefined);
}

/** Mail to an SMTP server. Each goes over a connection of its own: what is left of one cannot hurt the next. */
export function mailNotifier(smtp: SmtpSettings, deadlineMs = DEADLINE_MS): Notifier {
  return {
    name: 'mail',
    async send(message, signal) {
      let socket: Socket | undefined;
      const ending = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
      const end = (): void => {
        socket?.destroy(new Error(signal.aborted ? 'stopped' : `not done within ${deadlineMs / 1000} s`));
      };
      ending.addEventListener('abort', end);
      try {
        const { createTransport } = await library();
        const transport = createTransport({
          ...optionsOf(smtp),
          // A socket of our own can be ended whatever the library waits for.
          getSocket(_options, connected) {
            socket = connect({ host: smtp.host, port: smtp.port });
            socket.setTimeout(SILENCE_MS, () =>
              socket?.destroy(new Error(`silent for ${SILENCE_MS / 1000} s`)),
            );
            socket.once('error', connected);
            socket.once('connect', () => {
              socket?.off('error', connected);
              connected(null, { connection: socket });
            });
            if (ending.aborted) end();
          },
        });
        await transport.sendMail(mailOf(message, smtp));
        return { kind: 'accepted' };
      } catch (error) {
        return deliveryOf(error, smtp);
      } finally {
        ending.removeEventListener('abort', end);
        socket?.destroy();
      }
    },
  };
}

function optionsOf({ host, port, security, user, password, caFile }: SmtpSettings) {
  return {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === undefined ? {} : { auth: { user, pass: password?.reveal() ?? '' } }),
    tls: {
      minVersion: 'TLSv1.2' as const,
      ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
    },
    connectionTimeout: SILENCE_MS,
    greetingTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function mailOf(
  { messageId, createdAtMs, to, subject, text, html, references, picture }: ReadyMessage,
  smtp: SmtpSettings,
): SendMailOptions {
  return {
    from: smtp.from,
    to: { name: '', address: to },
    subject,
    text,
    html,
    attachments:
      picture === undefined
        ? []
        : [
            {
              cid: picture.contentId,
              content: picture.png,
              contentType: 'image/png',
              contentDisposition: 'inline',
              filename: 'chart.png',
            },
          ],
    date: new Date(createdAtMs),
    messageId: `<${messageId}>`,
    ...(references === undefined ? {} : { references: [`<${references}>`], inReplyTo: `<${references}>` }),
    // RFC 3834: no holiday answers to a machine.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/** Replies to these concern one message; replies to all others, the way as such. */
const OF_MESSAGE = new Set(['RCPT TO', 'DATA']);

/** RFC 5321 4.2.1: 4yz is a refusal for now, 5yz one for good. */
function deliveryOf(error: unknown, { host, port }: SmtpSettings): Delivery {
  const { command = '', responseCode = 0 } = error as SmtpError;
  const reason = `${host}:${port}: ${messageOf(error)}`.replaceAll(/[\r\n]+/g, ' ').slice(0, 500);
  if (!OF_MESSAGE.has(command) || responseCode < 400) return { kind: 'unreachable', reason };
  return { kind: responseCode < 500 ? 'deferred' : 'refused', reason };
}
