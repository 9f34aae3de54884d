import { buildWebIfNeeded } from './build-web.ts';

/**
 * `bootstrap.mjs prepare`: packages installed (the bootstrap did that), page built, nothing started. For a PC that runs
 * the programs as services. Exit codes: 0 ready, 1 the page could not be built, 2 wrong usage.
 */
export async function prepare(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    process.stderr.write('Usage: node deploy/run/bootstrap.mjs prepare\n');
    return args[0] === '--help' ? 0 : 2;
  }
  const never = new AbortController().signal;
  const built = await buildWebIfNeeded(() => process.stderr.write('Building the dashboard page…\n'), never);
  if (built.kind === 'failed') {
    process.stderr.write(`The dashboard page could not be built:\n${built.output.trimEnd()}\n`);
    return 1;
  }
  process.stdout.write('Packages are installed and the dashboard page is built.\n');
  return 0;
}
