/** What leaves the tables otherwise than as an output: by trolley into a bin of the book, in a skip off the site. */
import { actOf, declareOnce, grams, type Site } from './draft.ts';
import type { Memory } from './memory.ts';
import type { PlantTruth } from './plant-client.ts';

const trolley = { container: 'chariot-1', kind: 'trolley', tareGrams: 21_000 };
/** A trolley goes after so many containers that were sorted. */
const containersPerRun = 3;
/** What a trolley takes, as somebody guesses it. Grams. */
const load = { most: 15_000, least: 5_000, step: 500 };

export function isTrolleyDue({ trolley: { sorted } }: Memory): boolean {
  return sorted >= containersPerRun;
}

/** Sorted material lies in the bin that the trolley was emptied into; the book hears of it with the trolley. */
export function noticeTrolley(truth: PlantTruth, memory: Memory, site: Site, at: number): void {
  if (!isTrolleyDue(memory)) return;
  memory.trolley.sorted = 0;
  const [fullest] = Object.entries(truth.binsKg)
    .filter(([outlet]) => outlet !== 'elimination')
    .map(([outlet, kg]) => ({ outlet, free: grams(kg) - (memory.trolley.grams[outlet] ?? 0) }))
    .toSorted((a, b) => b.free - a.free);
  if (fullest === undefined) return;
  const taken = Math.floor(Math.min(fullest.free, load.most) / load.step) * load.step;
  if (taken < load.least) return;
  const { outlet } = fullest;
  memory.trolley.runs += 1;
  memory.trolley.grams[outlet] = (memory.trolley.grams[outlet] ?? 0) + taken;
  declareOnce(memory, `container:${trolley.container}`, {
    path: '/api/v1/containers',
    role: 'supervisor',
    body: trolley,
  });
  const container = `container:${trolley.container}`;
  const key = `trolley-${memory.trolley.runs}`;
  const path = '/api/v1/moves';
  memory.outbox.push(
    actOf(memory, {
      key: `${key}-filled`,
      path,
      body: { occurredAt: at, from: `line:${site.line}`, to: container, grams: taken },
    }),
    actOf(memory, {
      key: `${key}-emptied`,
      path,
      body: { occurredAt: at, from: container, to: `bin:${site.line}/${outlet}` },
    }),
  );
}

/** The skip was changed for an empty one: what was in it is an output, weighed by whoever carted it off. */
export function noticeSkip(truth: PlantTruth, memory: Memory, site: Site, at: number): void {
  const outlet = 'elimination';
  const { initialBinsKg, outputKg, binsKg } = truth;
  const all = (initialBinsKg[outlet] ?? 0) + (outputKg[outlet] ?? 0);
  const removed = grams(all - (binsKg[outlet] ?? 0));
  const before = memory.skippedGrams ?? removed;
  memory.skippedGrams = removed;
  if (removed <= before) return;
  const netGrams = removed - before;
  memory.outbox.push(
    actOf(memory, {
      key: `skip-${removed}`,
      path: '/api/v1/bales',
      body: {
        occurredAt: at,
        line: site.line,
        press: null,
        outlet,
        unit: 'skip',
        weight: { how: 'weighbridge', netGrams },
        packagingGrams: 0,
        unusual: true,
      },
      next: { does: 'stock', item: { name: null, outlet, unit: 'skip', kg: netGrams / 1_000 } },
    }),
  );
}
