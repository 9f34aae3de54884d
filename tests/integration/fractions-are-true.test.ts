/** What outlets are made of, as the server tells it from what the edge read, agrees with what the simulated line really let fall. */
import type { FractionRow } from '@trame/protocol/classification/classification-answers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begun } from '../helpers/begun.ts';
import { materialActs, type MaterialActs } from '../helpers/material-acts.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { LINE } from '../helpers/standstill.ts';
import { until } from '../helpers/until.ts';

const SPEED = 20;
/** Of the outlet with most of them. */
const PIECES = 250;
/** Outlets with fewer have a wide interval: they are told, and prove little. */
const PIECES_MIN = 40;
const SORTED_MS = 240_000;
/** Standard errors. */
const ERRORS_MAX = 3;
/** What spectra do not tell apart. */
const CELLULOSIC: ReadonlySet<string> = new Set(['cotton', 'flax', 'viscose', 'cellulosic']);

function kindOf(fibre: string): string {
  return CELLULOSIC.has(fibre) ? 'cellulosic' : fibre;
}

describe('the composition of the outlets', () => {
  let site: Site;
  let acts: MaterialActs;

  const fractions = async () =>
    (await acts.read<{ readonly rows: readonly FractionRow[] }>(`/fractions?line=${LINE}`)).rows;

  beforeAll(async () => {
    const started = await startSite({
      history: 'embedded',
      profile: 'automatic',
      sorts: true,
      speed: SPEED,
      simulatorArgs: ['--no-incidents', '--crew-within', '1'],
    });
    site = await begun(started, async () => {
      acts = materialActs(await started.signInAs('supervisor'));
      await until(
        `${PIECES} pieces of an outlet`,
        async () => (await fractions()).some(({ composition }) => composition.described >= PIECES),
        SORTED_MS,
      );
    });
  }, 360_000);

  afterAll(() => site[Symbol.asyncDispose]());

  it('is within three standard errors of what can be seen', async () => {
    const { outputFibresKg, outputFabricsKg } = await site.simulation.truth();
    const known = (await fractions()).filter(
      ({ composition }) => composition.source === 'items' && composition.described >= PIECES_MIN,
    );
    expect(known.length).toBeGreaterThanOrEqual(2);
    const far: string[] = [];
    for (const { outlet, composition } of known) {
      const truth = new Map<string, number>();
      for (const [fibre, kg] of Object.entries(outputFibresKg[outlet] ?? {})) {
        truth.set(kindOf(fibre), (truth.get(kindOf(fibre)) ?? 0) + kg);
      }
      const all = [...truth.values()].reduce((sum, kg) => sum + kg, 0);
      // Of a garment of several layers only the uppermost is seen.
      const hidden = (100 * (outputFabricsKg[outlet]?.['multilayer'] ?? 0)) / all;
      const told = new Map<string, { percent: number; errorPoints: number }>();
      for (const { fibre, percent, errorPoints } of composition.shares) {
        const before = told.get(kindOf(fibre)) ?? { percent: 0, errorPoints: 0 };
        told.set(kindOf(fibre), {
          percent: before.percent + percent,
          errorPoints: before.errorPoints + errorPoints,
        });
      }
      for (const [kind, { percent, errorPoints }] of told) {
        const right = (100 * (truth.get(kind) ?? 0)) / all;
        const line = `${outlet} ${kind}: told ${percent.toFixed(1)} ± ${errorPoints.toFixed(1)}, is ${right.toFixed(1)} %`;
        process.stdout.write(
          `${line} (${composition.described} of ${composition.pieces} pieces, ${hidden.toFixed(1)} % hidden)\n`,
        );
        if (Math.abs(percent - right) > ERRORS_MAX * errorPoints + hidden) far.push(line);
      }
    }
    expect(far).toEqual([]);
  });
});
