/**
 * Runs worlds of consecutive seeds and says which of them broke a promise.
 * `node tests/simulation/run-seeds.ts FIRST COUNT [FLAW]`: one line of JSON at the end, `{ran, failed: [{seed,
 * faults}], seconds}`; with one seed it replays it. Stops after ten failures.
 */
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokenPromises } from './broken-promises.ts';
import { FailingDisks } from './failing-disk.ts';
import { FLAWS, isFlaw } from './flaws.ts';
import { World, type Flaws } from './world.ts';

const FAILURES_MAX = 10;
const [first = '1', count = '1', flaw] = process.argv.slice(2);

const flaws: Flaws = isFlaw(flaw) ? FLAWS[flaw] : {};
if (flaw !== undefined && !isFlaw(flaw)) throw new Error(`unknown flaw ${flaw}`);
const folder = mkdtempSync(join(memoryFolder(), 'trame-worlds-'));
const failed: { readonly seed: number; readonly faults: readonly string[] }[] = [];
const started = performance.now();
let ran = 0;
/** One world alone tells its story. */
const tell = (story: string): void => {
  if (count === '1') process.stderr.write(`${story}\n`);
};
try {
  using disks = new FailingDisks();
  for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
    using world = new World(seed, disks, folder, flaws, tell);
    const faults = await brokenPromises(await world.run());
    ran += 1;
    if (faults.length > 0) failed.push({ seed, faults });
    if (failed.length >= FAILURES_MAX) break;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const seconds = Math.round((performance.now() - started) / 1000);
process.stdout.write(`${JSON.stringify({ ran, failed, seconds })}\n`);

/** These disks fail by plan, not by power cut, so they may as well be quick. */
function memoryFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch (error) {
    if (error instanceof Error) return tmpdir();
    throw error;
  }
}
