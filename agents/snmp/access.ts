import { defined } from '../../config/model/defined.ts';
import type { SnmpCredentials } from '../../config/snmp-access.ts';
import type { SessionOptions } from './session.ts';
import type { User } from './v3/keys.ts';

/** What a session needs of a device's credentials: here secrets become bytes. */
export function sessionAccess(credentials: SnmpCredentials): SessionOptions['access'] {
  if (credentials.version !== '3')
    return { version: credentials.version, community: Buffer.from(credentials.community.reveal()) };
  const { context, contextEngineId } = credentials;
  return defined({
    version: '3' as const,
    user: userOf(credentials),
    context,
    contextEngineId: contextEngineId === undefined ? undefined : Buffer.from(contextEngineId, 'hex'),
  });
}

export function userOf({ user, auth, privacy }: Extract<SnmpCredentials, { version: '3' }>): User {
  return defined({
    name: user,
    auth: auth && { protocol: auth.protocol, password: auth.password.reveal() },
    privacy: privacy && { protocol: privacy.protocol, password: privacy.password.reveal() },
  });
}
