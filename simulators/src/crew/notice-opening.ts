/** What stood on the line before anybody wrote anything down: it is taken in as a lot of its own, once. */
import type { HandView } from '../hand-view.ts';
import { actOf, grams, type Site } from './draft.ts';
import type { Memory } from './memory.ts';
import type { PlantTruth } from './plant-client.ts';

const openingNote = "Trouvé en place au premier jour, estimé à l'œil ; collecteur inconnu.";

interface Standing {
  readonly outlet: string;
  readonly grams: number;
}

/** By outlet: in bins, in the press, and made without having been logged. */
function standing(view: HandView, truth: PlantTruth, memory: Memory): Standing[] {
  return Object.entries(truth.binsKg).map(([outlet, binKg]) => {
    const made = view.stock.filter((each) => each.outlet === outlet && !memory.logged.includes(each.number));
    const madeKg = made.reduce((sum, { kg }) => sum + kg, 0);
    return { outlet, grams: grams(binKg + (truth.pressKg[outlet] ?? 0) + madeKg) };
  });
}

/** Sorted already out of containers that stand on tables: it will be received with them. What dried is none of it. */
function sortedGrams({ tables }: HandView, { outputKg }: PlantTruth): number {
  const gone = tables.reduce((sum, { container }) => {
    if (container?.weighed == null) return sum;
    return sum + Math.max(0, grams(container.weighed.kg - container.tareKg - container.netKg));
  }, 0);
  const fallen = Object.values(outputKg).reduce((sum, kg) => sum + grams(kg), 0);
  return Math.min(gone, fallen);
}

/**
 * A hand line knows no bins: all of it is on the line. Of an automatic line, what fell since it counts is counted into
 * its bins by itself.
 */
export function noticeOpening(
  view: HandView,
  truth: PlantTruth,
  memory: Memory,
  site: Site,
  at: number,
): void {
  memory.opened = true;
  const there = standing(view, truth, memory);
  const isManual = view.profile === 'manual';
  const places = there
    .map(({ outlet, grams: all }) => ({
      account: `bin:${site.line}/${outlet}`,
      grams: all - (isManual ? 0 : grams(truth.outputKg[outlet] ?? 0)),
    }))
    .filter((place) => place.grams > 0);
  const sumGrams = places.reduce((sum, place) => sum + place.grams, 0);
  const netGrams = isManual ? sumGrams - sortedGrams(view, truth) : sumGrams;
  if (netGrams <= 0) return;
  memory.outbox.push(
    actOf(memory, {
      key: 'opening',
      path: '/api/v1/lots',
      body: {
        occurredAt: at,
        collector: null,
        skimming: 'original',
        legalStatus: 'waste',
        condition: 'dry',
        family: 'mixed-tlc',
        usualName: "Stock d'ouverture",
        loads: [{ weight: { how: 'estimated', netGrams } }],
        note: openingNote,
      },
      next: { does: 'opened', places: isManual ? null : places, at },
    }),
  );
}
