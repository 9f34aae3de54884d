/** Trolleys filled, moved and emptied, bins fed by hand: from one place of the site to another. */
import { account, accountKind, accountName } from '@trame/protocol/material/accounts';
import type { MoveBody } from '@trame/protocol/material/line-acts';
import type { MassMoved } from '@trame/protocol/material/line-events';
import type { Move, Share } from '@trame/protocol/material/move';
import { weightLimitGrams } from '../bales/weight-limit.ts';
import { weighedJustNow } from '../containers/weighed-just-now.ts';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import type { ContainerTable } from '../material/material-tables.ts';
import { resolveWeight } from '../material/resolve-weight.ts';
import { movesOfShares, sum, withoutShares } from '../material/shares.ts';
import { lineOfAccount } from './known-line.ts';
import { movableRefusal } from './movable-account.ts';
import { reverseMove } from './reverse-move.ts';
import { takeByHand } from './take-by-hand.ts';

interface Book {
  contents(account: string): Promise<Share[]>;
}

/** Weighed, estimated, or all of it; `heavier-than-source`: the book had less where it came from. */
export const moveMass: Decide<MoveBody> = async (context, body) => {
  const { from, to, corrects } = body;
  if (from === to) return refused('wrong-state', `${from} is where it is already`, { state: 'same', from });
  const wrong =
    (await movableRefusal(context, from)) ??
    (await movableRefusal(context, to)) ??
    countedTwiceRefusal(context, from, to);
  if (wrong !== null) return wrong;
  const reversed = corrects === undefined ? null : await reverseMove(context, corrects);
  if (reversed?.kind === 'refused') return reversed;
  const book: Book = reversed?.after ?? context.book;
  const amount = await amountOf(context, book, body);
  if (amount.kind === 'refused') return amount;
  const { counted, grams, weight, moves, warnings } = amount;
  const entry = body.entry ?? 'screen';
  const payload = {
    from,
    to,
    counted,
    grams,
    weight,
    entry,
    corrects: corrects ?? null,
    ...(body.sortedBefore === true ? { sortedBefore: true as const } : {}),
    moves: [...(reversed?.moves ?? []), ...moves],
  };
  const draft = { type: 'mass.moved', occurredAt: context.occurredAt, payload } as const;
  return recording(accountName(to), [draft], { warnings });
};

/** What is tipped in at the infeed is counted by its scale, whoever says so: it is put on the line there. */
function countedTwiceRefusal({ reference }: ActContext, from: string, to: string): Refused | null {
  const line = accountName(to);
  if (accountKind(to) !== 'line' || !reference.countedInfeeds.has(line)) return null;
  if (!['lot', 'container'].includes(accountKind(from))) return null;
  return refused('wrong-state', `the infeed scale of ${line} counts what goes on: it would count twice`, {
    line,
    state: 'counted-infeed',
  });
}

interface Amount extends Pick<MassMoved, 'counted' | 'grams' | 'weight'> {
  readonly kind: 'amount';
  readonly moves: readonly Move[];
  readonly warnings: readonly string[];
}

async function amountOf(context: ActContext, book: Book, body: MoveBody): Promise<Amount | Refused> {
  const { from, to } = body;
  if (body.weight != null) return weighedAmount(context, book, body, body.weight);
  if (body.grams != null) {
    const taken = await takeByHand(book, from, to, body.grams);
    if (taken.kind === 'refused') return taken;
    const { moves, shortGrams } = taken;
    const grams = body.grams;
    return { kind: 'amount', counted: 'estimated', grams, weight: null, moves, warnings: short(shortGrams) };
  }
  const grams = sum(await book.contents(from));
  if (grams === 0) return refused('nothing-there', `nothing is in ${from}`, { from });
  const moves = [{ from, to, shares: null }];
  return { kind: 'amount', counted: 'all', grams, weight: null, moves, warnings: [] };
}

async function weighedAmount(
  context: ActContext,
  book: Book,
  { from, to, corrects, emptied }: MoveBody,
  weightBody: NonNullable<MoveBody['weight']>,
): Promise<Amount | Refused> {
  const weighed = await weighedContainer(context, from, to);
  const again = corrects !== undefined || weighed === null;
  const wrong = (again ? null : weighedJustNow(weighed, context.occurredAt)) ?? (await fullRefusal(book, to));
  if (wrong !== null) return wrong;
  const resolved = await resolveWeight(context, weightBody, {
    tareGrams: weighed?.tareGrams ?? null,
    use: 'reception',
    ...(await ownClaim(context, weightBody, corrects)),
  });
  if (resolved.kind === 'refused') return resolved;
  const { grossGrams, netGrams, weight, warnings } = resolved;
  const taken = await takeByHand(book, from, to, netGrams);
  if (taken.kind === 'refused') return taken;
  const wasWeighed = weighed !== null && accountName(from) === weighed.container;
  const isEmpty = wasWeighed && (emptied ?? grossGrams !== null);
  const rest = isEmpty ? withoutShares(await book.contents(from), takenFrom(from, taken.moves)) : [];
  const restGrams = sum(rest);
  const differs = restGrams > weightLimitGrams(netGrams, weight.intervalGrams);
  return {
    kind: 'amount',
    counted: 'weighed',
    grams: netGrams,
    weight,
    moves: [...taken.moves, ...movesOfShares(from, account('difference', lineOfAccount(to) ?? 'site'), rest)],
    warnings: [...warnings, ...short(taken.shortGrams), ...(differs ? ['weight-differs'] : [])],
  };
}

function takenFrom(from: string, moves: readonly Move[]): Share[] {
  return moves.flatMap((move) => (move.from === from ? (move.shares ?? []) : []));
}

/** The weighing of the movement that is corrected is told again, wherever it is said to have gone now. */
async function ownClaim(
  { book }: ActContext,
  weight: NonNullable<MoveBody['weight']>,
  corrects: string | undefined,
): Promise<{ readonly claimant?: string }> {
  if (corrects === undefined || weight.how !== 'scale') return {};
  if ((await book.diary.claimOf(corrects)) !== weight.weighing) return {};
  const claimant = (await book.weighing(weight.weighing))?.claimedBy ?? null;
  return claimant === null ? {} : { claimant };
}

/** A trolley stands on the scale when it was filled, or before it is emptied. */
async function weighedContainer(
  { book }: ActContext,
  from: string,
  to: string,
): Promise<ContainerTable | null> {
  const name = [to, from].find((one) => accountKind(one) === 'container');
  return name === undefined ? null : ((await book.container(accountName(name))) ?? null);
}

/** What lay in it before would be weighed with what comes in. */
async function fullRefusal(book: Book, to: string): Promise<Refused | null> {
  if (accountKind(to) !== 'container') return null;
  const grams = sum(await book.contents(to));
  if (grams === 0) return null;
  const container = accountName(to);
  return refused('not-empty', `«${container}» holds ${grams} g already: say what was added instead`, {
    container,
    grams,
  });
}

function short(grams: number): string[] {
  return grams > 0 ? ['heavier-than-source'] : [];
}
