/** What each account is in a balance: what came in, went out, lies in stock, or is the residual. Pure. */
import type { BalanceRow } from '@trame/protocol/material/material-answers';

export type Bucket = 'in' | 'out' | 'refused' | 'water' | 'missing' | 'residual' | 'stock';

/** Accounts from one name (included) to another (excluded), compared byte by byte. */
export interface AccountRange {
  readonly from: string;
  readonly to: string;
  readonly bucket: Bucket;
}

export interface Buckets {
  readonly ranges: readonly AccountRange[];
  /** Of what is in no range. */
  readonly rest: Bucket;
}

/** All accounts of one kind lie between its colon and the sign after it. */
function kind(name: string, bucket: Bucket): AccountRange {
  return { from: `${name}:`, to: `${name};`, bucket };
}

const BEYOND = [
  kind('returned', 'refused'),
  kind('water', 'water'),
  kind('missing', 'missing'),
  kind('client', 'out'),
];

/** Of the site: what collectors brought is in, what clients got is out, everything that is held is stock. */
export const SITE_BUCKETS: Buckets = {
  ranges: [...BEYOND, kind('collector', 'in'), kind('difference', 'residual')],
  rest: 'stock',
};

/** What lies on the line itself and in its bins. */
export function lineRanges(line: string): readonly AccountRange[] {
  return [
    { from: `line:${line}`, to: `line:${line} `, bucket: 'stock' },
    // No name has a sign as low as a space; «0» is the sign after «/».
    { from: `bin:${line}/`, to: `bin:${line}0`, bucket: 'stock' },
    { from: `difference:${line}`, to: `difference:${line} `, bucket: 'residual' },
  ];
}

/**
 * Of one line: what was put on it from lots and containers is in, what was weighed out into outputs is out, what lies on
 * it and in its bins is stock.
 */
export function lineBuckets(line: string): Buckets {
  return { ranges: [...lineRanges(line), ...BEYOND, kind('output', 'out')], rest: 'in' };
}

/** Grams that went from one bucket to another. */
export interface Flow {
  readonly from: Bucket;
  readonly to: Bucket;
  readonly grams: number;
}

export type BalanceFigures = Pick<
  BalanceRow,
  | 'inGrams'
  | 'outGrams'
  | 'refusedGrams'
  | 'waterGrams'
  | 'missingGrams'
  | 'stockChangeGrams'
  | 'residualGrams'
>;

/** @returns figures of which in = out + refused + water + missing + change of stock + residual, always. */
export function figuresOf(flows: readonly Flow[]): BalanceFigures {
  const net: Record<Bucket, number> = {
    in: 0,
    out: 0,
    refused: 0,
    water: 0,
    missing: 0,
    residual: 0,
    stock: 0,
  };
  for (const { from, to, grams } of flows) {
    net[from] -= grams;
    net[to] += grams;
  }
  return {
    // Written so that nothing is 0, not -0.
    inGrams: 0 - net.in,
    outGrams: net.out,
    refusedGrams: net.refused,
    waterGrams: net.water,
    missingGrams: net.missing,
    stockChangeGrams: net.stock,
    residualGrams: net.residual,
  };
}
