/** Stock by zone against its ceilings. Pure. */
import type { StockAnswer } from '@trame/protocol/material/material-answers';
import type { Reference, ReferenceZone } from '../material/reference.ts';
import type { HeldPlace, StandingOutputs, StockFacts } from './stock-repository.ts';

/** Somebody is warned from here on. */
const WARN_PERCENT = 80;
const FULL_PERCENT = 100;

type Zone = StockAnswer['zones'][number];
type Fill = StockAnswer['site'];

/** @param at ms since 1970 UTC. */
export function stockAnswer(
  { zones, siteCeiling }: Pick<Reference, 'zones' | 'siteCeiling'>,
  { outputs, loaded, places }: StockFacts,
  at: number,
): StockAnswer {
  // A zone that is configured no more still holds what stands there.
  const used = [...outputs, ...places].flatMap(({ zone }) => zone ?? []);
  const known = new Set(zones.map(({ id }) => id));
  const all = [
    ...zones,
    ...[...new Set(used)]
      .filter((id) => !known.has(id))
      .sort()
      .map(unconfigured),
  ];
  const rows = all.map((zone) => zoneOf(zone, outputs, places));
  const elsewhere = [
    ...places.filter(({ zone }) => zone === null).map(({ account, grams }) => ({ account, grams })),
    ...loaded.map(({ shipment, grams }) => ({ account: `shipment:${shipment}`, grams })),
    ...unplaced(outputs),
  ].filter(({ grams }) => grams !== 0);
  const onSite = elsewhere.filter(({ account }) => !account.startsWith('subcontractor:'));
  const grams = total(rows) + total(onSite);
  const litres = rows.reduce<number | null>((sum, zone) => plus(sum, zone.litres), 0);
  return { at, site: fill(grams, litres, siteCeiling), zones: rows, elsewhere };
}

function unconfigured(id: string): ReferenceZone {
  return { id, label: id, ceilingGrams: null, ceilingLitres: null, kgPerM3: null, holds: 'nothing' };
}

function zoneOf(
  zone: ReferenceZone,
  outputs: readonly StandingOutputs[],
  places: readonly HeldPlace[],
): Zone {
  const standing = outputs.filter((row) => row.zone === zone.id);
  const unsorted = places.filter((place) => place.zone === zone.id);
  const unsortedGrams = total(unsorted);
  const grams = total(standing) + unsortedGrams;
  return {
    id: zone.id,
    label: zone.label,
    ...fill(grams, litresOf(grams, unsorted, zone.kgPerM3), {
      grams: zone.ceilingGrams,
      litres: zone.ceilingLitres,
    }),
    outputs: standing.map(({ zone: _zone, ...row }) => row),
    unsortedGrams,
  };
}

/** Containers that say their volume take that much room, however full; the rest by the density of the zone. */
function litresOf(grams: number, unsorted: readonly HeldPlace[], kgPerM3: number | null): number | null {
  const measured = unsorted.filter(({ volumeLitres }) => volumeLitres !== null);
  const rest = grams - total(measured);
  if (rest > 0 && kgPerM3 === null) return null;
  // 1 kg/m³ is 1 g/l.
  const byDensity = kgPerM3 === null ? 0 : rest / kgPerM3;
  return Math.round(measured.reduce((sum, { volumeLitres }) => sum + (volumeLitres ?? 0), byDensity));
}

function fill(
  grams: number,
  litres: number | null,
  ceiling: { readonly grams: number | null; readonly litres: number | null },
): Fill {
  const percents = [percentOf(grams, ceiling.grams), percentOf(litres, ceiling.litres)].filter(
    (percent) => percent !== null,
  );
  const percent = percents.length === 0 ? null : Math.max(...percents);
  return {
    grams,
    litres,
    ceilingGrams: ceiling.grams,
    ceilingLitres: ceiling.litres,
    percent: percent === null ? null : Math.round(percent * 10) / 10,
    level: levelOf(percent ?? 0),
  };
}

function levelOf(percent: number): 'ok' | 'warn' | 'over' {
  if (percent >= FULL_PERCENT) return 'over';
  return percent >= WARN_PERCENT ? 'warn' : 'ok';
}

/** A ceiling of nothing is full as soon as anything stands there. */
function percentOf(amount: number | null, ceiling: number | null): number | null {
  if (amount === null || ceiling === null) return null;
  if (ceiling === 0) return amount > 0 ? FULL_PERCENT : 0;
  return (100 * amount) / ceiling;
}

function unplaced(outputs: readonly StandingOutputs[]): { account: string; grams: number }[] {
  return [{ account: 'outputs', grams: total(outputs.filter(({ zone }) => zone === null)) }];
}

function total(rows: readonly { readonly grams: number }[]): number {
  return rows.reduce((sum, { grams }) => sum + grams, 0);
}

function plus(sum: number | null, more: number | null): number | null {
  return sum === null || more === null ? null : sum + more;
}
