import { readFileSync } from 'node:fs';
import { defined } from './model/defined.ts';
import { parseDurationMs } from './model/duration.ts';
import { messageOf } from './model/errors.ts';
import type { Secret, SecretReference } from './runtime/secret.ts';
import type { Fault, ReadSecret } from './yaml-file.ts';

/** Another program, as the settings name it. */
export interface OtherProgram {
  readonly url: string;
  readonly token?: Secret;
  readonly caFile?: string;
  /** How long an answer may take. */
  readonly timeoutMs: number;
}

interface Said {
  readonly url: string;
  readonly token?: SecretReference;
  readonly ca_file?: string;
  readonly timeout?: string;
}

export interface Reading {
  readonly secret: ReadSecret;
  /** Tells what is wrong with a field. */
  readonly faultAt: (field: string, message: string) => Fault;
  readonly faults: Fault[];
}

const SHORTEST_TIMEOUT_MS = 100;

/** Where another program is and how it is asked; faults go to the list. `like` shows a right address. */
export function otherProgram(
  { url, token, ca_file: caFile, timeout }: Said,
  { secret, faultAt, faults }: Reading,
  { like, timeoutMs: usualMs }: { readonly like: string; readonly timeoutMs: number },
): OtherProgram {
  const timeoutMs = lengthMs(timeout, usualMs);
  const isShort = timeoutMs < SHORTEST_TIMEOUT_MS;
  const wrong: readonly (readonly [field: string, message: string | undefined])[] = [
    ['url', urlFault(url, like)],
    ['timeout', isShort ? `${timeout} is too short; the shortest is 100ms` : undefined],
    ['ca_file', caFile === undefined ? undefined : whyUnread(caFile)],
  ];
  for (const [field, message] of wrong) if (message !== undefined) faults.push(faultAt(field, message));
  return defined({
    url,
    token: token === undefined ? undefined : secret(token, (message) => faultAt('token', message)),
    caFile,
    timeoutMs,
  });
}

/** A length of time that was said, or the usual one. */
export function lengthMs(text: string | undefined, usualMs: number): number {
  return (text === undefined ? undefined : parseDurationMs(text)) ?? usualMs;
}

function urlFault(url: string, like: string): string | undefined {
  const address = URL.parse(url);
  if (address === null || !/^https?:$/.test(address.protocol))
    return `${url} is no address of the web (${like})`;
  if (address.username === '' && address.password === '') return undefined;
  return 'it holds a password; name a token instead';
}

function whyUnread(file: string): string | undefined {
  try {
    readFileSync(file);
    return undefined;
  } catch (error) {
    return `the file ${file} cannot be read: ${messageOf(error)}`;
  }
}
