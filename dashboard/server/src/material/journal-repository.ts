/** What happened to a lot, an output, a shipment: its events, first to last. */
import type { JournalRow } from '@trame/protocol/material/material-answers';
import type { Attachment } from '@trame/protocol/material/move';
import type { Records } from '../records/open-records.ts';

/** Events of one thing that are told; of more, the latest. */
const JOURNAL_MAX = 500;
const ATTACHMENTS_MAX = 500;

/** @param about an account (`lot:L118`) or `shipment:E4`. */
export async function journalOf(records: Records, site: string, about: string): Promise<JournalRow[]> {
  const rows = await records
    .selectFrom('journal')
    .leftJoin('ledger_events', (join) =>
      join
        .onRef('ledger_events.id', '=', 'journal.event')
        .onRef('ledger_events.site', '=', 'journal.site')
        .onRef('ledger_events.line', '=', 'journal.line')
        .onRef('ledger_events.epoch', '=', 'journal.epoch'),
    )
    .select([
      'journal.event',
      'journal.at',
      'journal.recordedAt',
      'journal.type',
      'journal.corrects',
      'journal.seq',
      'ledger_events.payload',
    ])
    .where('journal.site', '=', site)
    .where('journal.about', '=', about)
    .orderBy('journal.at', 'desc')
    .orderBy('journal.seq', 'desc')
    .limit(JOURNAL_MAX)
    .execute();
  return rows.toReversed().map(({ event, at, recordedAt, type, corrects, payload }) => ({
    id: event,
    at,
    recordedAt,
    type,
    corrects,
    payload: withoutMoves(payload),
  }));
}

/** A payload that was withheld or erased says nothing. */
function withoutMoves(payload: string | null): Record<string, unknown> {
  if (payload === null) return {};
  const { moves: _moves, ...said } = JSON.parse(payload) as Record<string, unknown>;
  return said;
}

/** @returns photos and documents about a thing, first to last. */
export async function attachmentsOf(records: Records, site: string, about: string): Promise<Attachment[]> {
  const rows = await records
    .selectFrom('documents')
    .select(['sha256', 'name', 'media', 'bytes', 'kind'])
    .where('site', '=', site)
    .where('about', '=', about)
    .orderBy('at')
    .orderBy('sha256')
    .limit(ATTACHMENTS_MAX)
    .execute();
  // The ledger's contract let them in: their kind is one of its words.
  return rows.map((row) => ({ ...row, kind: row.kind as Attachment['kind'] }));
}
