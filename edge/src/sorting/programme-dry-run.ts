/**
 * `programme.dryRun`: what a programme would have done with what was sorted already. Nothing is sorted by it.
 *
 * It is compared with what was decided, not with where a piece fell: a verdict that comes too late comes too late under any
 * programme. Outlets that share a number at the sorter are one bin, told by the name by which pieces are told as well: sent from one
 * to the other, nothing changes place.
 */
import { ASSUMED_PIECE_G } from '@trame/protocol/classification/composition-names';
import {
  DRY_RUN_ITEMS_MAX,
  PROGRAMME_DRY_RUN,
  ProgrammeDryRunArgs,
  type ProgrammeDryRunData,
} from '@trame/protocol/classification/item-requests';
import { newDryRun } from '@trame/protocol/sort-programmes/dry-run';
import { outletAt, type SortingConfig } from '../domain/sorting-config.ts';
import type { Clock } from '../ports/clock.ts';
import { ItemsUnavailable, type ItemStore } from '../ports/item-store.ts';
import type { ReadAnswer, ReadCommand } from '../ports/read-command.ts';
import { slept } from '../ports/slept.ts';
import { findingWords, judgeProgramme } from './judge-programme.ts';
import { decidedOn } from './sort-piece.ts';

export interface DryRunOptions {
  readonly items: Pick<ItemStore, 'itemsOfTime'>;
  readonly sorting: Pick<SortingConfig, 'outlets' | 'fallback'>;
  readonly clock: Clock;
}

/** Pieces after which the sorter has its turn. */
const PIECES_AT_ONCE = 200;
const TURN_MS = 1;

export function programmeDryRun(options: DryRunOptions): ReadCommand {
  return {
    command: PROGRAMME_DRY_RUN,
    args: ProgrammeDryRunArgs,
    read: (args, signal) => answerOf(args as ProgrammeDryRunArgs, options, signal),
  };
}

async function answerOf(
  { programme, from: fromMs, to: toMs }: ProgrammeDryRunArgs,
  { items, sorting, clock }: DryRunOptions,
  signal: AbortSignal,
): Promise<ReadAnswer> {
  if (toMs < fromMs) return { kind: 'refused', detail: 'the time ends before it begins' };
  const judgement = judgeProgramme(programme, Object.keys(sorting.outlets));
  if (judgement.kind === 'refused') {
    return { kind: 'refused', refusal: 'bad-programme', detail: findingWords(judgement.findings) };
  }
  const { compiled } = judgement.usable;
  const binOf = (outlet: string): string => {
    const number = sorting.outlets[outlet];
    // One that was taken out of the configuration since.
    return number === undefined ? outlet : outletAt(sorting, number);
  };
  const run = newDryRun(compiled, (each) => {
    const { outlet, rule } = decidedOn(each, compiled, sorting.fallback);
    return { outlet: binOf(outlet), rule };
  });
  let [pieces, assumedWeights] = [0, 0];
  try {
    // One more than is looked at tells whether there are more.
    for (const { facts, decided } of items.itemsOfTime({ fromMs, toMs }, DRY_RUN_ITEMS_MAX + 1)) {
      pieces += 1;
      if (pieces > DRY_RUN_ITEMS_MAX) break;
      if (facts.weightG === null) assumedWeights += 1;
      run.add({ facts, grams: facts.weightG ?? ASSUMED_PIECE_G, was: binOf(decided) });
      if (pieces % PIECES_AT_ONCE !== 0) continue;
      if (!(await slept(clock, TURN_MS, signal))) return { kind: 'refused', detail: 'the edge ends' };
    }
  } catch (error) {
    if (!(error instanceof ItemsUnavailable)) throw error;
    return { kind: 'refused', refusal: 'items-away', detail: error.message };
  }
  const data: ProgrammeDryRunData = {
    report: run.report(),
    assumedWeights,
    isWhole: pieces <= DRY_RUN_ITEMS_MAX,
  };
  return { kind: 'data', data };
}
