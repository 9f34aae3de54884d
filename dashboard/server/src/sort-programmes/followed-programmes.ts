/** Which programme each line follows: by what its own edge read back from the sorter, the last one counts. */
import type { ProgrammeActive } from '@trame/protocol/control/control-events';
import { happenedAtMs, type LedgerEvent } from '@trame/protocol/ledger-event';
import type { Transaction } from 'kysely';
import type { Tables } from '../records/tables.ts';
import type { FollowedProgrammeTable } from './programme-tables.ts';

export interface ProgrammeFollowed {
  readonly kind: 'programme-followed';
  readonly row: FollowedProgrammeTable;
}

export function programmeFollowed(event: LedgerEvent, said: ProgrammeActive): ProgrammeFollowed {
  const { site, line, id } = event;
  return { kind: 'programme-followed', row: { site, line, ...said, at: happenedAtMs(event), event: id } };
}

/** @param changes of one line, in the order of its ledger. */
export async function writeFollowed(
  transaction: Transaction<Tables>,
  changes: readonly ProgrammeFollowed[],
): Promise<void> {
  const last = changes.at(-1);
  if (last === undefined) return;
  const { site: _site, line: _line, ...news } = last.row;
  await transaction
    .insertInto('programmes_followed')
    .values(last.row)
    .onConflict((conflict) => conflict.columns(['site', 'line']).doUpdateSet(news))
    .execute();
}
