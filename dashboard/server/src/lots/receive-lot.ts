/** A delivery is received: weighed container by container, loose, or later. */
import { account, UNKNOWN_COLLECTOR } from '@trame/protocol/material/accounts';
import type { LotBody } from '@trame/protocol/material/lot-acts';
import type { ProductFamily } from '@trame/protocol/material/material-names';
import type { Move } from '@trame/protocol/material/move';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import { usualZone, zoneOf } from '../material/reference.ts';
import { zoneWarnings } from '../material/zone-fill.ts';
import { missingDocument } from '../notes/stored-documents.ts';
import { originOf } from './lot-origin.ts';
import { weighLoads } from './weigh-loads.ts';

/** What the register calls it and its waste code, where nobody says otherwise. */
const USUAL: Readonly<
  Record<ProductFamily, { readonly name: string; readonly code: NonNullable<LotBody['wasteCode']> }>
> = {
  clothing: { name: 'Vêtements usagés', code: '20 01 10' },
  linen: { name: 'Linge de maison usagé', code: '20 01 11' },
  shoes: { name: 'Chaussures usagées', code: '20 01 10' },
  leather: { name: 'Maroquinerie usagée', code: '20 01 10' },
  'mixed-tlc': { name: 'Textiles, linge et chaussures usagés', code: '20 01 10' },
  'non-tlc': { name: 'Autres matières', code: '20 01 11' },
};

/** A full zone, an expired scale: said, never a reason to turn a truck away. */
export const receiveLot: Decide<LotBody> = async (context, body) => {
  const wrong =
    (await transporterRefusal(context, body.transporter ?? null)) ??
    zoneRefusal(context, body.zone ?? null) ??
    (await missingDocument(context.book, body.attachments ?? []));
  if (wrong !== null) return wrong;
  const known = await originOf(context, body);
  if (known.kind === 'refused') return known;
  const weighed = await weighLoads(context, body.loads);
  if (weighed.kind === 'refused') return weighed;
  const { loads } = weighed;
  const number = await context.book.nextNumber('lots');
  const lot = `L${number}`;
  const from = account('collector', body.collector ?? UNKNOWN_COLLECTOR);
  const moves = loads.map(({ container, netGrams }): Move => {
    const to = container === null ? account('lot', lot) : account('container', container);
    return { from, to, shares: [{ lot, grams: netGrams }] };
  });
  const zone = body.zone === undefined ? usualZone(context.reference, 'deliveries') : body.zone;
  const coming = moves.map(({ to }, n) => ({ account: to, addedGrams: loads[n]?.netGrams ?? 0 }));
  const full = await zoneWarnings(context, zone, coming, 'outside');
  const usual = USUAL[body.family];
  return recording(
    lot,
    [
      {
        type: 'lot.received',
        occurredAt: context.occurredAt,
        payload: {
          lot,
          number,
          ...known.origin,
          vehicle: body.vehicle ?? null,
          transporter: body.transporter ?? null,
          skimming: body.skimming,
          legalStatus: body.legalStatus,
          condition: body.condition,
          family: body.family,
          wasteCode: body.wasteCode ?? usual.code,
          usualName: body.usualName ?? usual.name,
          loads: [...loads],
          zone,
          attachments: body.attachments ?? [],
          entry: body.entry ?? 'screen',
          note: body.note ?? '',
          moves,
        },
      },
    ],
    { number, warnings: [...new Set([...known.warnings, ...weighed.warnings, ...full])] },
  );
};

/** Collectors drive their own trucks. */
export async function transporterRefusal(
  context: ActContext,
  transporter: string | null,
): Promise<Refused | null> {
  if (transporter === null) return null;
  const partner = await context.book.partner(transporter);
  if (partner !== undefined && ['transporter', 'collector'].includes(partner.role)) return null;
  return refused('unknown-partner', `no transporter «${transporter}» is declared`, { partner: transporter });
}

function zoneRefusal({ reference }: ActContext, zone: string | null): Refused | null {
  return zone === null || zoneOf(reference, zone) !== undefined
    ? null
    : refused('unknown-zone', `no zone «${zone}»`, { zone });
}
