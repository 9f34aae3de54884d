/** Stock by zone against its ceilings. Pure. */
import type { StockAnswer } from '@trame/protocol/material/material-answers';
import type { Reference, ReferenceZone } from '../material/reference.ts';
import { elsewhere, siteFill, zoneFill, type Fill } from './stock-fill.ts';
import type { StockFacts } from './stock-repository.ts';

/** Somebody is warned from here on. */
const WARN_PERCENT = 80;
const FULL_PERCENT = 100;

/** @param at ms since 1970 UTC. */
export function stockAnswer(
  { zones, siteCeiling }: Pick<Reference, 'zones' | 'siteCeiling'>,
  facts: StockFacts,
  at: number,
): StockAnswer {
  // A zone that is configured no more still holds what stands there.
  const used = [...facts.outputs, ...facts.places].flatMap(({ zone }) => zone ?? []);
  const known = new Set(zones.map(({ id }) => id));
  const all = [
    ...zones,
    ...[...new Set(used)]
      .filter((id) => !known.has(id))
      .sort()
      .map(unconfigured),
  ];
  return {
    at,
    site: told(siteFill(zones, facts, siteCeiling)),
    zones: all.map((zone) => ({
      id: zone.id,
      label: zone.label,
      ...told(zoneFill(zone, facts, siteCeiling)),
      outputs: facts.outputs.filter((row) => row.zone === zone.id).map(({ zone: _zone, ...row }) => row),
      unsortedGrams: facts.places
        .filter((place) => place.zone === zone.id)
        .reduce((sum, { grams }) => sum + grams, 0),
    })),
    elsewhere: elsewhere(facts),
  };
}

function unconfigured(id: string): ReferenceZone {
  return { id, label: id, ceilingGrams: null, ceilingLitres: null, kgPerM3: null, holds: 'nothing' };
}

function told({ percent, litres, ...fill }: Fill): StockAnswer['site'] {
  return {
    ...fill,
    litres: litres === null ? null : Math.round(litres),
    percent: percent === null ? null : Math.round(percent * 10) / 10,
    level: levelOf(percent ?? 0),
  };
}

function levelOf(percent: number): 'ok' | 'warn' | 'over' {
  if (percent >= FULL_PERCENT) return 'over';
  return percent >= WARN_PERCENT ? 'warn' : 'ok';
}
