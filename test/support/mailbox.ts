import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A mail as the reader's program sees it. */
export interface ReceivedMail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  /** Content ids of the pictures within its HTML. */
  readonly pictures: readonly string[];
}

/** A real SMTP server on loopback that keeps what it accepts. */
export interface Mailbox {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** Ends the server; `open` with its port brings it back. */
  close(): Promise<void>;
}

export async function openMailbox(port = 0, mails: ReceivedMail[] = []): Promise<Mailbox> {
  const keep = async (stream: Readable, to: readonly string[]): Promise<void> => {
    const {
      subject = '',
      text = '',
      html = '',
      messageId = '',
      attachments,
    } = await PostalMime.parse(await buffer(stream));
    const pictures = attachments.flatMap(({ mimeType, contentId = '' }) =>
      mimeType === 'image/png' ? [contentId] : [],
    );
    mails.push({ to, subject, text, html, messageId, pictures });
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const to = session.envelope.rcptTo.map(({ address }) => address);
      void keep(stream, to).then(() => done(), done);
    },
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
