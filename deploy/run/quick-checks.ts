/** What can be said of the code without running it: seconds, not minutes. */
import type { Step } from './steps.ts';

const TYPED = ['protocol', 'edge', 'dashboard/server', 'simulators', 'tests', 'deploy'];

export const QUICK_CHECKS: readonly Step[] = [
  { name: 'format', command: 'oxfmt', args: ['--check', '.'] },
  ...TYPED.map((folder) => ({ name: `types of ${folder}`, command: 'tsc', args: ['-p', folder] })),
  {
    name: 'types of dashboard/web',
    command: 'svelte-check',
    args: ['--tsconfig', 'dashboard/web/tsconfig.json', '--fail-on-warnings'],
  },
  { name: 'lint', command: 'oxlint', args: ['.'] },
  { name: 'floors', command: 'node', args: ['tests/architecture/check-floors.ts'] },
  { name: 'dead code', command: 'knip', args: [] },
];
