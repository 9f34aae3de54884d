/**
 * Up to which piece the sums per minute have come. The mark lies in the ledger beside the event that brought it there, so after
 * a crash it says exactly what was told, even if the crash came between two outlets of one minute.
 */
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { LIFE_PATTERN } from '@trame/protocol/classification/item-names';
import { closed, nullable } from '@trame/protocol/schema';
import { compareItemPlaces, type ItemPlace } from './item.ts';

export interface ToldItems {
  /** All pieces up to here; null: none. */
  readonly all: ItemPlace | null;
  /** Of a minute that is told in part: those of an outlet up to here. */
  readonly outlets: ReadonlyMap<string, ItemPlace>;
}

export const NOTHING_TOLD: ToldItems = { all: null, outlets: new Map() };

const Place = Type.Object(
  {
    life: Type.String({ pattern: LIFE_PATTERN }),
    seq: Type.Integer({ minimum: 0, maximum: 0xffff_ffff }),
  },
  closed,
);
const schema = Compile(
  Type.Object({ all: nullable(Place), outlets: Type.Record(Type.String(), Place) }, closed),
);

/** Name of a device's mark in the ledger. */
export function itemsMarkName(device: string): string {
  return `items.${device}`;
}

export function encodeToldItems({ all, outlets }: ToldItems): string {
  return JSON.stringify({ all, outlets: Object.fromEntries(outlets) });
}

/** @param text null: the ledger has no such mark. @throws when it is not what {@link encodeToldItems} wrote. */
export function decodeToldItems(text: string | null): ToldItems {
  if (text === null) return NOTHING_TOLD;
  const value: unknown = JSON.parse(text);
  if (!schema.Check(value)) throw new Error(`«${text}» is no mark of pieces`);
  return { all: value.all, outlets: new Map(Object.entries(value.outlets)) };
}

/** Whether the ledger has this piece in a sum already. */
export function isTold({ all, outlets }: ToldItems, outlet: string, place: ItemPlace): boolean {
  const reached = (upTo: ItemPlace | null): boolean => upTo !== null && compareItemPlaces(place, upTo) <= 0;
  return reached(all) || reached(outlets.get(outlet) ?? null);
}
