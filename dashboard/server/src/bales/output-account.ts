/** What an output holds, takes and gives back, as movements of the book. */
import { account, binAccount, UNKNOWN_LOT } from '@trame/protocol/material/accounts';
import type { Move, Share } from '@trame/protocol/material/move';
import type { ActContext } from '../material/decision.ts';
import type { OutputTable, PostingTable } from '../material/material-tables.ts';
import { joinShares, movesOfShares, shareOut, sum, takeMoves, withoutShares } from '../material/shares.ts';

export type OutputPlace = Pick<OutputTable, 'output' | 'line' | 'outlet'>;

export function outputAccount({ output }: Pick<OutputTable, 'output'>): string {
  return account('output', output);
}

/** @returns the movement of everything in there; none when it is empty. */
export function moveAll(from: string, to: string, contents: readonly Share[]): Move[] {
  return contents.length === 0 ? [] : [{ from, to, shares: null }];
}

export interface Taken {
  readonly moves: Move[];
  /** What is in no bin and on no line of the book: from the difference, in plain sight. */
  readonly shortGrams: number;
}

/** What lies where: the book, or the book once something more is carried into it. */
export type Contents = Pick<ActContext['book'], 'contents'>;

/**
 * An output takes its net from the bin of its outlet, then what is missing from the line, then what that line is said
 * to have lost (who tells it late finds the line emptied), then from the line's difference what is of no lot.
 */
export async function takeForOutput(book: Contents, place: OutputPlace, grams: number): Promise<Taken> {
  const { line, outlet } = place;
  return takeFrom(book, place, [binAccount(line, outlet), account('line', line)], grams, new Map());
}

/**
 * A weight set right takes what the wrong one had taken and gave back, and what is missing from the same places.
 * @param bins from which more may be taken: none when it was of another outlet, and nobody knows of which.
 * @param back what the wrong weight took, given back in the same event, by account.
 */
export async function takeAgain(
  book: Contents,
  place: OutputPlace,
  bins: readonly string[],
  grams: number,
  back: ReadonlyMap<string, readonly Share[]>,
): Promise<Taken> {
  const into = outputAccount(place);
  const difference = account('difference', place.line);
  const moves: Move[] = [];
  const spare = new Map(back);
  let left = grams;
  for (const [from, shares] of back) {
    if (from === difference) continue;
    const own = takeMoves(from, into, shares, Math.min(left, sum(shares)));
    moves.push(...own);
    const taken = own.flatMap((move) => move.shares ?? []);
    spare.set(from, withoutShares(shares, taken));
    left -= sum(taken);
  }
  const from = [...bins, account('line', place.line)];
  const rest = await takeFrom(book, place, from, left, spare);
  return { moves: [...moves, ...rest.moves], shortGrams: rest.shortGrams };
}

/** @param back what the same event gives back before, and does not take again otherwise. */
async function takeFrom(
  book: Contents,
  place: OutputPlace,
  accounts: readonly string[],
  grams: number,
  back: ReadonlyMap<string, readonly Share[]>,
): Promise<Taken> {
  const into = outputAccount(place);
  const difference = account('difference', place.line);
  const moves: Move[] = [];
  let left = grams;
  for (const from of [...accounts, difference]) {
    const there = joinShares(await book.contents(from), back.get(from) ?? []);
    const takenGrams = Math.min(left, sum(there));
    moves.push(...takeMoves(from, into, there, takenGrams));
    left -= takenGrams;
  }
  if (left > 0) moves.push(...movesOfShares(difference, into, [{ lot: UNKNOWN_LOT, grams: left }]));
  return { moves, shortGrams: left };
}

/**
 * The same thing weighs more or less than before: the change is the line's difference, and of what is in it.
 * @param contents above nothing.
 * @param changeGrams signed; at most all of it is taken off.
 */
export function changeMoves(place: OutputPlace, contents: readonly Share[], changeGrams: number): Move[] {
  const difference = account('difference', place.line);
  const into = outputAccount(place);
  if (changeGrams < 0) return takeMoves(into, difference, contents, -changeGrams);
  return movesOfShares(difference, into, shareOut(contents, changeGrams));
}

/** @returns what came in from every other account, less what went back there: grams by lot. */
export function netFlows(
  postings: readonly PostingTable[],
  into: string,
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const flows = new Map<string, Map<string, number>>();
  for (const { fromAccount, toAccount, lot, grams } of postings) {
    const other = toAccount === into ? fromAccount : toAccount;
    const signed = toAccount === into ? grams : -grams;
    const lots = flows.get(other) ?? new Map<string, number>();
    flows.set(other, lots.set(lot, (lots.get(lot) ?? 0) + signed));
  }
  return flows;
}

/** @returns what went out to an account and has not come back: shares. */
export function stillAt(postings: readonly PostingTable[], of: string, where: string): Share[] {
  const lots = netFlows(postings, of).get(where) ?? new Map<string, number>();
  return [...lots].filter(([, grams]) => grams < 0).map(([lot, grams]) => ({ lot, grams: -grams }));
}

export interface GivenBack {
  readonly moves: Move[];
  /** By account that it went to. */
  readonly back: ReadonlyMap<string, readonly Share[]>;
  /** What is in it then. */
  readonly rest: Share[];
}

/**
 * Everything goes back where it came from, as far as it is still there: to the bin first, last to the difference.
 * @param flows what came in, see {@link netFlows}.
 */
export function giveBack(
  place: OutputPlace,
  contents: readonly Share[],
  flows: ReadonlyMap<string, ReadonlyMap<string, number>>,
): GivenBack {
  const from = outputAccount(place);
  const held = new Map(contents.map(({ lot, grams }) => [lot, grams]));
  const moves: Move[] = [];
  // What it gave away before comes back first.
  for (const [other, lots] of flows) {
    const shares = [...lots].filter(([, grams]) => grams < 0).map(([lot, grams]) => ({ lot, grams: -grams }));
    for (const { lot, grams } of shares) held.set(lot, (held.get(lot) ?? 0) + grams);
    moves.push(...movesOfShares(other, from, shares));
  }
  const back = new Map<string, Share[]>();
  const ordered = [...flows].sort(([a], [b]) => rank(a) - rank(b));
  for (const [other, lots] of ordered) {
    const shares: Share[] = [];
    for (const [lot, came] of lots) {
      const grams = Math.min(came, held.get(lot) ?? 0);
      if (grams <= 0) continue;
      held.set(lot, (held.get(lot) ?? 0) - grams);
      shares.push({ lot, grams });
    }
    if (shares.length > 0) back.set(other, shares);
    moves.push(...movesOfShares(from, other, shares));
  }
  const rest = [...held].filter(([, grams]) => grams > 0).map(([lot, grams]) => ({ lot, grams }));
  return { moves, back, rest };
}

const BACK_ORDER = ['bin:', 'line:', 'difference:'];

function rank(name: string): number {
  const place = BACK_ORDER.findIndex((kind) => name.startsWith(kind));
  return place === -1 ? 1 : place;
}
