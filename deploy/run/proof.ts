import { runSteps, summarise, type Step } from './steps.ts';
import { ensureSystemPackages } from './system-packages.ts';

const USAGE = `Usage: npm run proof -- NAME [COUNT]
NAME is one of:
  kills   programs are killed COUNT times (50) while material falls, on PostgreSQL and InfluxDB
  worlds  COUNT seeded worlds (20000) in which network, disks and programs fail
  material  every page about material looked at in a browser, and kiosks through long outages
  sorting  drift of spectra is found and nothing else is, and a sorter catches up after an outage
`;

const VITEST = ['run', '--config', 'tests/vitest.config.ts'];

interface Proof {
  /** How much of it; null: there is one size. */
  readonly size: { readonly variable: string; readonly count: number } | null;
  /** File or folder. */
  readonly file: string;
}

const PROOFS = new Map<string, Proof>([
  [
    'kills',
    { size: { variable: 'TRAME_KILL_ROUNDS', count: 50 }, file: 'tests/integration/nothing-lost.test.ts' },
  ],
  ['material', { size: null, file: 'tests/long/material' }],
  ['sorting', { size: null, file: 'tests/long/sorting' }],
  ['worlds', { size: { variable: 'TRAME_WORLDS', count: 20_000 }, file: 'tests/simulation/seeds.test.ts' }],
]);

/**
 * `npm run proof -- NAME [COUNT]`: what `npm test` proves in short, at length. Exit codes: 0 passed, 1 failed or a
 * Debian package is missing, 2 wrong usage.
 */
export async function proof(args: readonly string[]): Promise<number> {
  const [name = '', written, ...surplus] = args;
  const chosen = PROOFS.get(name);
  const count = Number(written ?? chosen?.size?.count ?? 1);
  const isSized = written === undefined || chosen?.size !== null;
  if (chosen === undefined || surplus.length > 0 || !isSized || !Number.isInteger(count) || count < 1) {
    process.stderr.write(USAGE);
    return name === '--help' ? 0 : 2;
  }
  const packages = await ensureSystemPackages();
  if (packages.kind === 'missing') {
    process.stderr.write(`${packages.line}\n`);
    return 1;
  }
  const step: Step = {
    name,
    command: 'env',
    args: [
      ...(chosen.size === null ? [] : [`${chosen.size.variable}=${count}`]),
      'vitest',
      ...VITEST,
      chosen.file,
    ],
    loud: true,
  };
  return summarise(await runSteps([step]));
}
