import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandNotifier } from '../../../../../alerting/notify/notifiers/command.ts';
import { robotNotifier } from '../../../../../alerting/notify/notifiers/robot.ts';
import { smsNotifier } from '../../../../../alerting/notify/notifiers/sms.ts';
import { Secret } from '../../../../../config/runtime/secret.ts';
import type { CommandWay, RobotWay, SmsGateway } from '../../../../../config/ways.ts';
import { newMessage } from '../../../../support/alert-stores.ts';
import { folderWith } from '../../../../support/folder.ts';
import { httpPeer } from '../../../../support/http-peer.ts';

const NOW_MS = 1_700_000_000_123;
const never = new AbortController().signal;
const HOSTILE = 'UPS "A" \\ {phone} $(reboot) & <b>漏水</b>\n';
const message = (body: string) => ({
  ...newMessage({ to: '+8613800000000', subject: 'UPS', body }),
  id: 1,
  attempts: 0,
  state: 'waiting' as const,
});

describe('a gateway for text messages', () => {
  const gateway = (url: string, more: Partial<SmsGateway> = {}): SmsGateway => ({
    url: new Secret(url),
    method: 'POST',
    contentType: 'application/json',
    body: new Secret('{"key":"k","to":"{phone}","text":"{text}"}'),
    headers: { 'x-key': new Secret('s3cret') },
    timeoutMs: 1_000,
    ...more,
  });

  it('is asked in its own words, with what an alert says kept in its place', async () => {
    const { url, asked } = await httpPeer(() => ({ body: 'OK' }));
    expect(await smsNotifier(gateway(url)).send(message(HOSTILE), never)).toEqual({ kind: 'accepted' });
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ key: 'k', to: '+8613800000000', text: HOSTILE });
    expect(asked[0]?.headers['x-key']).toBe('s3cret');
  });

  it('may want a form, or all in its address', async () => {
    const { url, asked } = await httpPeer(() => ({ body: 'OK' }));
    const form = {
      contentType: 'application/x-www-form-urlencoded',
      body: new Secret('m={phone}&c={text}'),
    } as const;
    await smsNotifier(gateway(url, form)).send(message(HOSTILE), never);
    expect(new URLSearchParams(asked[0]?.body).get('c')).toBe(HOSTILE);
    const { body: _body, ...bare } = gateway(`${url}/send?m={phone}&c={text}`, { method: 'GET' });
    await smsNotifier(bare).send(message(HOSTILE), never);
    expect(asked[1]?.method).toBe('GET');
    expect(new URL(asked[1]?.url ?? '', url).searchParams.get('c')).toBe(HOSTILE);
  });

  it('has taken a message only when its answer says so', async () => {
    const { url } = await httpPeer(() => ({ body: '{"code":-1,"msg":"no credit"}' }));
    const delivery = await smsNotifier(gateway(url, { accepted: '"code": ?0' })).send(message('x'), never);
    expect(delivery).toMatchObject({ kind: 'deferred', reason: expect.stringContaining('no credit') });
  });
});

