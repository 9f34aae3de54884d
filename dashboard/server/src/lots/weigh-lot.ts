/**
 * The weight of a whole lot: the weighbridge says it late, or what was said before is set right. What is corrected
 * comes from where the lot came from, and changes what is left of it; what has gone on is not followed.
 */
import { account } from '@trame/protocol/material/accounts';
import type { LotWeighBody } from '@trame/protocol/material/lot-acts';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import type { MaterialBook } from '../material/material-book.ts';
import type { LotTable } from '../material/material-tables.ts';
import { resolveWeight } from '../material/resolve-weight.ts';
import { openLot, type OpenLot } from './lot-places.ts';
import { changeMoves, lateMoves, type Load } from './weight-change.ts';

/** Of which nothing lies under its own name any more, and whose weight may still come. */
const GONE: readonly string[] = ['refused', 'returned', 'merged'];

/** @param lot its id. */
export const weighLot: Decide<LotWeighBody> = async (context, body, lot) => {
  const found = await weighableLot(context.book, lot);
  if (found.kind === 'refused') return found;
  const { row } = found;
  const wrong = orderRefusal(row, body.corrects);
  if (wrong !== null) return wrong;
  const part = loadOf(row, body.container);
  if (part.kind === 'refused') return part;
  const before = part.load;
  const resolved = await resolveWeight(context, body.weight, {
    tareGrams: await tareOf(context, before),
    use: 'reception',
    ...(body.corrects === undefined ? {} : { claimant: account('lot', lot) }),
  });
  if (resolved.kind === 'refused') return resolved;
  const { grossGrams, tareGrams, weight, warnings } = resolved;
  const doubled = before === null ? null : doubledRefusal(row, before, weight.weighing);
  if (doubled !== null) return doubled;
  const netGrams = wholeGrams(row, before, resolved.netGrams, body.withoutRefused ?? false);
  const isLate = row.receivedGrams === null;
  if (isLate && netGrams < row.refusedGrams) {
    return refused('more-than-there-is', `${row.refusedGrams} g of lot ${lot} were refused already`, {
      from: lot,
      grams: row.refusedGrams,
      thereGrams: netGrams,
    });
  }
  const moves = isLate
    ? lateMoves(row, netGrams - row.refusedGrams)
    : await changeMoves(context, row, netGrams - (row.receivedGrams ?? 0), before);
  const payload = {
    lot,
    netGrams,
    weight,
    reason: isLate ? ('late' as const) : ('correction' as const),
    corrects: isLate ? null : row.weightEvent,
    ...(before === null
      ? {}
      : {
          load: { container: before.container, grossGrams, tareGrams, netGrams: resolved.netGrams, weight },
        }),
    moves,
  };
  const draft = { type: 'lot.weighed', occurredAt: context.occurredAt, payload } as const;
  return recording(lot, [draft], { number: row.number, warnings });
};

/** A weighbridge ticket comes late: what was refused, sent back or merged meanwhile has a weight all the same. */
async function weighableLot(book: MaterialBook, lot: string): Promise<OpenLot> {
  const row = await book.lot(lot);
  const isGone = row !== undefined && GONE.includes(row.status) && row.kind === 'received';
  return isGone ? { kind: 'lot', row } : openLot(book, lot);
}

/** @param container of the one weighing that is corrected; left out: the whole lot is weighed. */
function loadOf(
  { lot, loads }: LotTable,
  container: string | null | undefined,
): { readonly kind: 'load'; readonly load: Load | null } | Refused {
  if (container === undefined) return { kind: 'load', load: null };
  const found = (JSON.parse(loads) as Load[]).filter((load) => load.container === container);
  const [load] = found;
  if (load !== undefined && found.length === 1) return { kind: 'load', load };
  return load === undefined
    ? refused('nothing-there', `nothing of lot ${lot} was weighed in ${container ?? 'no container'}`, {
        lot,
        container: container ?? '',
      })
    : refused('wrong-state', `lot ${lot} was weighed loose several times: correct the whole of it`, {
        lot,
        state: 'several-loads',
      });
}

async function tareOf({ book }: ActContext, load: Load | null): Promise<number | null> {
  if (load === null || load.container === null) return null;
  return load.tareGrams ?? (await book.container(load.container))?.tareGrams ?? null;
}

/** The weighing of another load of the delivery is not that of this one. */
function doubledRefusal({ lot, loads }: LotTable, own: Load, weighing: string | null): Refused | null {
  if (weighing === null || weighing === own.weight.weighing) return null;
  return (JSON.parse(loads) as Load[]).some((load) => load.weight.weighing === weighing)
    ? refused('weighing-claimed', `weighing «${weighing}» is that of another load of lot ${lot}`, {
        weighing,
        by: account('lot', lot),
      })
    : null;
}

function wholeGrams(row: LotTable, load: Load | null, grams: number, withoutRefused: boolean): number {
  if (load !== null) return (row.receivedGrams ?? 0) - load.netGrams + grams;
  return grams + (withoutRefused ? row.refusedGrams : 0);
}

/** Two people who enter the same ticket must not make a correction of it. */
function orderRefusal(row: LotTable, corrects: string | undefined): Refused | null {
  const { lot, receivedGrams, weightEvent } = row;
  if (receivedGrams === null) {
    return corrects === undefined
      ? null
      : refused('wrong-state', `lot ${lot} has no weight to be corrected`, { lot, state: 'not-weighed' });
  }
  if (corrects === undefined) {
    return refused('already-done', `lot ${lot} weighs ${receivedGrams} g already: say what is corrected`, {
      lot,
      grams: receivedGrams,
    });
  }
  return corrects === weightEvent
    ? null
    : refused('wrong-state', `the weight of lot ${lot} is not that of «${corrects}» any more`, {
        lot,
        state: 'corrected',
      });
}
