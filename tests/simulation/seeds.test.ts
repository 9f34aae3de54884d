import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, runProcess } from '../helpers/process.ts';
import { FLAWS } from './flaws.ts';

/** A run of its own may go elsewhere, or further. */
const FIRST_SEED = Number(process.env['TRAME_WORLD_FIRST'] ?? 1);
const WORLDS = Number(process.env['TRAME_WORLDS'] ?? 1_000);
const WORLD_MS_MAX = 600;
/** A flaw that shows in none of so many worlds would slip through. */
const FLAWED_WORLDS = 40;

interface Report {
  readonly ran: number;
  readonly failed: readonly { readonly seed: number; readonly faults: readonly string[] }[];
}

async function worlds(first: number, count: number, flaw?: string): Promise<Report> {
  const program = join(ROOT, 'tests/simulation/run-seeds.ts');
  const args = [program, `${first}`, `${count}`, ...(flaw === undefined ? [] : [flaw])];
  const outcome = await runProcess(process.execPath, args, { timeoutMs: 60_000 + count * WORLD_MS_MAX });
  if (outcome.code !== 0) throw new Error(`worlds ${first}+${count}: ${outcome.stderr}${outcome.stdout}`);
  return JSON.parse(outcome.stdout) as Report;
}

describe(`worlds ${FIRST_SEED} to ${FIRST_SEED + WORLDS - 1}`, () => {
  it(
    'whatever fails, what was acknowledged is stored once, in order, in a whole chain, and every loss is declared',
    async () => {
      const shares = Math.max(1, Math.min(4, availableParallelism()));
      const share = Math.ceil(WORLDS / shares);
      const reports = await Promise.all(
        Array.from({ length: shares }, (_, index) => worlds(FIRST_SEED + index * share, share)),
      );
      // To see one of them again: node tests/simulation/run-seeds.ts SEED 1
      expect(reports.flatMap(({ failed }) => failed)).toStrictEqual([]);
      expect(reports.reduce((sum, { ran }) => sum + ran, 0)).toBe(share * shares);
    },
    90_000 + WORLDS * WORLD_MS_MAX,
  );

  it.each(Object.keys(FLAWS))(
    'a program that is wrong on purpose is caught: %s',
    async (flaw) => {
      const { failed } = await worlds(FIRST_SEED, FLAWED_WORLDS, flaw);
      expect(failed.length).toBeGreaterThan(0);
    },
    120_000,
  );
});
