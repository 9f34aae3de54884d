/** How full a zone and the site are when something comes, against the ceilings that permit or walls set. */
import { accountKind, accountName } from '@trame/protocol/material/accounts';
import { siteFill, zoneFill, type Fill } from '../stock/stock-fill.ts';
import type { HeldPlace, StockFacts } from '../stock/stock-repository.ts';
import type { ActContext } from './decision.ts';
import type { MaterialBook } from './material-book.ts';
import { zoneOf } from './reference.ts';

/** Somebody is told from here on. */
const WARN_PERCENT = 80;
/** No lot, container or output: what comes is told by its grams alone. */
const NAMELESS = 'coming:';

/** Something that comes into a zone with what it holds already, by its account. */
export interface Coming {
  /** `lot:…`, `container:…`: a container takes its own volume where it states one. */
  readonly account: string;
  /** On top of what the book has in it. */
  readonly addedGrams: number;
}

/**
 * @param zone null: nobody says where; then only the site may be full.
 * @param coming grams, or things.
 * @param from `outside`: the site has more of it by that.
 * @returns `zone-80` or `zone-over`, `site-80` or `site-over`; nothing when there is room, or no ceiling. It blocks
 * nothing: what stands there stands there, and has to be told. Counted as `GET /stock` counts.
 */
export async function zoneWarnings(
  { book, reference }: ActContext,
  zone: string | null,
  coming: number | readonly Coming[],
  from: 'site' | 'outside' = 'site',
): Promise<string[]> {
  const { siteCeiling, zones } = reference;
  const known = zone === null ? undefined : zoneOf(reference, zone);
  const asksZone = known !== undefined && (known.ceilingGrams !== null || known.ceilingLitres !== null);
  const asksSite = from === 'outside' && (siteCeiling.grams !== null || siteCeiling.litres !== null);
  if (!asksZone && !asksSite) return [];
  const facts = withComing(await book.zones.facts(), zone, await placesOf(book, coming));
  return [
    ...(asksZone ? warning('zone', zoneFill(known, facts, siteCeiling)) : []),
    ...(asksSite ? warning('site', siteFill(zones, facts, siteCeiling)) : []),
  ];
}

function warning(what: 'zone' | 'site', { percent }: Fill): string[] {
  if (percent === null || percent < WARN_PERCENT) return [];
  return [percent > 100 ? `${what}-over` : `${what}-80`];
}

async function placesOf(book: MaterialBook, coming: number | readonly Coming[]): Promise<HeldPlace[]> {
  if (typeof coming === 'number') {
    return [{ account: NAMELESS, grams: coming, zone: null, volumeLitres: null }];
  }
  const places: HeldPlace[] = [];
  for (const { account, addedGrams: grams } of coming) {
    const container =
      accountKind(account) === 'container' ? await book.container(accountName(account)) : undefined;
    places.push({
      account,
      grams,
      zone: container?.zone ?? null,
      volumeLitres: container?.volumeLitres ?? null,
    });
  }
  return places;
}

/** What comes stands in the zone, and no more where it stood before. */
function withComing(facts: StockFacts, zone: string | null, coming: readonly HeldPlace[]): StockFacts {
  const places = new Map(facts.places.map((place) => [place.account, place]));
  for (const place of coming) {
    const before = places.get(place.account) ?? { ...place, grams: 0 };
    const grams = before.grams + place.grams;
    places.set(place.account, { ...before, grams, zone: zone ?? before.zone });
  }
  return { ...facts, places: [...places.values()] };
}
