import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isScalar, parseDocument, visit } from 'yaml';

/** Fields that may hold a secret in clear. What names an environment variable or a file is none. */
const SECRET_FIELD = /(?:^|_)(?:password|passphrase|community|secret|token|key|authorization|credentials)$/i;
/** `check` says of it that the variable is not set, so that nobody takes it for the secret. */
const HIDDEN = { env: 'HIDDEN_IN_BACKUP' };
const IN_ADDRESS = /^([a-z][a-z0-9+.-]*:\/\/[^/\s:@]*):[^/\s@]+@/i;

const LARGEST_FILE_BYTES = 10_000_000;

/** A file of a site's configuration, as it may leave the machine. */
export interface ConfigText {
  /** Below the folder of the configuration, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Every YAML file of a configuration, without the secrets that stand in clear in it; comments stay. */
export function configWithoutSecrets(folder: string): readonly ConfigText[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => file.endsWith('.yaml') && isSmallFile(file))
    .sort()
    .map((file) => ({
      path: relative(folder, file).split('\\').join('/'),
      text: withoutSecrets(readFileSync(file, 'utf8')),
    }));
}

function isSmallFile(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.size <= LARGEST_FILE_BYTES;
}

/** The same YAML, each secret in clear replaced; what is no YAML is left out whole, since nobody knows what stands in it. */
export function withoutSecrets(text: string): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) return '# This file was no YAML; it is not in the backup.\n';
  visit(document, {
    Pair(_, pair) {
      if (!isScalar(pair.key) || !isScalar(pair.value) || pair.value.value === null) return;
      if (!SECRET_FIELD.test(String(pair.key.value))) return;
      const hidden = document.createNode(HIDDEN, { flow: true });
      if (typeof pair.value.comment === 'string') hidden.comment = pair.value.comment;
      pair.value = hidden;
    },
    Scalar(_, scalar) {
      if (typeof scalar.value === 'string') scalar.value = scalar.value.replace(IN_ADDRESS, '$1:hidden@');
    },
  });
  return document.toString({ lineWidth: 0 });
}
