import { describe, expect, it } from 'vitest';
import { localKeys, type User } from '../../../../../agents/snmp/v3/keys.ts';
import type { AuthProtocol, PrivacyProtocol } from '../../../../../config/model/snmp.ts';

const ENGINE_ID = Buffer.from('000000000000000000000002', 'hex');
const PASSWORD = 'maplesyrup';

const userOf = (protocol: AuthProtocol, privacy: PrivacyProtocol): User => ({
  name: 'u',
  auth: { protocol, password: PASSWORD },
  privacy: { protocol: privacy, password: PASSWORD },
});

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

describe('keys of a user', () => {
  it.each([
    ['md5', '526f5eed9fcce26f8964c2930787d82b'],
    ['sha1', '6695febc9288e36282235fc7151f128497b38f3f'],
  ] as const)('are those of RFC 3414 appendix A.3 for %s', (protocol, key) => {
    const user: User = { name: 'u', auth: { protocol, password: PASSWORD } };
    expect(hex(localKeys(user, ENGINE_ID).auth?.key)).toBe(key);
  });

  it('are made longer as the draft of Reeder says, with its own example', () => {
    const keys = localKeys(userOf('md5', 'aes256-cisco'), ENGINE_ID);
    expect(hex(keys.privacy?.key)).toBe('526f5eed9fcce26f8964c2930787d82b79eff44a90650ee0a3a40abfac5acc12');
  });

  it('are longer in another way with Blumenthal, and the same as far as the digest reaches', () => {
    const [ours, cisco] = (['aes256', 'aes256-cisco'] as const).map((privacy) =>
      hex(localKeys(userOf('md5', privacy), ENGINE_ID).privacy?.key),
    );
    expect(ours?.slice(0, 32)).toBe(cisco?.slice(0, 32));
    expect(ours).not.toBe(cisco);
  });

  it('are others on another engine', () => {
    const user = userOf('sha256', 'aes128');
    const other = Buffer.from('000000000000000000000003', 'hex');
    expect(hex(localKeys(user, ENGINE_ID).auth?.key)).not.toBe(hex(localKeys(user, other).auth?.key));
  });
});
