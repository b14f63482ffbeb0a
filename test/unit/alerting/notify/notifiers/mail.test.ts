import { createServer, type AddressInfo, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SmtpSettings } from '../../../../../config/notify.ts';
import { Secret } from '../../../../../config/runtime/secret.ts';
import { mailNotifier } from '../../../../../alerting/notify/notifiers/mail.ts';
import type { OutboxMessage } from '../../../../../alerting/ports.ts';
import { newMessage } from '../../../../support/alert-stores.ts';
import { testAuthority } from '../../../../support/certificates.ts';
import { openMailbox } from '../../../../support/mailbox.ts';

function settings(port: number, more: Partial<SmtpSettings> = {}): SmtpSettings {
  return { host: '127.0.0.1', port, security: 'none', from: '值守 <watch@watch.example>', ...more };
}

function message(more: Partial<OutboxMessage> = {}): OutboxMessage {
  return { ...newMessage(), id: 1, attempts: 0, state: 'waiting', ...more };
}

const NEVER = new AbortController().signal;

async function serverWith(options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({ authOptional: true, ...options });
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => new Promise<void>((closed) => server.close(() => closed())));
  return (server.server.address() as AddressInfo).port;
}

/** A server that speaks as the test says, line by line. */
async function rawServer(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((closed) => server.close(() => closed()));
  });
  return (server.address() as AddressInfo).port;
}

function replyError(text: string, responseCode: number): Error {
  return Object.assign(new Error(text), { responseCode });
}

