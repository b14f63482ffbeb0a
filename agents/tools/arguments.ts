import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import { AUTH_PROTOCOLS, MIN_PASSWORD_LENGTH, PRIVACY_PROTOCOLS } from '../../config/model/snmp.ts';
import { readSecret, Secret } from '../../config/runtime/secret.ts';
import type { SnmpAccess, SnmpCredentials } from '../../config/snmp-access.ts';
import type { ToolIo } from './io.ts';

/** Which device a tool talks to, and how. */
export interface Target {
  readonly access: SnmpAccess;
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  /** What the person should know of how it was called. */
  readonly remarks: readonly string[];
}

const SECRETS = ['community', 'auth-password', 'privacy-password'] as const;

const OPTIONS = {
  community: { type: 'string' },
  'community-env': { type: 'string' },
  'community-file': { type: 'string' },
  v1: { type: 'boolean' },
  v3: { type: 'string' },
  auth: { type: 'string' },
  'auth-password': { type: 'string' },
  'auth-password-env': { type: 'string' },
  'auth-password-file': { type: 'string' },
  privacy: { type: 'string' },
  'privacy-password': { type: 'string' },
  'privacy-password-env': { type: 'string' },
  'privacy-password-file': { type: 'string' },
  context: { type: 'string' },
  timeout: { type: 'string' },
  retries: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

/** What the options of a device mean, for the help of each tool. */
export const TARGET_HELP = `  HOST[:PORT]                 the device; port 161 when absent
  --community C               community of version 2c; better --community-env NAME or --community-file FILE
  --v1                        version 1
  --v3 USER                   version 3 as this user
  --auth PROTOCOL             ${AUTH_PROTOCOLS.join(', ')}
  --auth-password-env NAME    or --auth-password-file FILE; asked for on a terminal when absent
  --privacy PROTOCOL          ${PRIVACY_PROTOCOLS.join(', ')}
  --privacy-password-env NAME or --privacy-password-file FILE; likewise
  --context NAME              context of version 3
  --timeout MS, --retries N   2000 and 1 when absent
`;

type Asking = Pick<ToolIo, 'env' | 'ask'>;

/**
 * Reads the arguments of a tool; those of `more` are its own.
 * @throws {WatchkeeperError} `invalid_request` saying what is wrong.
 */
export async function readTarget(
  args: readonly string[],
  more: ParseArgsOptionsConfig,
  asking: Asking,
): Promise<Target> {
  const { values, positionals } = parsed(args, { ...OPTIONS, ...more });
  const [device, ...rest] = positionals;
  if (device === undefined || rest.length > 0) throw wrong('Say which device: HOST or HOST:PORT.');
  const remarks = SECRETS.filter((name) => values[name] !== undefined && name !== 'community').map(
    (name) => `--${name} can be seen by others on this machine; better --${name}-env or --${name}-file.`,
  );
  return {
    values,
    remarks,
    access: {
      ...placeOf(device),
      credentials: await credentialsOf(values, asking),
      timeoutMs: wholeNumber(values['timeout'], '--timeout', 2_000),
      retries: wholeNumber(values['retries'], '--retries', 1),
      isOptional: false,
    },
  };
}

type Values = Target['values'];

function parsed(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
): { readonly values: Values; readonly positionals: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values: values as Values, positionals };
  } catch (error) {
    throw wrong(messageOf(error));
  }
}

function wrong(message: string): WatchkeeperError {
  return new WatchkeeperError('invalid_request', message);
}

/** `10.0.0.5`, `ups.example:1161`, `[fe80::1]:161`, or an address of IPv6 as it stands. */
function placeOf(text: string): { host: string; port: number } {
  const match = /^(?:\[(?<inner>[^\]]+)\]|(?<name>[^:]+))(?::(?<port>\d{1,5}))?$/.exec(text)?.groups;
  if (match === undefined) return { host: text, port: 161 };
  const port = match['port'] === undefined ? 161 : Number(match['port']);
  if (port < 1 || port > 65_535) throw wrong(`${text} has a port that there is not.`);
  return { host: match['inner'] ?? match['name'] ?? text, port };
}

function wholeNumber(text: string | boolean | undefined, name: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (typeof text !== 'string' || !/^\d{1,6}$/.test(text)) throw wrong(`${name} takes a whole number.`);
  return Number(text);
}

async function credentialsOf(values: Values, asking: Asking): Promise<SnmpCredentials> {
  const user = values['v3'];
  if (typeof user !== 'string') {
    const community =
      (await secretOf(values, 'community', { ...asking, ask: undefined })) ?? new Secret('public');
    return { version: values['v1'] === true ? '1' : '2c', community, isStated: true };
  }
  const auth = oneOf(values, 'auth', AUTH_PROTOCOLS);
  const privacy = oneOf(values, 'privacy', PRIVACY_PROTOCOLS);
  if (privacy !== undefined && auth === undefined) throw wrong('--privacy needs --auth beside it.');
  return {
    version: '3',
    user,
    context: typeof values['context'] === 'string' ? values['context'] : '',
    ...(auth && { auth: { protocol: auth, password: await passwordOf(values, 'auth-password', asking) } }),
    ...(privacy && {
      privacy: { protocol: privacy, password: await passwordOf(values, 'privacy-password', asking) },
    }),
  };
}

function oneOf<T extends string>(values: Values, name: string, words: readonly T[]): T | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const word = words.find((known) => known === text);
  if (word === undefined) throw wrong(`--${name} is one of ${words.join(', ')}.`);
  return word;
}

async function passwordOf(values: Values, name: (typeof SECRETS)[number], asking: Asking): Promise<Secret> {
  const secret = await secretOf(values, name, asking);
  if (secret === undefined)
    throw wrong(`The password is missing: --${name}-env NAME or --${name}-file FILE.`);
  if (secret.reveal().length < MIN_PASSWORD_LENGTH)
    throw wrong(`A password of SNMP has at least ${MIN_PASSWORD_LENGTH} characters.`);
  return secret;
}

async function secretOf(
  values: Values,
  name: (typeof SECRETS)[number],
  { env, ask }: Asking,
): Promise<Secret | undefined> {
  const [plain, variable, file] = [values[name], values[`${name}-env`], values[`${name}-file`]];
  const reference =
    typeof variable === 'string' ? { env: variable } : typeof file === 'string' ? { file } : plain;
  if (reference === undefined || typeof reference === 'boolean')
    return ask === undefined ? undefined : new Secret(await ask(`${name.replace('-', ' ')}: `));
  const secret = readSecret(reference, env);
  if (secret instanceof Secret) return secret;
  throw wrong(`${secret.fault}.`);
}
