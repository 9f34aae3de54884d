/** What was said of a lot wrong is set right: the event says all of it as it is now, and points to what it corrects. */
import { account } from '@trame/protocol/material/accounts';
import type { LotAmendBody } from '@trame/protocol/material/lot-acts';
import type { LotAmended } from '@trame/protocol/material/lot-events';
import type { MaterialEventType } from '@trame/protocol/material/material-payloads';
import { recording, refused, type Decide } from '../material/decision.ts';
import type { LotTable } from '../material/material-tables.ts';
import { transporterRefusal } from './receive-lot.ts';

/** Events that say what a lot is. */
const SAYING: readonly MaterialEventType[] = [
  'lot.received',
  'lot.amended',
  'lot.split',
  'lot.merged',
  'subcontract.returned',
];

type Said = Omit<LotAmended, 'lot' | 'corrects' | 'note'>;

/** @param lot its id, whatever became of it since: registers tell what it was. */
export const amendLot: Decide<LotAmendBody> = async (context, body, lot) => {
  const row = await context.book.lot(lot);
  if (row === undefined) return refused('unknown-lot', `no lot «${lot}»`, { lot });
  if (row.status === 'voided')
    return refused('wrong-state', `lot ${lot} is voided`, { lot, state: row.status });
  const { occurredAt: _at, entry: _entry, note = '', ...changes } = body;
  const before = saidOf(row);
  const now: Said = { ...before, ...changes };
  if (JSON.stringify(now) === JSON.stringify(before)) {
    return refused('already-done', `lot ${lot} is said to be like that`, { lot });
  }
  const wrong =
    now.transporter === before.transporter ? null : await transporterRefusal(context, now.transporter);
  if (wrong !== null) return wrong;
  const corrects = (await context.book.diary.latest(account('lot', lot), SAYING)) ?? row.event;
  const payload = { lot, corrects, ...now, note };
  const draft = { type: 'lot.amended', occurredAt: context.occurredAt, payload } as const;
  return recording(lot, [draft], { number: row.number });
};

/** The ledger's contract let them in: each is one of its words. */
function saidOf(row: LotTable): Said {
  return {
    skimming: row.skimming as Said['skimming'],
    legalStatus: row.legalStatus as Said['legalStatus'],
    condition: row.condition as Said['condition'],
    family: row.family as Said['family'],
    wasteCode: row.wasteCode as Said['wasteCode'],
    usualName: row.usualName,
    vehicle: row.vehicle,
    transporter: row.transporter,
  };
}
