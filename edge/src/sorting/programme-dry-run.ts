/** `programme.dryRun`: what a programme would have done with what was sorted already. Nothing is sorted by it. */
import { ASSUMED_PIECE_G } from '@trame/protocol/classification/composition-names';
import {
  DRY_RUN_ITEMS_MAX,
  PROGRAMME_DRY_RUN,
  ProgrammeDryRunArgs,
  type ProgrammeDryRunData,
} from '@trame/protocol/classification/item-requests';
import { newDryRun } from '@trame/protocol/sort-programmes/dry-run';
import type { Clock } from '../ports/clock.ts';
import { ItemsUnavailable, type ItemStore } from '../ports/item-store.ts';
import type { ReadAnswer, ReadCommand } from '../ports/read-command.ts';
import { slept } from '../ports/slept.ts';
import { findingWords, judgeProgramme } from './judge-programme.ts';

export interface DryRunOptions {
  readonly items: Pick<ItemStore, 'itemsOfTime'>;
  readonly outlets: readonly string[];
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
  { items, outlets, clock }: DryRunOptions,
  signal: AbortSignal,
): Promise<ReadAnswer> {
  if (toMs < fromMs) return { kind: 'refused', detail: 'the time ends before it begins' };
  const judgement = judgeProgramme(programme, outlets);
  if (judgement.kind === 'refused') {
    return { kind: 'refused', refusal: 'bad-programme', detail: findingWords(judgement.findings) };
  }
  const run = newDryRun(judgement.usable.compiled);
  let [pieces, assumedWeights] = [0, 0];
  try {
    // One more than is looked at tells whether there are more.
    for (const { facts, outlet } of items.itemsOfTime({ fromMs, toMs }, DRY_RUN_ITEMS_MAX + 1)) {
      pieces += 1;
      if (pieces > DRY_RUN_ITEMS_MAX) break;
      if (facts.weightG === null) assumedWeights += 1;
      run.add({ facts, grams: facts.weightG ?? ASSUMED_PIECE_G, was: outlet });
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
