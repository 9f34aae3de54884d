import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from './root.ts';
import { runStep } from './steps.ts';

const FOLDER = 'tests/bench';

/** `npm run bench -- NAME …`: runs `tests/bench/NAME.ts`. Exit codes: 0 ok, 1 failed, 2 wrong usage. */
export async function bench(args: readonly string[]): Promise<number> {
  const known = readdirSync(join(ROOT, FOLDER), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.bench.ts'))
    .map((entry) => basename(entry.name, '.bench.ts'));
  const [name, ...rest] = args;
  if (name === undefined || !known.includes(name)) {
    process.stderr.write(`Usage: npm run bench -- NAME\nNAME is one of: ${known.join(', ')}\n`);
    return name === '--help' ? 0 : 2;
  }
  const step = { name, command: 'node', args: [join(FOLDER, `${name}.bench.ts`), ...rest], loud: true };
  const { isOk } = await runStep(step);
  return isOk ? 0 : 1;
}
