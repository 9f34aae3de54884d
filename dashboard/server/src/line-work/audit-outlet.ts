/** A sample of an outlet is looked through piece by piece. What it says belongs to the outlet, never to a post. */
import type { AuditBody } from '@trame/protocol/material/line-acts';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import { outletOf } from '../material/reference.ts';
import { joinShares, sum } from '../material/shares.ts';
import { lineRefusal } from './known-line.ts';

/** @param line whose outlet it is. Nothing moves: the sample goes back where it was. */
export const auditOutlet: Decide<AuditBody> = async (context, body, line) => {
  const { outlet, sampledGrams } = body;
  const said = joinShares(body.misplaced.map((one) => ({ lot: one.outlet, grams: one.grams })));
  const wrong =
    lineRefusal(context, line) ??
    outletRefusal(context, [outlet, ...said.map(({ lot }) => lot)]) ??
    misplacedRefusal(outlet, sampledGrams, said);
  if (wrong !== null) return wrong;
  const misplaced = said.map(({ lot, grams }) => ({ outlet: lot, grams }));
  const payload = { line, outlet, sampledGrams, misplaced, note: body.note ?? '' };
  return recording(outlet, [{ type: 'outlet.audited', occurredAt: context.occurredAt, payload }]);
};

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
