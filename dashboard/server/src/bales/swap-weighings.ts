/**
 * Two outputs that got each other's weighing: setting one of them right takes the weighing of the other, which gets that
 * of the first. Both are set right by one act, so that no weighing is ever that of two outputs.
 */
import type { BaleWeighBody } from '@trame/protocol/material/bale-acts';
import type { OutputStatus } from '@trame/protocol/material/material-names';
import { MovedContents } from '../line-work/moved-contents.ts';
import { recording, type ActContext, type Decision, type Draft, type Refused } from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import type { OutputTable } from '../material/material-tables.ts';
import { resolveWeight, type ResolvedWeight } from '../material/resolve-weight.ts';
import { correctedMoves } from './correct-weight.ts';
import { outputAccount, type Contents } from './output-account.ts';
import { weighedOutput, type SaidOfWeight } from './weighed-output.ts';

export const WEIGHINGS_SWAPPED = 'weighings-swapped';

/** In which the weight of the other can be set right. */
const SWAPPABLE: readonly OutputStatus[] = ['stock', 'shipped'];

export interface Swapped {
  readonly other: OutputTable;
  /** Event of the other's weight that holds. */
  readonly corrects: string;
  /** Weighing that the first has now, and the other gets. */
  readonly weighing: string;
}

/** @returns the output that has the weighing which is said to be this one's; null: none that could swap. */
export async function swappedWith(
  { book }: ActContext,
  output: OutputTable,
  { weight, corrects }: BaleWeighBody,
): Promise<Swapped | null> {
  if (weight.how !== 'scale' || corrects === undefined) return null;
  const claimedBy = (await book.weighing(weight.weighing))?.claimedBy ?? null;
  if (claimedBy === null || !claimedBy.startsWith('output:') || claimedBy === outputAccount(output))
    return null;
  const other = await book.output(claimedBy.slice('output:'.length));
  if (other === undefined || other.weightEvent === null) return null;
  if (!SWAPPABLE.some((status) => status === other.status)) return null;
  const [own, its] = [await book.claimedBy(corrects), await book.claimedBy(other.weightEvent)];
  return own === null || its !== weight.weighing
    ? null
    : { other, corrects: other.weightEvent, weighing: own };
}

/** @param tareGrams packaging of the first; the other keeps its own. */
export async function swapWeighings(
  context: ActContext,
  body: BaleWeighBody,
  output: OutputTable,
  tareGrams: number,
  { other, corrects, weighing }: Swapped,
): Promise<Decision> {
  const weight = await resolveWeight(context, body.weight, {
    tareGrams,
    use: 'bale',
    claimant: outputAccount(other),
  });
  if (weight.kind === 'refused') return weight;
  const itsWeight = await resolveWeight(
    context,
    { how: 'scale', weighing },
    { tareGrams: other.packagingGrams, use: 'bale', claimant: outputAccount(output) },
  );
  if (itsWeight.kind === 'refused') return itsWeight;
  const { pieces, pairs } = output;
  const said = { ...body, pieces: body.pieces ?? pieces, pairs: body.pairs ?? pairs };
  const itsSaid = { pieces: other.pieces, pairs: other.pairs };
  const there = new MovedContents(context.book);
  const first = () => right(context, output, body.corrects ?? '', weight, said, there);
  const second = () => right(context, other, corrects, itsWeight, itsSaid, there);
  // What one gives back, the other takes.
  const ordered = weight.netGrams > (output.netGrams ?? 0) ? [second, first] : [first, second];
  const drafts: Draft[] = [];
  const warnings: string[] = [];
  for (const setRight of ordered) {
    const done = await setRight();
    if (done.kind === 'refused') return done;
    drafts.push(done.draft);
    warnings.push(...done.warnings);
  }
  return fitting(
    recording(output.output, drafts, {
      number: output.number,
      warnings: [...new Set([...warnings, WEIGHINGS_SWAPPED])],
    }),
  );
}

interface Right {
  readonly kind: 'right';
  readonly draft: Draft;
  readonly warnings: readonly string[];
}

/** @param there what lies where; what is set right is carried into it. */
async function right(
  context: ActContext,
  output: OutputTable,
  corrects: string,
  weight: ResolvedWeight,
  said: SaidOfWeight,
  there: Contents & Pick<MovedContents, 'carry'>,
): Promise<Right | Refused> {
  const corrected = await correctedMoves(context, output, corrects, weight.netGrams, there);
  if (corrected.kind === 'refused') return corrected;
  const { moves, changeGrams, shortGrams } = corrected;
  for (const move of moves) await there.carry(move);
  const { draft, warnings } = weighedOutput(context, output, weight, said, { corrects, changeGrams, moves });
  return {
    kind: 'right',
    draft,
    warnings: [...warnings, ...(shortGrams > 0 ? ['heavier-than-source'] : [])],
  };
}
