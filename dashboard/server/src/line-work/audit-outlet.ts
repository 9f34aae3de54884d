/** A sample of an outlet is looked through piece by piece. What it says belongs to the outlet, never to a post. */
import { binAccount } from '@trame/protocol/material/accounts';
import type { AuditBody } from '@trame/protocol/material/line-acts';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import { outletOf } from '../material/reference.ts';
import { TYPED_GRAMS_MAX } from '../material/resolve-weight.ts';
import { joinShares, sum } from '../material/shares.ts';
import { monthStart, nextMonthStart } from '../tonnage/local-day.ts';
import { lineRefusal } from './known-line.ts';

/** A slip of the comma most likely: there was not so much to take the sample from. */
export const SAMPLE_ABOVE_SORTED = 'sample-above-sorted';

/** @param line whose outlet it is. Nothing moves: the sample goes back where it was. */
export const auditOutlet: Decide<AuditBody> = async (context, body, line) => {
  const { outlet, sampledGrams } = body;
  const said = joinShares(body.misplaced.map((one) => ({ lot: one.outlet, grams: one.grams })));
  const wrong =
    lineRefusal(context, line) ??
    massRefusal(sampledGrams) ??
    outletRefusal(context, [outlet, ...said.map(({ lot }) => lot)]) ??
    misplacedRefusal(outlet, sampledGrams, said);
  if (wrong !== null) return wrong;
  const misplaced = said.map(({ lot, grams }) => ({ outlet: lot, grams }));
  const payload = { line, outlet, sampledGrams, misplaced, note: body.note ?? '' };
  const warnings = (await isMoreThanSorted(context, line, body)) ? [SAMPLE_ABOVE_SORTED] : [];
  const drafts = [{ type: 'outlet.audited', occurredAt: context.occurredAt, payload }] as const;
  return recording(outlet, drafts, { warnings });
};

function massRefusal(grams: number): Refused | null {
  return grams <= TYPED_GRAMS_MAX
    ? null
    : refused('impossible-weight', `${grams} g is more than the ${TYPED_GRAMS_MAX} g that can be typed`, {
        grams,
        maxGrams: TYPED_GRAMS_MAX,
      });
}

/** What lies in the bin may have fallen the month before. */
async function isMoreThanSorted(
  { book, dayOf, occurredAt }: ActContext,
  line: string,
  { outlet, sampledGrams }: AuditBody,
): Promise<boolean> {
  const month = monthStart(dayOf(occurredAt));
  const sortedGrams = await book.diary.sortedInto(line, outlet, month, nextMonthStart(month));
  if (sampledGrams <= sortedGrams) return false;
  return sampledGrams > sum(await book.contents(binAccount(line, outlet)));
}

function outletRefusal({ reference }: ActContext, outlets: readonly string[]): Refused | null {
  const unknown = outlets.find((outlet) => outletOf(reference, outlet) === undefined);
  return unknown === undefined
    ? null
    : refused('unknown-outlet', `no outlet «${unknown}»`, { outlet: unknown });
}

function misplacedRefusal(
  outlet: string,
  sampledGrams: number,
  misplaced: readonly { readonly lot: string; readonly grams: number }[],
): Refused | null {
  if (misplaced.some(({ lot }) => lot === outlet)) {
    return refused('wrong-state', `what belongs to ${outlet} is not misplaced in it`, {
      outlet,
      state: 'own-outlet',
    });
  }
  const grams = sum(misplaced);
  return grams <= sampledGrams
    ? null
    : refused('more-than-there-is', `${grams} g misplaced in a sample of ${sampledGrams} g`, {
        from: outlet,
        grams,
        thereGrams: sampledGrams,
      });
}
