import { findProgram, PACKAGE_OF } from '../system-packages.js';

/** A program of the system that a test uses as it is. */
export type Program = keyof typeof PACKAGE_OF;

/**
 * The path of a program, for `describe.skipIf(!…)`. Where it is missing the package is named; with CI=true that is
 * a failure, since a test that does not run proves nothing.
 */
export function programPath(name: Program): string | undefined {
  const path = findProgram(name);
  if (path !== undefined) return path;
  const message = `${name} is missing: install Debian's package ${PACKAGE_OF[name]}`;
  if (process.env['CI'] === 'true') throw new Error(message);
  process.stderr.write(`skipped: ${message}\n`);
  return undefined;
}
