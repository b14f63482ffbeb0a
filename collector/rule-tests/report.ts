import { formatFault } from '../../config/yaml-file.ts';
import type { TestFileOutcome } from './run.ts';

/** How a file of tests went, for a person to read. */
export function reportOf({ file, tests, faults, failures }: TestFileOutcome): string {
  if (faults.length > 0) {
    return `${faults.map((fault) => `${formatFault(fault)}\n`).join('')}${file}: cannot be run.\n`;
  }
  if (failures.length === 0) return `${file}: ${tests} tests passed.\n`;
  const failed = new Set(failures.map(({ line }) => line)).size;
  const told = failures.map(({ test, line, what, lines }) => {
    const body = lines.map((one) => `    ${one}\n`).join('');
    return `${file}:${line}: ${test}\n  ${what}: - expected, + got\n${body}`;
  });
  return `${told.join('')}${file}: ${failed} of ${tests} tests failed.\n`;
}
