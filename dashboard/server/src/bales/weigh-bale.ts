/** `POST /bales/{id}/weigh`: the first weight, another one, or a wrong one set right. */
import type { BaleWeighBody } from '@trame/protocol/material/bale-acts';
import type { OutputStatus } from '@trame/protocol/material/material-names';
import {
  recording,
  refused,
  type ActContext,
  type Decide,
  type Decision,
  type Draft,
} from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import type { OutputTable } from '../material/material-tables.ts';
import { outletOf } from '../material/reference.ts';
import { resolveWeight, type ResolvedWeight } from '../material/resolve-weight.ts';
import { sum } from '../material/shares.ts';
import { correctedMoves } from './correct-weight.ts';
import { knownOutput } from './known-output.ts';
import { changeMoves, outputAccount, takeForOutput } from './output-account.ts';
import { firstLabel } from './output-code.ts';
import { chosenZone, placing } from './output-zone.ts';
import { swappedWith, swapWeighings } from './swap-weighings.ts';
import { weighedOutput, type WeighedOutput } from './weighed-output.ts';

const WEIGHABLE: readonly OutputStatus[] = ['started', 'pressed', 'to-weigh', 'stock'];

export const weighBale: Decide<BaleWeighBody> = async (context, body, target) => {
  const { corrects } = body;
  const statuses = corrects === undefined ? WEIGHABLE : [...WEIGHABLE, 'shipped' as const];
  const known = await knownOutput(context, target, statuses);
  if (known.kind === 'refused') return known;
  const { output } = known;
  if (corrects !== undefined && corrects !== output.weightEvent) {
    return refused('wrong-state', `«${corrects}» is not the weight of ${output.output} that holds`, {
      output: output.output,
      holds: output.weightEvent ?? '',
    });
  }
  const tareGrams =
    body.packagingGrams ??
    output.packagingGrams ??
    outletOf(context.reference, output.outlet)?.packagingGrams ??
    0;
  const swapped = await swappedWith(context, output, body);
  if (swapped !== null) return swapWeighings(context, body, output, tareGrams, swapped);
  const claimant = outputAccount(output);
  const weight = await resolveWeight(context, body.weight, { tareGrams, use: 'bale', claimant });
  if (weight.kind === 'refused') return weight;
  if (corrects !== undefined) return setRight(context, body, output, weight, corrects);
  return output.netGrams === null
    ? weighedFirst(context, body, output, weight)
    : weighedAgain(context, body, output, weight, output.netGrams);
};

/** Counts that are not said again stay as they were. */
function counted(body: BaleWeighBody, { pieces, pairs }: OutputTable): BaleWeighBody {
  return { ...body, pieces: body.pieces ?? pieces, pairs: body.pairs ?? pairs };
}

/** It enters stock. What was pressed together from others holds something already: the rest is a difference. */
async function weighedFirst(
  context: ActContext,
  body: BaleWeighBody,
  output: OutputTable,
  weight: ResolvedWeight,
): Promise<Decision> {
  const { netGrams } = weight;
  const contents = await context.book.contents(outputAccount(output));
  const { moves, shortGrams } =
    contents.length === 0
      ? await takeForOutput(context.book, output, netGrams)
      : { moves: changeMoves(output, contents, netGrams - sum(contents)), shortGrams: 0 };
  const change = { corrects: null, changeGrams: netGrams, moves };
  const weighed = weighedOutput(context, output, weight, counted(body, output), change);
  const { occurredAt } = context;
  const pressed: Draft[] =
    output.status === 'started'
      ? [{ type: 'output.pressed', occurredAt, payload: { output: output.output, toWeigh: false } }]
      : [];
  const zone = output.zone === null ? chosenZone(context, undefined) : null;
  const placed = await placing(context, output.output, zone?.kind === 'zone' ? zone.zone : null, netGrams);
  const label = await firstLabel(context, output);
  return fitting(
    recording(output.output, [...pressed, weighed.draft, ...label, ...placed.drafts], {
      number: output.number,
      warnings: [...weighed.warnings, ...(shortGrams > 0 ? ['heavier-than-source'] : []), ...placed.warnings],
    }),
  );
}

async function weighedAgain(
  context: ActContext,
  body: BaleWeighBody,
  output: OutputTable,
  weight: ResolvedWeight,
  beforeGrams: number,
): Promise<Decision> {
  const contents = await context.book.contents(outputAccount(output));
  const moves = changeMoves(output, contents, weight.netGrams - sum(contents));
  const change = { corrects: null, changeGrams: weight.netGrams - beforeGrams, moves };
  return alone(output, weighedOutput(context, output, weight, counted(body, output), change));
}

async function setRight(
  context: ActContext,
  body: BaleWeighBody,
  output: OutputTable,
  weight: ResolvedWeight,
  corrects: string,
): Promise<Decision> {
  const corrected = await correctedMoves(context, output, corrects, weight.netGrams);
  if (corrected.kind === 'refused') return corrected;
  const { changeGrams, moves } = corrected;
  const change = { corrects, changeGrams, moves };
  const weighed = weighedOutput(context, output, weight, counted(body, output), change);
  const short = corrected.shortGrams > 0 ? ['heavier-than-source'] : [];
  return alone(output, { ...weighed, warnings: [...weighed.warnings, ...short] });
}

function alone({ output, number }: OutputTable, { draft, warnings }: WeighedOutput): Decision {
  return fitting(recording(output, [draft], { number, warnings }));
}
