/** How full a zone is, against the ceilings that its permit or its walls set. */
import type { ActContext } from './decision.ts';
import { zoneOf } from './reference.ts';

/** Somebody is told from here on. */
const WARN_PERCENT = 80;

/**
 * @param addedGrams what comes in on top of what the book has there.
 * @returns `zone-80` or `zone-over`; nothing when there is room, or no ceiling. It blocks nothing: what stands there
 * stands there, and has to be told.
 */
export async function zoneWarnings(
  { book, reference }: ActContext,
  zone: string,
  addedGrams: number,
): Promise<string[]> {
  const known = zoneOf(reference, zone);
  if (known === undefined || (known.ceilingGrams === null && known.ceilingLitres === null)) return [];
  const outputs = await book.outputsIn(zone);
  const grams =
    outputs.reduce((total, { netGrams }) => total + (netGrams ?? 0), 0) +
    (await book.zones.unsortedIn(zone)) +
    addedGrams;
  // kg/m³ is g/l.
  const litres = known.kgPerM3 === null ? null : grams / known.kgPerM3;
  const percent = Math.max(percentOf(grams, known.ceilingGrams), percentOf(litres, known.ceilingLitres));
  if (percent > 100) return ['zone-over'];
  return percent >= WARN_PERCENT ? ['zone-80'] : [];
}

function percentOf(amount: number | null, ceiling: number | null): number {
  return amount === null || ceiling === null || ceiling <= 0 ? 0 : (100 * amount) / ceiling;
}
