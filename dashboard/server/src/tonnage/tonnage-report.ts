/** Tonnes and joules of what was sorted, grouped one way or another. Pure. */
import type { TonnageAnswer, TonnageBy, TonnageRow } from '@trame/protocol/dashboard-api';
import {
  FIBRES,
  lhvAtRegainMJPerKg,
  lhvOfMixMJPerKg,
  type Composition,
  type Fibre,
} from '@trame/protocol/material';
import type { SortedMass } from './tonnage-repository.ts';

/** What an outlet of a line is made of; null when nobody said. */
export type CompositionOf = (line: string, outlet: string) => Composition | null;

/** Key of what no collector or commune is known of. */
export const UNKNOWN_ORIGIN = 'unknown';
/** Key of the material of outlets without a stated composition. */
export const UNKNOWN_MATERIAL = 'unknown';

const GRAMS_PER_TONNE = 1_000_000;
/** 1 MJ/kg is 0.000 001 GJ/g. */
const GJ_PER_GRAM_PER_LHV = 1e-6;

interface Sum {
  grams: number;
  /** Null as soon as one part has no known heat content: a partial sum would be a wrong number. */
  heatGJ: number | null;
  readonly label?: string;
  readonly estimated?: boolean;
}

/**
 * @param unit which figure puts the rows in order, largest first; days and months follow the calendar.
 */
export function tonnageReport(
  masses: readonly SortedMass[],
  by: TonnageBy,
  unit: 't' | 'GJ',
  compositionOf: CompositionOf,
): Pick<TonnageAnswer, 'rows' | 'total'> {
  const groups = new Map<string, Sum>();
  const total: Sum = { grams: 0, heatGJ: 0 };
  for (const mass of masses) {
    const composition = compositionOf(mass.line, mass.outlet);
    const parts =
      by === 'material' ? materialParts(mass.grams, composition) : [wholePart(mass, by, composition)];
    for (const { key, grams, heatGJ } of parts) {
      const group = groups.get(key) ?? { grams: 0, heatGJ: 0 };
      groups.set(key, { ...plus(group, grams, heatGJ), ...named(group, mass, by) });
    }
    Object.assign(total, plus(total, mass.grams, heatOfMix(mass.grams, composition)));
  }
  const rows = [...groups].map(([key, { label, estimated, ...sum }]): TonnageRow => ({
    id: key,
    key,
    ...(label === undefined ? {} : { label }),
    ...(estimated === undefined ? {} : { estimated }),
    ...figures(sum),
  }));
  return { rows: rows.sort(by === 'day' || by === 'month' ? byKey : bySize(unit)), total: figures(total) };
}

interface Part extends Sum {
  readonly key: string;
}

function wholePart(
  mass: SortedMass,
  by: Exclude<TonnageBy, 'material'>,
  composition: Composition | null,
): Part {
  return { key: keyOf(mass, by), grams: mass.grams, heatGJ: heatOfMix(mass.grams, composition) };
}

function keyOf(mass: SortedMass, by: Exclude<TonnageBy, 'material'>): string {
  switch (by) {
    case 'outlet':
      return mass.outlet;
    case 'day':
      return mass.day;
    case 'month':
      return mass.day.slice(0, 7);
    case 'line':
      return mass.line;
    case 'site':
      return mass.site;
    case 'collector':
    case 'commune':
      return mass.origin?.key ?? UNKNOWN_ORIGIN;
  }
}

/** One part that was not weighed apart makes the figure of a commune an estimate. */
function named(group: Sum, { origin }: SortedMass, by: TonnageBy): Pick<Sum, 'label' | 'estimated'> {
  if (by !== 'collector' && by !== 'commune') return {};
  const label = group.label ?? origin?.label ?? undefined;
  return {
    ...(label === undefined ? {} : { label }),
    ...(by === 'commune' ? { estimated: group.estimated === true || origin?.estimated === true } : {}),
  };
}

/** Splits grams over fibres; whole grams by largest remainder, so that the parts add up to the mass. */
function materialParts(grams: number, composition: Composition | null): Part[] {
  const shares = FIBRES.map((fibre) => [fibre, composition?.[fibre] ?? 0] as const).filter(
    ([, share]) => share > 0,
  );
  const whole = shares.reduce((sum, [, share]) => sum + share, 0);
  if (whole === 0) return [{ key: UNKNOWN_MATERIAL, grams, heatGJ: null }];
  const exact = shares.map(([fibre, share]) => ({ fibre, exact: (grams * share) / whole }));
  const floors = exact.map((part) => ({ ...part, grams: Math.floor(part.exact) }));
  const missing = grams - floors.reduce((sum, part) => sum + part.grams, 0);
  const byRemainder = [...floors].sort((a, b) => b.exact - b.grams - (a.exact - a.grams));
  const lucky = new Set<Fibre>(byRemainder.slice(0, missing).map(({ fibre }) => fibre));
  return floors.map(({ fibre, grams: floor }) => {
    const own = floor + (lucky.has(fibre) ? 1 : 0);
    return { key: fibre, grams: own, heatGJ: own * lhvAtRegainMJPerKg(fibre) * GJ_PER_GRAM_PER_LHV };
  });
}

function heatOfMix(grams: number, composition: Composition | null): number | null {
  const lhv = composition === null ? null : lhvOfMixMJPerKg(composition);
  return lhv === null ? null : grams * lhv * GJ_PER_GRAM_PER_LHV;
}

function plus(sum: Sum, grams: number, heatGJ: number | null): Sum {
  return {
    grams: sum.grams + grams,
    heatGJ: sum.heatGJ === null || heatGJ === null ? null : sum.heatGJ + heatGJ,
  };
}

function figures({ grams, heatGJ }: Sum): { t: number; GJ: number | null } {
  return { t: grams / GRAMS_PER_TONNE, GJ: heatGJ === null ? null : Math.round(heatGJ * 1e6) / 1e6 };
}

function byKey(a: TonnageRow, b: TonnageRow): number {
  return a.key < b.key ? -1 : 1;
}

function bySize(unit: 't' | 'GJ'): (a: TonnageRow, b: TonnageRow) => number {
  return (a, b) => (b[unit] ?? -1) - (a[unit] ?? -1) || byKey(a, b);
}
