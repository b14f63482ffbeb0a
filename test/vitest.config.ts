import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const ROOT = new URL('..', import.meta.url).pathname;

/** `house`: how the project is laid. `unit`: functions and edges on loopback. `acceptance`, `browser`: the real programs. */
export default defineConfig({
  root: ROOT,
  test: {
    // The default leaves one core free: on a machine of two that is half of it.
    maxWorkers: availableParallelism(),
    projects: [
      { root: ROOT, test: { name: 'house', include: ['test/house/**/*.test.ts'] } },
      {
        root: ROOT,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/contract/**/*.test.ts'],
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
          // Each file has programs, folders and ports of its own, and waits most of its time; more at once would wait for
          // the processor instead.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
