/** A piece that a station read: what was seen of it, and where it was led. */
import type { FibreVerdict, ModelRef } from '@trame/protocol/classification/fibre-verdict';
import type { ProgrammeRef } from '@trame/protocol/classification/classification-events';
import { ITEM_ID_PATTERN } from '@trame/protocol/classification/item-names';
import type { OverrideReason, VerdictWrite } from '@trame/protocol/classification/item-names';
import type { PieceFacts } from '@trame/protocol/sort-programmes/programme-inputs';

/** Where a piece stands among those of its device. */
export interface ItemPlace {
  /** 8 hex digits; later lives are greater as texts. */
  readonly life: string;
  /** The station's number, UInt32; grows within a life. */
  readonly seq: number;
}

export interface ItemKey extends ItemPlace {
  readonly device: string;
}

/** What is kept of a piece. It is never changed: that a person says otherwise stands beside it. */
export interface Item extends ItemKey {
  /** UTC ms, by the edge's clock. */
  readonly readAtMs: number;
  readonly verdict: FibreVerdict;
  readonly facts: PieceFacts;
  /** Where the programme wants it; without a programme, or when it could not be read, hand sorting. */
  readonly decided: string;
  /** Of the programme; null: there was none, or the piece could not be read. */
  readonly rule: string | null;
  readonly programme: ProgrammeRef | null;
  readonly wrote: VerdictWrite;
  /** Where it went as far as anybody knows: as decided, or to the sorter's own outlet for verdicts that it did not take. */
  readonly outlet: string;
}

/** A person says otherwise of a piece. */
export interface ItemOverride {
  /** UTC ms. */
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly reason: OverrideReason;
  readonly note: string;
  readonly actorRef: string | null;
}

const ID = new RegExp(ITEM_ID_PATTERN, 'u');
const LIFE_DIGITS = 8;
const LIFE_MAX = 0xffff_ffff;
const SEQ_MAX = 0xffff_ffff;
const MS_PER_SECOND = 1000;

/** @returns `device:life:seq`. */
export function itemId({ device, life, seq }: ItemKey): string {
  return `${device}:${life}:${seq}`;
}

/** @returns null: the text is no id of a piece. */
export function itemKey(id: string): ItemKey | null {
  if (!ID.test(id)) return null;
  const [device = '', life = '', digits = ''] = id.split(':');
  const seq = Number(digits);
  // Each piece has one id: no number with zeros before it.
  return seq <= SEQ_MAX && String(seq) === digits ? { device, life, seq } : null;
}

export function modelOf({ verdict }: Pick<Item, 'verdict'>): ModelRef | null {
  return verdict.model;
}

/** @returns below 0: `a` was read before `b`. Both of one device. */
export function compareItemPlaces(a: ItemPlace, b: ItemPlace): number {
  if (a.life !== b.life) return a.life < b.life ? -1 : 1;
  return a.seq - b.seq;
}

/**
 * Names the life that begins now: the seconds since 1970, so that those of an edge that was set up anew differ too, and more
 * than the last one whatever the clock says.
 * @param last the greatest that is known of the device, from what is kept and from the ledger; null: none.
 * @throws {RangeError} when there is no greater one: after the year 2106, or with a clock that was there.
 */
export function nextLife(last: string | null, nowMs: number): string {
  const after = last === null ? 0 : Number.parseInt(last, 16) + 1;
  const seconds = Math.min(LIFE_MAX, Math.max(0, Math.floor(nowMs / MS_PER_SECOND)));
  const life = Math.max(after, seconds);
  if (!(life <= LIFE_MAX)) throw new RangeError(`there is no life after ${String(last)}`);
  return life.toString(16).padStart(LIFE_DIGITS, '0');
}
