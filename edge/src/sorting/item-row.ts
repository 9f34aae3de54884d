/** A kept piece as it is told. */
import type { ItemOverrideRow, ItemRow } from '@trame/protocol/classification/item-requests';
import { itemId } from '../domain/sorting/item.ts';
import type { KeptItem } from '../ports/item-store.ts';

export function itemRow({ item, overrides }: KeptItem): ItemRow {
  const { verdict, facts, readAtMs, decided, rule, wrote, outlet } = item;
  return {
    id: itemId(item),
    readAt: Math.trunc(readAtMs),
    reading: facts.reading,
    fibre: verdict.fibre,
    refusal: verdict.refusal,
    probability: verdict.probability,
    composition: verdict.composition,
    errorPoints: verdict.errorPoints,
    decided,
    rule,
    wrote,
    outlet,
    overrides: overrides.length,
    overriddenTo: overrides.at(-1)?.to ?? null,
  };
}

export function overrideRows({ overrides }: KeptItem): ItemOverrideRow[] {
  return overrides.map(({ atMs, ...said }) => ({ at: Math.trunc(atMs), ...said }));
}
