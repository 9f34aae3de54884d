/**
 * Whose material the scales of a line count: what goes over the infeed scale comes from the lots at the infeed, in
 * proportion to what is left of them; what falls into a bin is taken out of what the line holds, perfectly mixed. What
 * nothing there accounts for is the line's difference.
 */
import { account, binAccount, UNKNOWN_LOT } from '@trame/protocol/material/accounts';
import { SHARES_MAX, type Share } from '@trame/protocol/material/move';
import { sum, takeShares } from '../shares.ts';
import type { Entry } from './accounts-book.ts';
import type { Happened } from './happened.ts';
import type { MaterialRows } from './material-rows.ts';
import { clearInfeed } from './work-rows.ts';

/** What the devices of a line counted in one period, grams. */
export interface Counted {
  /** Over the infeed scale. */
  readonly inputGrams: number;
  readonly outlets: readonly { readonly outlet: string; readonly grams: number }[];
}

export function attributeCounts(rows: MaterialRows, happened: Happened, counted: Counted): void {
  const entry = rows.book.begin(happened);
  fill(rows, entry, counted.inputGrams);
  for (const { outlet, grams } of counted.outlets) empty(rows, entry, outlet, grams);
}

/** From the infeed on the line. */
function fill(rows: MaterialRows, entry: Entry, grams: number): void {
  if (grams <= 0) return;
  const { line } = entry.happened;
  const to = account('line', line);
  // Its accounts are taken from like the lots of a mixture.
  const there = rows
    .infeedOf(line)
    .map((row) => ({ lot: row.account, grams: rows.book.grams(row.account) }))
    .filter((one) => one.grams > 0);
  const { shares, missing } = takeUpTo(there, grams);
  for (const { lot: from, grams: part } of shares) {
    move(rows, entry, from, to, takeUpTo(rows.book.contents(from), part).shares);
  }
  moveUnknown(rows, entry, to, missing);
  clearInfeed(rows, line);
}

/** From the line into a bin. */
function empty(rows: MaterialRows, entry: Entry, outlet: string, grams: number): void {
  if (grams <= 0) return;
  const { line } = entry.happened;
  const from = account('line', line);
  const { shares, missing } = takeUpTo(rows.book.contents(from), grams);
  move(rows, entry, from, binAccount(line, outlet), shares);
  moveUnknown(rows, entry, from, missing);
  if (missing > 0) {
    move(rows, entry, from, binAccount(line, outlet), [{ lot: UNKNOWN_LOT, grams: missing }]);
  }
}

function moveUnknown(rows: MaterialRows, entry: Entry, to: string, grams: number): void {
  if (grams <= 0) return;
  move(rows, entry, account('difference', entry.happened.line), to, [{ lot: UNKNOWN_LOT, grams }]);
}

function move(rows: MaterialRows, entry: Entry, from: string, to: string, shares: readonly Share[]): void {
  if (shares.length > 0) rows.book.move(entry, { from, to, shares: [...shares] });
}

/**
 * @returns shares of all that is there, or of so much of it; and what is missing. Of more lots than one movement tells
 * apart, the largest are taken first.
 */
function takeUpTo(contents: readonly Share[], grams: number): { shares: Share[]; missing: number } {
  const there = sum(contents);
  if (grams >= there) return { shares: [...contents], missing: grams - there };
  const shares: Share[] = [];
  const rest = [...contents].sort((a, b) => b.grams - a.grams || (a.lot < b.lot ? -1 : 1));
  for (let left = grams; left > 0;) {
    const largest = rest.splice(0, SHARES_MAX);
    const part = Math.min(left, sum(largest));
    shares.push(...takeShares(largest, part));
    left -= part;
  }
  return { shares, missing: 0 };
}
