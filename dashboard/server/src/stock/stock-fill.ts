/** How full zones and the whole site are, in grams and litres, against what permit and walls allow. Pure. */
import type { Reference, ReferenceZone } from '../material/reference.ts';
import type { HeldPlace, StockFacts } from './stock-repository.ts';

/** Not rounded. */
export interface Fill {
  readonly grams: number;
  /** Null: nothing says how much room a kilogram takes there. */
  readonly litres: number | null;
  readonly ceilingGrams: number | null;
  readonly ceilingLitres: number | null;
  /** Of the nearer ceiling; null: there is none. */
  readonly percent: number | null;
}

export interface Lying {
  readonly account: string;
  readonly grams: number;
}

type SiteCeiling = Reference['siteCeiling'];

/** @returns what lies in the zone; litres by the density of the zone, or of the site where it has a ceiling and none. */
export function zoneFill(zone: ReferenceZone, facts: StockFacts, site: SiteCeiling): Fill {
  const kgPerM3 = zone.kgPerM3 ?? (zone.ceilingLitres === null ? null : site.kgPerM3);
  const { grams, measured } = inZone(zone.id, facts);
  return fill(grams, litresOf(grams, measured, kgPerM3), zone.ceilingGrams, zone.ceilingLitres);
}

/**
 * @returns what lies on the site, in zones or not; litres of what has neither a volume nor a zone that says it by the
 * density of the site. What is away at subcontractors is not there.
 */
export function siteFill(zones: readonly ReferenceZone[], facts: StockFacts, site: SiteCeiling): Fill {
  const lying = elsewhere(facts).filter(({ account }) => !account.startsWith('subcontractor:'));
  let grams = total(lying);
  const unplaced = facts.places.filter(({ zone }) => zone === null).filter(isMeasured);
  let litres = litresOf(grams, unplaced, site.kgPerM3);
  // A zone that is configured no more still holds what stands there.
  for (const id of new Set([...facts.outputs, ...facts.places].flatMap(({ zone }) => zone ?? []))) {
    const kgPerM3 = zones.find((zone) => zone.id === id)?.kgPerM3 ?? site.kgPerM3;
    const here = inZone(id, facts);
    grams += here.grams;
    litres += litresOf(here.grams, here.measured, kgPerM3);
  }
  return fill(grams, litres, site.grams, site.litres);
}

/** @returns what lies in no zone, what is away included. */
export function elsewhere({ outputs, loaded, places }: StockFacts): Lying[] {
  return [
    ...places.filter(({ zone }) => zone === null).map(({ account, grams }) => ({ account, grams })),
    ...loaded.map(({ shipment, grams }) => ({ account: `shipment:${shipment}`, grams })),
    { account: 'outputs', grams: total(outputs.filter(({ zone }) => zone === null)) },
  ].filter(({ grams }) => grams !== 0);
}

function inZone(zone: string, { outputs, places }: StockFacts) {
  const lying = places.filter((place) => place.zone === zone);
  const grams = total(outputs.filter((row) => row.zone === zone)) + total(lying);
  return { grams, measured: lying.filter(isMeasured) };
}

interface Measured {
  readonly grams: number;
  readonly volumeLitres: number;
}

function isMeasured(place: HeldPlace): place is HeldPlace & Measured {
  return place.volumeLitres !== null;
}

/** Containers that say their volume take that much room, however full; the rest by its density. */
function litresOf(grams: number, measured: readonly Measured[], kgPerM3: number): number;
function litresOf(grams: number, measured: readonly Measured[], kgPerM3: number | null): number | null;
function litresOf(grams: number, measured: readonly Measured[], kgPerM3: number | null): number | null {
  const rest = grams - total(measured);
  if (rest > 0 && kgPerM3 === null) return null;
  // 1 kg/m³ is 1 g/l.
  const byDensity = kgPerM3 === null ? 0 : rest / kgPerM3;
  return measured.reduce((sum, { volumeLitres }) => sum + volumeLitres, byDensity);
}

function fill(
  grams: number,
  litres: number | null,
  ceilingGrams: number | null,
  ceilingLitres: number | null,
): Fill {
  const percents = [percentOf(grams, ceilingGrams), percentOf(litres, ceilingLitres)].filter(
    (percent) => percent !== null,
  );
  const percent = percents.length === 0 ? null : Math.max(...percents);
  return { grams, litres, ceilingGrams, ceilingLitres, percent };
}

/** A ceiling of nothing is full as soon as anything stands there. */
function percentOf(amount: number | null, ceiling: number | null): number | null {
  if (amount === null || ceiling === null) return null;
  if (ceiling === 0) return amount > 0 ? 100 : 0;
  return (100 * amount) / ceiling;
}

function total(rows: readonly { readonly grams: number }[]): number {
  return rows.reduce((sum, { grams }) => sum + grams, 0);
}
