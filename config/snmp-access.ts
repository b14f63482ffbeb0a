import { defined } from './model/defined.ts';
import { MIN_PASSWORD_LENGTH, type AuthProtocol, type PrivacyProtocol } from './model/snmp.ts';
import { Secret, type SecretReference } from './runtime/secret.ts';
import type { SnmpFile } from './schema/snmp.ts';
import type { Fault } from './yaml-file.ts';

/** How a device is asked over SNMP. */
export interface SnmpAccess {
  readonly host: string;
  readonly port: number;
  readonly credentials: SnmpCredentials;
  readonly timeoutMs?: number;
  readonly retries?: number;
  /** Rows in one answer of a walk. */
  readonly maxRepetitions?: number;
  readonly profiles?: readonly string[];
  readonly isOptional: boolean;
}

/** As whom it is asked. */
export type SnmpCredentials =
  | {
      readonly version: '1' | '2c';
      readonly community: Secret;
      /** The site names the community; else it is the usual one, and no trap is held against it. */
      readonly isStated: boolean;
    }
  | {
      readonly version: '3';
      readonly user: string;
      readonly auth?: { readonly protocol: AuthProtocol; readonly password: Secret };
      readonly privacy?: { readonly protocol: PrivacyProtocol; readonly password: Secret };
      readonly context: string;
      /** In hexadecimal digits; absent: that of the device itself. */
      readonly contextEngineId?: string;
    };

/** Reads a secret of the file; what is wrong with it is told at that field below `snmp`. */
export type ReadField = (reference: SecretReference, field: readonly string[]) => Secret;

export function snmpAccess(file: SnmpFile, read: ReadField): SnmpAccess {
  return defined({
    host: file.host,
    port: file.port ?? 161,
    credentials: credentialsOf(file, read),
    timeoutMs: file.timeout_ms,
    retries: file.retries,
    maxRepetitions: file.max_repetitions,
    profiles: file.profiles,
    isOptional: file.optional ?? false,
  });
}

/** Of all devices of which nothing is said. */
const USUAL = { community: new Secret('public'), isStated: false };
const USUAL_CREDENTIALS: Readonly<Record<'1' | '2c', SnmpCredentials>> = {
  '1': { version: '1', ...USUAL },
  '2c': { version: '2c', ...USUAL },
};

function credentialsOf(file: SnmpFile, read: ReadField): SnmpCredentials {
  const { version: stated, user, auth, privacy } = file;
  if (user === undefined) {
    const version = String(stated) === '1' ? '1' : '2c';
    if (file.community === undefined) return USUAL_CREDENTIALS[version];
    return { version, community: read(file.community, ['community']), isStated: true };
  }
  return defined({
    version: '3' as const,
    user,
    auth: auth && { protocol: auth.protocol, password: read(auth.password, ['auth', 'password']) },
    privacy: privacy && {
      protocol: privacy.protocol,
      password: read(privacy.password, ['privacy', 'password']),
    },
    context: file.context ?? '',
    contextEngineId: file.context_engine_id?.toLowerCase(),
  });
}

/** The secrets of an access in clear, to see whether two are the same. */
export function secretsOf({ credentials }: SnmpAccess): readonly (string | undefined)[] {
  if (credentials.version !== '3') return [credentials.community.reveal()];
  return [credentials.auth?.password.reveal(), credentials.privacy?.password.reveal()];
}

type FaultAt = (field: readonly string[], message: string) => Fault;

/** What does not go together in the `snmp` of a device. */
export function snmpFaults(file: SnmpFile, faultAt: FaultAt): readonly Fault[] {
  const { version, user, community, auth, privacy } = file;
  const isV3 = String(version ?? (user === undefined ? '2c' : '3')) === '3';
  if (!isV3) {
    const strangers = (['user', 'auth', 'privacy', 'context', 'context_engine_id'] as const).filter(
      (field) => file[field] !== undefined,
    );
    return strangers.map((field) => faultAt([field], 'is for version 3 only'));
  }
  const faults: Fault[] = [];
  if (user === undefined) faults.push(faultAt([], 'version 3 needs a user'));
  if (community !== undefined) faults.push(faultAt(['community'], 'version 3 has a user, no community'));
  if (privacy !== undefined && auth === undefined)
    faults.push(faultAt(['privacy'], 'needs auth beside it: what is encrypted is signed too'));
  return faults;
}

/** What is wrong with a password, without telling it. */
export function passwordFault(password: Secret): string | undefined {
  return password.reveal().length < MIN_PASSWORD_LENGTH
    ? `has less than ${MIN_PASSWORD_LENGTH} characters, which SNMP does not allow`
    : undefined;
}