describe('mail', () => {
  it('arrives with subject, both texts, its id and what it follows', async () => {
    const mailbox = await openMailbox();
    onTestFinished(() => mailbox.close());
    const delivery = await mailNotifier(settings(mailbox.port)).send(
      message({
        messageId: 'abc@watch.example',
        references: 'thread@watch.example',
        subject: '【紧急】UPS',
        text: '电池\n',
        html: '<p>电池</p>',
      }),
      NEVER,
    );
    expect(delivery).toEqual({ kind: 'accepted' });
    expect(mailbox.mails).toHaveLength(1);
    expect(mailbox.mails[0]).toMatchObject({
      to: ['desk@watch.example'],
      subject: '【紧急】UPS',
      text: '电池\n',
      messageId: '<abc@watch.example>',
    });
    expect(mailbox.mails[0]?.html).toContain('<p>电池</p>');
  });

  it('cannot be given headers or receivers by what stands in it', async () => {
    const mailbox = await openMailbox();
    onTestFinished(() => mailbox.close());
    const delivery = await mailNotifier(settings(mailbox.port)).send(
      message({
        subject: 'a\r\nBcc: evil@x.example\r\n\r\nbody',
        text: 'x\r\n.\r\nMAIL FROM:<evil@x.example>\r\n',
      }),
      NEVER,
    );
    expect(delivery).toEqual({ kind: 'accepted' });
    expect(mailbox.mails).toHaveLength(1);
    expect(mailbox.mails[0]?.to).toEqual(['desk@watch.example']);
    expect(mailbox.mails[0]?.subject).toContain('Bcc: evil@x.example');
    expect(mailbox.mails[0]?.text).toContain('MAIL FROM:<evil@x.example>');
  });

  it('goes over STARTTLS with an authority of the site’s own, and signs in', async () => {
    const { caFile, key, cert } = testAuthority();
    const seen: { user?: string | undefined; isEncrypted?: boolean } = {};
    const port = await serverWith({
      key,
      cert,
      authOptional: false,
      onAuth({ username, password }, _session, done) {
        if (username === 'watch' && password === 'secret') done(null, { user: username });
        else done(replyError('535 wrong', 535));
      },
      onData(stream, session, done) {
        seen.user = String(session.user);
        seen.isEncrypted = session.secure;
        stream.resume().on('end', () => done());
      },
    });
    const smtp = settings(port, {
      security: 'starttls',
      host: 'localhost',
      caFile,
      user: 'watch',
      password: new Secret('secret'),
    });
    expect(await mailNotifier(smtp).send(message(), NEVER)).toEqual({ kind: 'accepted' });
    expect(seen).toEqual({ user: 'watch', isEncrypted: true });

    const wrong = await mailNotifier({ ...smtp, password: new Secret('guess') }).send(message(), NEVER);
    expect(wrong.kind).toBe('unreachable');
    expect(JSON.stringify(wrong)).not.toContain('guess');
    const { caFile: _trusted, ...distrusting } = smtp;
    expect(await mailNotifier(distrusting).send(message(), NEVER)).toMatchObject({ kind: 'unreachable' });
  });

  it('goes over TLS from the first byte', async () => {
    const { caFile, key, cert } = testAuthority();
    const port = await serverWith({
      key,
      cert,
      secure: true,
      onData: (stream, _session, done) => stream.resume().on('end', () => done()),
    });
    const smtp = settings(port, { security: 'tls', host: 'localhost', caFile });
    expect(await mailNotifier(smtp).send(message(), NEVER)).toEqual({ kind: 'accepted' });
  });

  it('is not sent in clear where the settings ask for STARTTLS', async () => {
    const mailbox = await openMailbox();
    onTestFinished(() => mailbox.close());
    const delivery = await mailNotifier(settings(mailbox.port, { security: 'starttls' })).send(
      message(),
      NEVER,
    );
    expect(delivery).toMatchObject({ kind: 'unreachable' });
    expect(mailbox.mails).toEqual([]);
  });

  it.each([
    [
      'an address that does not exist',
      {
        onRcptTo: (_to: unknown, _session: unknown, done: (error: Error) => void) =>
          done(replyError('no such user', 550)),
      },
      'refused',
    ],
    [
      'a mailbox that is full now',
      {
        onRcptTo: (_to: unknown, _session: unknown, done: (error: Error) => void) =>
          done(replyError('full', 452)),
      },
      'deferred',
    ],
    [
      'a sender that is not allowed',
      {
        onMailFrom: (_from: unknown, _session: unknown, done: (error: Error) => void) =>
          done(replyError('not you', 550)),
      },
      'unreachable',
    ],
    [
      'a server that wants nobody',
      { onConnect: (_session: unknown, done: (error: Error) => void) => done(replyError('closed', 554)) },
      'unreachable',
    ],
  ] as const)('to %s is told apart', async (_what, handlers, kind) => {
    const port = await serverWith({ disabledCommands: ['STARTTLS'], ...(handlers as SMTPServerOptions) });
    const delivery = await mailNotifier(settings(port)).send(message(), NEVER);
    expect(delivery).toMatchObject({ kind });
    expect(delivery).toHaveProperty('reason', expect.stringContaining(`127.0.0.1:${port}`));
  });

  it.each([
    ['spam', 550, 'refused'],
    ['busy', 451, 'deferred'],
  ])('whose content is answered with %s %s is %s', async (text, code, kind) => {
    const port = await serverWith({
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, done) => stream.resume().on('end', () => done(replyError(text, code))),
    });
    expect(await mailNotifier(settings(port)).send(message(), NEVER)).toMatchObject({ kind });
  });

  it('to a port where nobody listens is unreachable', async () => {
    const mailbox = await openMailbox();
    await mailbox.close();
    expect(await mailNotifier(settings(mailbox.port)).send(message(), NEVER)).toMatchObject({
      kind: 'unreachable',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it.each([
    ['says nothing', (): void => undefined],
    ['greets and then hangs', (socket: Socket): void => void socket.write('220 hello\r\n')],
    [
      'never ends its greeting',
      (socket: Socket): void => {
        const timer = setInterval(() => socket.write('220-still here\r\n'), 20);
        socket.on('close', () => clearInterval(timer));
      },
    ],
  ])('to a server that %s is cut off at its deadline', async (_what, onConnection) => {
    const port = await rawServer(onConnection);
    const delivery = await mailNotifier(settings(port), 300).send(message(), NEVER);
    expect(delivery).toMatchObject({ kind: 'unreachable' });
  });

  it.each([
    ['speaks another language', 'SSH-2.0-OpenSSH\r\n'],
    ['greets without end', `220 ${'x'.repeat(200_000)}\r\n`],
    ['greets with bytes that are no text', Buffer.from([0xff, 0xfe, 0, 0x0d, 0x0a]).toString('latin1')],
  ])('to a server that %s fails and nothing else suffers', async (_what, greeting) => {
    const port = await rawServer((socket) => socket.end(greeting));
    const delivery = await mailNotifier(settings(port), 2_000).send(message(), NEVER);
    expect(delivery.kind).toBe('unreachable');
    expect(JSON.stringify(delivery).length).toBeLessThan(1_000);
  });

  it('is given up at once when the product stops', async () => {
    const ending = new AbortController();
    const port = await rawServer(() => ending.abort());
    expect(await mailNotifier(settings(port)).send(message(), ending.signal)).toMatchObject({
      kind: 'unreachable',
    });
    expect(await mailNotifier(settings(port)).send(message(), ending.signal)).toMatchObject({
      kind: 'unreachable',
    });
  });

  it('whose authority cannot be read says so', async () => {
    const smtp = settings(1, { security: 'tls', caFile: '/nowhere/ca.pem' });
    expect(await mailNotifier(smtp).send(message(), NEVER)).toMatchObject({
      reason: expect.stringContaining('/nowhere/ca.pem'),
    });
  });
});
