/**
 * Who is behind the ledger's opaque references, and who asked what of an edge, is kept for so long and no longer. The
 * ledger keeps its references; without this they are nobody's.
 */
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/repeat.ts';
import { REQUESTS_KEPT_MS } from '../material/act-requests.ts';
import type { Records } from '../records/open-records.ts';

const ERASE_EVERY_MS = 24 * 3_600_000;

export interface Erased {
  readonly actors: number;
  readonly commands: number;
}

export interface ErasingOptions {
  readonly records: Pick<Records, 'transaction'>;
  readonly keepMonths: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Erases what is over at once and then every day, until the signal aborts. What fails is tried the next day. */
export async function keepErasing({
  records,
  keepMonths,
  clock,
  log,
  signal,
}: ErasingOptions): Promise<void> {
  do {
    try {
      const nowMs = clock.nowMs();
      const erased = await eraseOld(records, monthsBefore(nowMs, keepMonths), nowMs - REQUESTS_KEPT_MS);
      if (erased.actors + erased.commands > 0) log.info({ ...erased }, 'what was kept of persons is erased');
    } catch (error) {
      log.error({ err: error }, 'what is over of persons could not be erased: it is tried again tomorrow');
    }
  } while (await slept(clock, ERASE_EVERY_MS, signal));
}

/**
 * Requests from before `beforeMs`; and the references of those who have done nothing since. Keys of acts about material
 * from before `actsBeforeMs`: those are nobody's, and are only many.
 */
export function eraseOld(
  records: Pick<Records, 'transaction'>,
  beforeMs: number,
  actsBeforeMs: number = beforeMs,
): Promise<Erased> {
  return records.transaction().execute(async (transaction): Promise<Erased> => {
    await transaction.deleteFrom('material_requests').where('at', '<', actsBeforeMs).execute();
    const commands = await transaction.deleteFrom('commands').where('at', '<', beforeMs).executeTakeFirst();
    const actors = await transaction
      .deleteFrom('actors')
      .where('createdAt', '<', beforeMs)
      .where('ref', 'not in', (query) => query.selectFrom('commands').select('actorRef'))
      .where('ref', 'not in', (query) =>
        query
          .selectFrom('ledger_epochs')
          .select('acceptedBy')
          .$narrowType<{ acceptedBy: string }>()
          .where('acceptedBy', 'is not', null)
          .where('acceptedAt', '>=', beforeMs),
      )
      .executeTakeFirst();
    return { actors: Number(actors.numDeletedRows), commands: Number(commands.numDeletedRows) };
  });
}

/** @returns the same day and time so many months before, UTC; the month's last day where it has no such day. */
export function monthsBefore(atMs: number, months: number): number {
  const at = new Date(atMs);
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() - months, at.getUTCDate()];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const sinceMidnight = atMs - Date.UTC(year, at.getUTCMonth(), day);
  return Date.UTC(year, month, Math.min(day, lastDay)) + sinceMidnight;
}
