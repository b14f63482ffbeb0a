import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { tellFault } from '../../../../../agents/snmp/faults.ts';
import {
  createSession,
  requestOf,
  type SecureAccess,
  type Session,
} from '../../../../../agents/snmp/session.ts';
import { encodeOid } from '../../../../../agents/snmp/oid.ts';
import { newVarBindView, nextVarBind } from '../../../../../agents/snmp/codec.ts';
import { openTransport, type Outcome } from '../../../../../agents/snmp/transport.ts';
import type { User } from '../../../../../agents/snmp/v3/keys.ts';
import { textOf, tryDecodeValue } from '../../../../../agents/snmp/value.ts';
import { walkColumns } from '../../../../../agents/snmp/walk.ts';
import {
  AUTH_PROTOCOLS,
  PRIVACY_PROTOCOLS,
  type AuthProtocol,
  type PrivacyProtocol,
  type SnmpFault,
} from '../../../../../config/model/snmp.ts';
import { systemClock } from '../../../../../config/runtime/system-clock.ts';
import { makeFolder } from '../../../../support/folder.ts';
import { createSnmpd, SNMPD, type Snmpd } from '../../../../support/snmpd.ts';

const NET_SNMP_AUTH: Readonly<Record<AuthProtocol, string>> = {
  md5: 'MD5',
  sha1: 'SHA',
  sha224: 'SHA-224',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};
const NET_SNMP_PRIVACY: Readonly<Record<PrivacyProtocol, string>> = {
  des: 'DES',
  aes128: 'AES',
  aes192: 'AES-192',
  aes256: 'AES-256',
  'aes192-cisco': 'AES-192-C',
  'aes256-cisco': 'AES-256-C',
};

const AUTH_PASSWORD = 'auth pass phrase';
const PRIVACY_PASSWORD = 'privacy pass phrase';

/** Every protocol of authentication alone, and every protocol of privacy with the shortest and the longest digest. */
const USERS: readonly User[] = [
  { name: 'nobody-signs' },
  ...AUTH_PROTOCOLS.map((protocol) => ({
    name: `auth-${protocol}`,
    auth: { protocol, password: AUTH_PASSWORD },
  })),
  ...PRIVACY_PROTOCOLS.flatMap((protocol) =>
    (['md5', 'sha256', 'sha512'] as const).map((auth) => ({
      name: `${auth}-${protocol}`,
      auth: { protocol: auth, password: AUTH_PASSWORD },
      privacy: { protocol, password: PRIVACY_PASSWORD },
    })),
  ),
];

function userLines({ name, auth, privacy }: User): readonly string[] {
  const level = privacy ? 'priv' : auth ? 'auth' : 'noauth';
  const authWords = auth ? ` ${NET_SNMP_AUTH[auth.protocol]} "${auth.password}"` : '';
  const privacyWords = privacy ? ` ${NET_SNMP_PRIVACY[privacy.protocol]} "${privacy.password}"` : '';
  return [`createUser ${name}${authWords}${privacyWords}`, `rouser ${name} ${level} .1`];
}

/** The context `other` is the agent itself by way of a proxy. */
const lines = (port: number, engineId = '80001f8803010203040506'): readonly string[] => [
  `exactEngineID 0x${engineId}`,
  `oldEngineID 0x${engineId}`,
  ...USERS.flatMap(userLines),
  'createUser no-view SHA "auth pass phrase"',
  'createUser in-context SHA "auth pass phrase"',
  'view everything included .1',
  'rouser in-context auth -V everything other',
  `proxy -Cn other -v 2c -c public 127.0.0.1:${port} .1.3.6.1.2.1.1.5`,
];

interface Fault {
  readonly what: string;
  readonly user: User;
  readonly more?: Partial<SecureAccess>;
  readonly fault: SnmpFault;
  readonly words: RegExp;
}

const SYS_NAME = '1.3.6.1.2.1.1.5.0';

