import { QUICK_CHECKS } from './quick-checks.ts';
import { runStep, runSteps, summarise, type Step } from './steps.ts';
import { ensureSystemPackages } from './system-packages.ts';

const VITEST = ['run', '--config', 'tests/vitest.config.ts', '--project'];

const TESTS: readonly Step[] = [
  { name: 'unit tests', command: 'vitest', args: [...VITEST, 'unit'], loud: true },
  { name: 'system tests', command: 'vitest', args: [...VITEST, 'system'], loud: true },
  { name: 'seeded worlds', command: 'vitest', args: [...VITEST, 'worlds'], loud: true },
];

/**
 * `npm test`: the quick checks, then the tests beside the code, then those that start real services. Later steps run
 * also when an earlier one failed. Exit codes: 0 all passed, 1 some failed or a Debian package is missing, 2 wrong
 * usage.
 */
export async function test(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    process.stderr.write('Usage: npm test\n');
    return args[0] === '--help' ? 0 : 2;
  }
  const packages = await ensureSystemPackages();
  if (packages.kind === 'missing') {
    process.stderr.write(`${packages.line}\n`);
    return 1;
  }
  const outcomes = await runSteps(QUICK_CHECKS);
  for (const step of TESTS) outcomes.push(await runStep(step));
  return summarise(outcomes);
}
