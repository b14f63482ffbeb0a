import { defineConfig } from 'vitest/config';

const ROOT = new URL('..', import.meta.url).pathname;

/** `house`: how the project is laid. `unit`: functions and edges on loopback. `acceptance`, `browser`: the real programs. */
export default defineConfig({
  root: ROOT,
  test: {
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
          fileParallelism: false,
        },
      },
    ],
  },
});