describe.skipIf(SNMPD === undefined)('version 3 with a real agent of net-snmp', () => {
  let snmpd: Snmpd;
  const folder = makeFolder();
  beforeAll(async () => {
    snmpd = await createSnmpd(folder);
    await snmpd.start(lines(snmpd.port));
  });
  afterAll(() => snmpd.kill());

  async function sessionAs(user: User, more: Partial<SecureAccess> = {}): Promise<Session> {
    const transport = await openTransport(systemClock);
    onTestFinished(() => transport.close());
    return createSession(
      {
        endpoint: () => Promise.resolve({ address: '127.0.0.1', family: 4, port: snmpd.port }),
        access: { version: '3', user, context: '', ...more },
        patience: { timeoutMs: 500, retries: 0 },
      },
      { clock: systemClock, transport, countOutcome: () => undefined },
    );
  }

  it.each(USERS)('reads as $name', async (user) => {
    const session = await sessionAs(user);
    expect(nameIn(await ask(session))).toBe('test-snmpd');
    expect(nameIn(await ask(session))).toBe('test-snmpd');
    expect(session.fault()).toBeUndefined();
    expect(session.boots()).toBeGreaterThan(0);
  });

  const SHA = { protocol: 'sha1', password: AUTH_PASSWORD } as const;
  const AES = { protocol: 'aes128', password: PRIVACY_PASSWORD } as const;
  const BOTH = 'sha256-aes128';
  const FAULTS: readonly Fault[] = [
    {
      what: 'an unknown user',
      user: { name: 'stranger', auth: SHA },
      fault: 'unknown_user',
      words: /user is unknown/,
    },
    {
      what: 'a wrong password',
      user: { name: 'auth-sha1', auth: { ...SHA, password: 'not the password' } },
      fault: 'wrong_password',
      words: /password or protocol of authentication is wrong/,
    },
    {
      what: 'another protocol than the user has',
      user: { name: 'auth-sha1', auth: { ...SHA, protocol: 'sha512' } },
      fault: 'wrong_password',
      words: /password or protocol of authentication is wrong/,
    },
    {
      what: 'privacy that the user does not have',
      user: { name: 'auth-sha1', auth: SHA, privacy: AES },
      fault: 'unsupported_level',
      words: /authentication or privacy is missing or too much/,
    },
    {
      what: 'less than the user must',
      user: { name: BOTH, auth: { ...SHA, protocol: 'sha256' } },
      fault: 'no_access',
      words: /may read nothing/,
    },
    {
      what: 'a user without a view',
      user: { name: 'no-view', auth: SHA },
      fault: 'no_access',
      words: /may read nothing/,
    },
    {
      // net-snmp keeps silent when it cannot decrypt.
      what: 'a wrong password of privacy',
      user: {
        name: BOTH,
        auth: { ...SHA, protocol: 'sha256' },
        privacy: { ...AES, password: 'not the password' },
      },
      fault: 'wrong_privacy',
      words: /password or protocol of privacy is wrong/,
    },
    {
      // net-snmp keeps silent.
      what: 'a context that it does not have',
      user: { name: 'auth-sha1', auth: SHA },
      more: { context: 'nowhere' },
      fault: 'silent_to_user',
      words: /user, passwords, protocols or context/,
    },
  ];
  it.each(FAULTS)('tells $what from everything else', async ({ user, more, fault, words }) => {
    const session = await sessionAs(user, more);
    await ask(session);
    expect(session.fault()).toBe(fault);
    expect(tellFault(fault)).toMatch(words);
  });

  it('reads in the context that it is told', async () => {
    const session = await sessionAs({ name: 'in-context', auth: SHA }, { context: 'other' });
    expect(nameIn(await ask(session))).toBe('test-snmpd');
  });

  it('walks tables', async () => {
    const session = await sessionAs(named('sha512-aes256'));
    const { columns, notes } = await walkColumns(session, ['1.3.6.1.2.1.2.2.1.2'], () => false);
    expect(notes).toEqual([]);
    expect([...(columns.get('1.3.6.1.2.1.2.2.1.2')?.values() ?? [])].map(textOf)).toContain('lo');
  });

  it('finds its way again after the device has started anew, and sees that it has', async () => {
    const session = await sessionAs(named('sha256-aes128'));
    expect(nameIn(await ask(session))).toBe('test-snmpd');
    const before = session.boots() ?? 0;
    await snmpd.start([...lines(snmpd.port), `engineBoots ${before}`]);
    expect(nameIn(await ask(session))).toBe('test-snmpd');
    expect(session.boots()).toBe(before + 1);
  });

  it('finds its way again after another device was put in its place', async () => {
    const session = await sessionAs(named('sha256-aes128'));
    expect(nameIn(await ask(session))).toBe('test-snmpd');
    await snmpd.start(lines(snmpd.port, '80001f8803aabbccddeeff'));
    expect(nameIn(await ask(session))).toBe('test-snmpd');
  });
});

function named(name: string): User {
  const found = USERS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no user ${name}`);
  return found;
}

function ask(session: Session): Promise<Outcome> {
  return session.exchange(requestOf(session, 'get', [encodeOid(SYS_NAME)]));
}

function nameIn(outcome: Outcome): string {
  if (outcome.kind !== 'answer') return JSON.stringify(outcome);
  const view = newVarBindView();
  nextVarBind(outcome.head.varBinds, view);
  return textOf(tryDecodeValue(view.tag, outcome.packet, view.valueStart, view.valueEnd));
}
