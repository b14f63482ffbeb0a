import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const ROOT = new URL('..', import.meta.url).pathname;

/**
 * What runs the real programs waits most of its time and would leave two cores half idle: with twice as many at once the
 * others' work fills that. Each file has programs, folders and ports of its own.
 */
const WORKERS = Math.max(4, availableParallelism());

/**
 * `house`: how the project is laid. `unit`: functions and edges on loopback. `acceptance`, `browser`: the real programs; they
 * come first, so that the last of them wait while units are tested.
 */
export default defineConfig({
  root: ROOT,
  test: {
    maxWorkers: WORKERS,
    projects: [
      { root: ROOT, test: { name: 'house', include: ['test/house/**/*.test.ts'] } },
      {
        root: ROOT,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/contract/**/*.test.ts'],
          // Modules keep nothing: files may share what has been loaded, which costs the small ones more than their tests.
          isolate: false,
          restoreMocks: true,
          // Threads, sockets and password hashes take their time on a busy machine.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        root: ROOT,
        test: {
          name: 'acceptance',
          include: ['test/acceptance/**/*.test.ts', 'test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
