import { QUICK_CHECKS } from './quick-checks.ts';
import { runSteps, summarise } from './steps.ts';

/** `npm run check`: the quick checks alone. Exit codes: 0 all passed, 1 some failed, 2 wrong usage. */
export async function check(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    process.stderr.write('Usage: npm run check\n');
    return args[0] === '--help' ? 0 : 2;
  }
  return summarise(await runSteps(QUICK_CHECKS));
}