describe('a robot', () => {
  const robot = (kind: RobotWay['kind'], url: string) =>
    robotNotifier(
      {
        kind,
        id: `${kind}[0]`,
        sendResolved: 'all',
        url: new Secret(`${url}/robot/send?access_token=abc`),
        secret: new Secret('SEC'),
        timeoutMs: 1_000,
      },
      () => NOW_MS,
    );

  it('of DingTalk is asked with a signature in the address', async () => {
    const { url, asked } = await httpPeer(() => ({ body: '{"errcode":0,"errmsg":"ok"}' }));
    expect(await robot('dingtalk', url).send(message(HOSTILE), never)).toEqual({ kind: 'accepted' });
    const query = new URL(asked[0]?.url ?? '', url).searchParams;
    expect(query.get('sign')).toBe(createHmac('sha256', 'SEC').update(`${NOW_MS}\nSEC`).digest('base64'));
    expect(query.get('timestamp')).toBe(String(NOW_MS));
    expect(query.get('access_token')).toBe('abc');
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ msgtype: 'text', text: { content: HOSTILE } });
  });

  it('of Feishu is asked with a signature in the body', async () => {
    const { url, asked } = await httpPeer(() => ({ body: '{"StatusCode":0,"code":0}' }));
    expect(await robot('feishu', url).send(message('x'), never)).toEqual({ kind: 'accepted' });
    const sign = createHmac('sha256', '1700000000\nSEC').update('').digest('base64');
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      timestamp: '1700000000',
      sign,
      msg_type: 'text',
      content: { text: 'x' },
    });
  });

  it('of WeCom gets no more than it takes, cut between characters', async () => {
    const { url, asked } = await httpPeer(() => ({ body: '{"errcode":0}' }));
    await robot('wecom', url).send(message('漏'.repeat(1_000)), never);
    const { text } = JSON.parse(asked[0]?.body ?? '') as { text: { content: string } };
    expect(text.content).toMatch(/^漏{666}…$/);
  });

  it.each([
    ['{"errcode":310000,"errmsg":"sign not match"}', 'refused', 'sign not match'],
    ['{"errcode":130101,"errmsg":"too fast"}', 'deferred', 'too fast'],
    ['<html>login</html>', 'unreachable', 'answers as no dingtalk does'],
    ['null', 'unreachable', 'answers as no dingtalk does'],
  ])('that answers %s has %s the message', async (body, kind, reason) => {
    const { url } = await httpPeer(() => ({ body }));
    const delivery = await robot('dingtalk', url).send(message('x'), never);
    expect(delivery).toMatchObject({ kind, reason: expect.stringContaining(reason) });
    expect(JSON.stringify(delivery)).not.toContain('abc');
  });
});

describe('a command', () => {
  const command = (script: string, more: Partial<CommandWay> = {}): CommandWay => {
    const file = join(folderWith(), 'tell.sh');
    writeFileSync(file, script);
    return {
      kind: 'command',
      id: 'command[0]',
      sendResolved: 'each',
      program: '/bin/sh',
      args: [file],
      timeoutMs: 2_000,
      ...more,
    };
  };

  it('gets the message as its input, by no shell, and nothing of our environment', async () => {
    const out = join(folderWith(), 'out');
    process.env['SECRET_OF_OURS'] = 'x';
    const way = command(`cat > '${out}'; env >> '${out}'`);
    expect(await commandNotifier(way).send(message(HOSTILE), never)).toEqual({ kind: 'accepted' });
    const { readFileSync } = await import('node:fs');
    const text = readFileSync(out, 'utf8');
    expect(text.startsWith(HOSTILE)).toBe(true);
    expect(text).toContain('MESSAGE_ID=m-1@watch.example');
    expect(text).not.toContain('SECRET_OF_OURS');
  });

  it.each([
    ['exit 75', 'deferred', 'ended with 75'],
    ['echo no paper >&2; exit 3', 'refused', 'ended with 3: no paper'],
  ])('that does %s has %s it', async (script, kind, reason) => {
    const delivery = await commandNotifier(command(script)).send(message('x'), never);
    expect(delivery).toMatchObject({ kind, reason: expect.stringContaining(reason) });
  });

  it('that hangs is ended at its deadline, with all that it started', async () => {
    const way = command('sleep 60 & sleep 60', { timeoutMs: 200 });
    const delivery = await commandNotifier(way).send(message('x'), never);
    expect(delivery).toMatchObject({
      kind: 'deferred',
      reason: expect.stringContaining('not done within 0.2 s'),
    });
  });

  it('that is not there is unreachable', async () => {
    const way = command('', { program: '/nonexistent/tell' });
    expect(await commandNotifier(way).send(message('x'), never)).toMatchObject({ kind: 'unreachable' });
  });
});
