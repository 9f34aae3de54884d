/** What the ledger keeps of many pieces: counts, a mean, and a hash by which each of them can be proven. */
import { EVENT_TIME_MIN_MS } from '@trame/protocol/ledger-event';
import { canonicalJson } from '@trame/protocol/canonical-json';
import type { ItemsSorted } from '@trame/protocol/classification/classification-events';
import {
  addShares,
  meanComposition,
  sharesOf,
  type Composition,
} from '@trame/protocol/classification/mean-composition';
import { READINGS, type FibreReading } from '@trame/protocol/sort-programmes/programme-inputs';
import { modelOf, type Item } from './item.ts';

/** Pieces that one event can tell of. */
export type ItemSums = Pick<Item, 'device' | 'life' | 'outlet' | 'programme'> & {
  readonly model: ItemsSorted['model'];
  readonly fromAtMs: number;
  readonly toAtMs: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly items: number;
  readonly readings: Readonly<Record<FibreReading, number>>;
  readonly shares: Composition;
  readonly described: number;
  /** Of the errors of their readings, points². */
  readonly squares: number;
  readonly late: number;
  /** Canonical JSON of `[seq, rule, reading]` of each, in order, with commas between. */
  readonly said: string;
};

export type Sha256 = (text: string) => string;

const ERROR_MAX_POINTS = 100;
/** Points are told in hundredths. */
const ERROR_STEPS = 100;

export function sumsOfOne(item: Item): ItemSums {
  const { device, life, outlet, programme, seq, readAtMs, facts, rule, wrote } = item;
  const shares = sharesOf(facts);
  return {
    device,
    life,
    outlet,
    programme,
    model: modelOf(item),
    fromAtMs: readAtMs,
    toAtMs: readAtMs,
    fromSeq: seq,
    toSeq: seq,
    items: 1,
    readings: { ...NONE_READ, [facts.reading]: 1 },
    shares: shares ?? {},
    described: shares === null ? 0 : 1,
    squares: shares === null ? 0 : errorOf(facts.errorPoints) ** 2,
    // A verdict that the sorter refused did not reach it in time either.
    late: wrote === 'late' || wrote === 'refused' ? 1 : 0,
    said: canonicalJson([seq, rule, facts.reading]),
  };
}

/** Whether one event can tell of both: the same outlet, numbers, programme and model. */
export function isOfSums(sums: ItemSums, item: Item): boolean {
  return (
    sums.outlet === item.outlet &&
    sums.life === item.life &&
    sums.programme?.hash === item.programme?.hash &&
    sums.model?.sha256 === modelOf(item)?.sha256
  );
}

/** @param item the next one in order. */
export function withItem(sums: ItemSums, item: Item): ItemSums {
  const one = sumsOfOne(item);
  const { reading } = item.facts;
  return {
    ...sums,
    fromAtMs: Math.min(sums.fromAtMs, one.fromAtMs),
    toAtMs: Math.max(sums.toAtMs, one.toAtMs),
    toSeq: one.toSeq,
    items: sums.items + 1,
    readings: { ...sums.readings, [reading]: sums.readings[reading] + 1 },
    shares: one.described === 0 ? sums.shares : addShares(sums.shares, one.shares),
    described: sums.described + one.described,
    squares: sums.squares + one.squares,
    late: sums.late + one.late,
    said: `${sums.said},${one.said}`,
  };
}

/** What the event says. */
export function itemsSorted(sums: ItemSums, sha256: Sha256): ItemsSorted {
  const { fromAtMs, toAtMs, shares, squares, said, programme, model, readings, ...counted } = sums;
  return {
    ...counted,
    fromAt: eventTime(fromAtMs),
    toAt: eventTime(toAtMs),
    readings: { ...readings },
    composition: meanComposition(shares),
    errorPoints:
      counted.described === 0
        ? null
        : Math.round(Math.sqrt(squares / counted.described) * ERROR_STEPS) / ERROR_STEPS,
    programme: programme === null ? null : { ...programme },
    model: model === null ? null : { ...model },
    hash: sha256(`[${said}]`),
  };
}

const NONE_READ = Object.fromEntries(READINGS.map((one) => [one, 0])) as Record<FibreReading, number>;

function errorOf(points: number): number {
  return Number.isFinite(points) ? Math.min(ERROR_MAX_POINTS, Math.max(0, points)) : ERROR_MAX_POINTS;
}

function eventTime(ms: number): number {
  return Math.max(EVENT_TIME_MIN_MS, Math.trunc(ms));
}
