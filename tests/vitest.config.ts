import { defineConfig } from 'vitest/config';

/**
 * Four projects: `unit` lies beside the code it tests; `system` crosses packages or processes and starts real
 * services, three files at a time since most of it waits; `worlds` takes every core for itself;
 * `long` is run by `npm run proof -- material` and `-- sorting`.
 */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    projects: [
      {
        test: {
          name: 'unit',
          root: new URL('..', import.meta.url).pathname,
          include: ['{protocol,edge,simulators,deploy,dashboard/server,dashboard/web}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          // Most of these tests wait for sockets and clocks, not for a core. A process for each of the hundreds of files
          // would cost more than what is in them: no test may leave anything behind in a module.
          isolate: false,
          maxWorkers: 4,
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'system',
          root: new URL('..', import.meta.url).pathname,
          include: ['tests/**/*.test.ts'],
          exclude: [
            '**/node_modules/**',
            'tests/bench/**',
            'tests/simulation/**',
            'tests/long/**',
            'tests/architecture/canary/**',
          ],
          globalSetup: ['tests/helpers/built-page.ts'],
          maxWorkers: 3,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'long',
          root: new URL('..', import.meta.url).pathname,
          include: ['tests/long/**/*.test.ts'],
          globalSetup: ['tests/helpers/built-page.ts'],
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'worlds',
          root: new URL('..', import.meta.url).pathname,
          include: ['tests/simulation/**/*.test.ts'],
          fileParallelism: false,
        },
      },
    ],
  },
});
