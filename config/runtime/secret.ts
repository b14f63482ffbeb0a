import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';

/** A value that prints as hidden wherever it ends up: log, JSON, error or dump. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The value itself, for the one place that must use it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '<hidden>';
  }

  toJSON(): string {
    return '<hidden>';
  }

  [inspect.custom](): string {
    return 'Secret <hidden>';
  }
}

/** How a file of the site names a secret: its environment variable, its file, or the value itself where it is none (a demonstration). */
export type SecretReference = string | { readonly env: string } | { readonly file: string };

/** Reads the secret, or says in words why it cannot. */
export function readSecret(
  reference: SecretReference,
  env: Readonly<Record<string, string | undefined>>,
): Secret | { readonly fault: string } {
  if (typeof reference === 'string') return new Secret(reference);
  if ('env' in reference) {
    const value = env[reference.env];
    return value === undefined
      ? { fault: `the environment variable ${reference.env} is not set` }
      : new Secret(value);
  }
  try {
    return new Secret(readFileSync(reference.file, 'utf8').trimEnd());
  } catch {
    return { fault: `the file ${reference.file} cannot be read` };
  }
}
