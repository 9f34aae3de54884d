/**
 * `POST /stock/counts`: what stands in a zone, beside what the book says. Outputs that were named one by one go missing
 * or come back; a mere count leaves the book as it is and says the difference.
 */
import { account } from '@trame/protocol/material/accounts';
import type { StockCountBody } from '@trame/protocol/material/bale-acts';
import type { OutputStatus } from '@trame/protocol/material/material-names';
import type { Move } from '@trame/protocol/material/move';
import { foundAgain } from '../bales/found-again.ts';
import { wrongState } from '../bales/known-output.ts';
import { moveAll, outputAccount } from '../bales/output-account.ts';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import type { OutputTable } from '../material/material-tables.ts';
import { outletOf, zoneOf } from '../material/reference.ts';

/** Named in one count as missing, or as found. */
const NAMED_MAX = 500;
/** What may stand in a zone, whatever the book says of where it is. */
const STANDING: readonly OutputStatus[] = ['stock', 'to-weigh', 'missing'];
/** Seen, and not in the stock yet or no more: it is left out of the count. */
const IN_WORK: readonly OutputStatus[] = ['started', 'pressed', 'loaded'];

export const countStock: Decide<StockCountBody> = async (context, body) => {
  const { zone, outlet = null, reason = '' } = body;
  if (zoneOf(context.reference, zone) === undefined)
    return refused('unknown-zone', `no zone «${zone}»`, { zone });
  if (outlet !== null && outletOf(context.reference, outlet) === undefined)
    return refused('unknown-outlet', `no outlet «${outlet}»`, { outlet });
  const inZone = await context.book.outputsIn(zone);
  const booked = inZone.filter((output) => outlet === null || output.outlet === outlet);
  const seen = body.bales === undefined ? null : await seenOutputs(context, body.bales, outlet);
  if (seen !== null && seen.kind === 'refused') return seen;
  if (seen !== null && seen.outputs.length + seen.inWork !== body.count) {
    const named = seen.outputs.length + seen.inWork;
    return refused('count-differs', `${body.count} were counted, and ${named} named`, {
      counted: body.count,
      named,
    });
  }
  const count = body.count - (seen?.inWork ?? 0);
  const { missing, found } = told(booked, seen?.outputs ?? null);
  const bookedGrams = netOf(booked);
  const countedGrams = body.grams ?? (seen === null ? null : netOf(seen.outputs));
  const differenceGrams = countedGrams === null ? null : countedGrams - bookedGrams;
  const differs =
    count !== booked.length || missing.length > 0 || found.length > 0 || (differenceGrams ?? 0) !== 0;
  if (differs && reason.trim() === '') {
    return refused('reason-missing', `${count} counted where the book has ${booked.length}: say why`, {
      counted: count,
      booked: booked.length,
      differenceGrams: differenceGrams ?? 0,
    });
  }
  if (missing.length > NAMED_MAX || found.length > NAMED_MAX) {
    return refused('too-much-at-once', `${missing.length} missing and ${found.length} found at once`, {
      missing: missing.length,
      found: found.length,
      max: NAMED_MAX,
    });
  }
  const payload = {
    zone,
    outlet,
    bookedCount: booked.length,
    countedCount: count,
    bookedGrams,
    countedGrams,
    differenceGrams,
    reason,
    missing: missing.map(({ output }) => output),
    found: found.map(({ output }) => output),
    moves: await movesOf(context, missing, found),
  };
  const { occurredAt } = context;
  return fitting(
    recording(zone, [{ type: 'stock.counted', occurredAt, payload }], {
      warnings: [
        ...(differs ? ['stock-differs'] : []),
        ...((seen?.inWork ?? 0) > 0 ? ['in-work-not-counted'] : []),
      ],
    }),
  );
};

interface Seen {
  readonly kind: 'seen';
  readonly outputs: readonly OutputTable[];
  /** How many more are in the press or on a truck. */
  readonly inWork: number;
}

async function seenOutputs(
  { book }: ActContext,
  bales: readonly string[],
  outlet: string | null,
): Promise<Seen | Refused> {
  const ids = [...new Set(bales)];
  const known = new Map((await book.zones.outputs(ids)).map((output) => [output.output, output]));
  const outputs: OutputTable[] = [];
  let inWork = 0;
  for (const id of ids) {
    const output = known.get(id);
    if (output === undefined) return refused('unknown-output', `no output «${id}»`, { output: id });
    if (isOf(IN_WORK, output)) {
      inWork += 1;
      continue;
    }
    if (!isOf(STANDING, output)) return wrongState(output);
    if (outlet !== null && output.outlet !== outlet) {
      return refused('not-the-outlet', `${id} is of outlet «${output.outlet}», «${outlet}» is counted`, {
        output: id,
        outlet: output.outlet,
      });
    }
    outputs.push(output);
  }
  return { kind: 'seen', outputs, inWork };
}

function isOf(statuses: readonly OutputStatus[], { status }: OutputTable): boolean {
  return statuses.some((one) => one === status);
}

/** What was expected and is not named is missing; what is named and was not expected is found. */
function told(
  booked: readonly OutputTable[],
  seen: readonly OutputTable[] | null,
): { missing: OutputTable[]; found: OutputTable[] } {
  if (seen === null) return { missing: [], found: [] };
  const expected = new Set(booked.map(({ output }) => output));
  const named = new Set(seen.map(({ output }) => output));
  return {
    missing: booked.filter(({ output }) => !named.has(output)),
    found: seen.filter(({ output }) => !expected.has(output)),
  };
}

async function movesOf(
  context: ActContext,
  missing: readonly OutputTable[],
  found: readonly OutputTable[],
): Promise<Move[]> {
  const moves: Move[] = [];
  for (const output of missing) {
    const from = outputAccount(output);
    moves.push(...moveAll(from, account('missing', 'site'), await context.book.contents(from)));
  }
  // Of those that only stood elsewhere nothing is missing, so nothing moves.
  for (const output of found) moves.push(...(await foundAgain(context, output)).moves);
  return moves;
}

function netOf(outputs: readonly OutputTable[]): number {
  return outputs.reduce((grams, { netGrams }) => grams + (netGrams ?? 0), 0);
}
