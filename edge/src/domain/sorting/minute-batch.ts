/**
 * What was sorted, as events: one for each minute and outlet. The machine holds the open minute in memory alone; what it told
 * is marked with the events, so after a crash, or when the ledger gave events back, it is started with the mark and told
 * the pieces after it again, from where they are kept, and makes the same sums of them.
 */
import { lineEvent, type LineEvent } from '../line-events.ts';
import { encodeToldItems, isTold, itemsMarkName, type ToldItems } from './batch-mark.ts';
import { isOfSums, itemsSorted, sumsOfOne, withItem, type ItemSums, type Sha256 } from './item-sums.ts';
import { compareItemPlaces, type Item, type ItemPlace } from './item.ts';

export const MINUTE_MS = 60_000;
/** How long after its end a minute stays open for pieces that come late; as far may two clocks differ, ms. */
export const GRACE_MS = 2000;
/** Pieces after which a minute is told before its end. */
export const ITEMS_PER_MINUTE_MAX = 20_000;
/** Sums after which it is: a line has fewer outlets, but programmes may take turns. */
export const SUMS_PER_MINUTE_MAX = 200;

export interface MinuteBatch {
  readonly device: string;
  readonly told: ToldItems;
  readonly open: OpenMinute | null;
}

interface OpenMinute {
  /** Minutes since 1970, UTC. */
  readonly slot: number;
  /** Of one outlet, in the order of their numbers, one after the other. */
  readonly sums: readonly ItemSums[];
  readonly items: number;
  readonly last: ItemPlace;
}

export type BatchEvent =
  /** In the order of their places; one that was told, or taken, counts no more. */
  | { readonly kind: 'item'; readonly item: Item }
  | { readonly kind: 'tick'; readonly nowMs: number }
  /** The edge stops: what is open is told. */
  | { readonly kind: 'cut' };

export interface BatchStep {
  readonly state: MinuteBatch;
  /** To be recorded in this order: all of them, or as many of the first as the ledger takes. */
  readonly events: readonly LineEvent[];
}

export function startMinuteBatch(device: string, told: ToldItems): MinuteBatch {
  return { device, told, open: null };
}

/** A clock that steps ends the open minute; a minute in which nothing was read says nothing. */
export function nextMinuteBatch(state: MinuteBatch, event: BatchEvent, sha256: Sha256): BatchStep {
  switch (event.kind) {
    case 'item':
      return takeItem(state, event.item, sha256);
    case 'tick':
      return isOver(state.open, event.nowMs) ? tell(state, sha256) : { state, events: [] };
    case 'cut':
      return tell(state, sha256);
  }
}

function takeItem(state: MinuteBatch, item: Item, sha256: Sha256): BatchStep {
  if (item.device !== state.device) throw new Error(`a piece of ${item.device} is none of ${state.device}`);
  const { open, told } = state;
  const isTaken = open !== null && compareItemPlaces(item, open.last) <= 0;
  if (isTaken || isTold(told, item.outlet, item)) return { state, events: [] };
  const slot = Math.floor(item.readAtMs / MINUTE_MS);
  const isFull =
    open !== null && (open.items >= ITEMS_PER_MINUTE_MAX || open.sums.length >= SUMS_PER_MINUTE_MAX);
  const before =
    open !== null && (isFull || open.slot !== slot) ? tell(state, sha256) : { state, events: [] };
  return {
    state: { ...before.state, open: withPiece(before.state.open, slot, item) },
    events: before.events,
  };
}

function withPiece(open: OpenMinute | null, slot: number, item: Item): OpenMinute {
  const { life, seq } = item;
  const sums = open?.sums ?? [];
  const index = sums.findLastIndex(({ outlet }) => outlet === item.outlet);
  const present = sums[index];
  // Another programme in between: its sum stands between the two, so that each outlet is told in order.
  const added =
    present !== undefined && isOfSums(present, item)
      ? sums.with(index, withItem(present, item))
      : [...sums, sumsOfOne(item)];
  return { slot, sums: added, items: (open?.items ?? 0) + 1, last: { life, seq } };
}

/** A clock that was set back by more than two clocks may differ would leave it open until it comes there again. */
function isOver(open: OpenMinute | null, nowMs: number): boolean {
  if (open === null) return false;
  return nowMs >= (open.slot + 1) * MINUTE_MS + GRACE_MS || nowMs < open.slot * MINUTE_MS - GRACE_MS;
}

function tell({ device, told, open }: MinuteBatch, sha256: Sha256): BatchStep {
  if (open === null) return { state: { device, told, open }, events: [] };
  const whole: ToldItems = {
    all: open.last,
    // Told before a crash, and further than what was told again since.
    outlets: new Map([...told.outlets].filter(([, upTo]) => compareItemPlaces(upTo, open.last) > 0)),
  };
  const outlets = new Map(told.outlets);
  const events = open.sums.map((sums, index) => {
    const payload = itemsSorted(sums, sha256);
    outlets.set(sums.outlet, { life: sums.life, seq: sums.toSeq });
    const isLast = index === open.sums.length - 1;
    const mark = encodeToldItems(isLast ? whole : { all: told.all, outlets });
    return lineEvent('items.sorted', payload.toAt, payload, { [itemsMarkName(device)]: mark });
  });
  return { state: { device, told: whole, open: null }, events };
}
