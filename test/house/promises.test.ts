import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../config/model/errors.ts';
import { filesBelow, ROOT, SOURCES, textOf } from './sources.ts';

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly dependencies?: Readonly<Record<string, string>>;
        readonly optionalDependencies?: Readonly<Record<string, string>>;
      }
    >
  >;
}

/** The source of a standard may stand in a comment; nothing asks for it. */
function withoutComments(text: string): string {
  return text.replace(/^\s*(\*|\/\*|\/\/).*$/gm, '');
}

describe('what the project says of itself is true', () => {
  // What is built stands there after a build only.
  const paths = [...textOf('README.md').matchAll(/`([a-z][\w-]*\/[\w./-]*)`/g)]
    .map((match) => match[1] ?? '')
    .filter((path) => !path.startsWith('dist/'));

  it.each([...new Set(paths)])('the README names %s, which exists', (path) => {
    expect(existsSync(join(ROOT, path))).toBe(true);
  });

  it('every error code that is documented is used, so that the list is no wish', () => {
    const text = SOURCES.filter((file) => file !== 'config/model/errors.ts')
      .map(textOf)
      .join('\n');
    expect(Object.keys(ERROR_CODES).filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  });

  it('nothing asks the outside world: no address but of this machine, of documentation and of standards', () => {
    const allowed = /^(127\.0\.0\.1|localhost|\[::1\]|[\w.-]*\.example|www\.w3\.org|HOST|\$\{)/;
    const product = [...SOURCES, ...filesBelow('web').filter((file) => /\.(html|css|svg)$/.test(file))];
    const found = product.flatMap((file) =>
      [...withoutComments(textOf(file)).matchAll(/https?:\/\/([^\s'"`)<>]+)/g)]
        .filter((match) => !allowed.test(match[1] ?? ''))
        .map((match) => `${file}: ${match[0]}`),
    );
    expect(found).toEqual([]);
  });

  it('the lock file is whole: it names every package of every platform, and no address to get it from', () => {
    const lock = JSON.parse(textOf('package-lock.json')) as Lock;
    const missing = Object.values(lock.packages).flatMap(({ dependencies = {}, optionalDependencies = {} }) =>
      Object.keys({ ...dependencies, ...optionalDependencies }).filter(
        (name) => !Object.keys(lock.packages).some((path) => path.endsWith(`node_modules/${name}`)),
      ),
    );
    expect(missing).toEqual([]);
    expect(textOf('package-lock.json')).not.toMatch(/"resolved"|https?:\/\/[^"]*\.tgz/);
  });

  it('no file names a path of one machine', () => {
    const files = [
      'README.md',
      ...['config', 'agents', 'alerting', 'collector', 'web', 'test'].flatMap(filesBelow),
    ];
    const found = files
      .filter((file) => /\.(ts|tsx|js|md|yaml|css|html)$/.test(file))
      .filter((file) => {
        return /(^|[^\w.~-])\/(work|home|root)\//.test(textOf(file));
      });
    expect(found).toEqual([]);
  });
});
