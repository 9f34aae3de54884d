/**
 * Tells a line once more what was approved for it and what it was not heard to take: its edge was away, or this server ended
 * in between. Never what the edge refused: that waits for somebody to approve it again, or another. What an edge took once and
 * does not follow any more, somebody changed there: that is shown, not undone. But a ledger that was begun anew and accepted is
 * of an edge that lost its disk, and with it what it had taken: it is told once more, as of a new request.
 */
import { PROGRAMME_ACTIVATE } from '@trame/protocol/classification/item-requests';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import { lastHeartbeat, type QuotedHeartbeat } from '../commands/last-heartbeat.ts';
import type { HeartbeatBoard } from '../ledger/heartbeat-board.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ProgrammeCarrier } from '../ports/programme-carrier.ts';
import { repeatWhateverFails } from '../ports/repeat.ts';
import type { Records } from '../records/open-records.ts';
import { ProgrammeBook } from './programme-book.ts';
import { approvalOfKey, mayPass } from './programme-sender.ts';
import type { ProgrammeApprovalTable } from './programme-tables.ts';

const LOOK_EVERY_MS = 15_000;
/** A line that does not take it is left alone for so long at first, and twice as long each time, ms. */
const LEFT_ALONE_MS = 30_000;
const LEFT_ALONE_MAX_MS = 3_600_000;
/** What nobody approved or asked for since is not sent any more, ms. */
export const SENT_AGAIN_WITHIN_MS = 30 * 24 * 3_600_000;
/** Of an epoch: enough to tell those of one line apart. */
const EPOCH_DIGITS = 16;

export interface ProgrammeWatchOptions {
  readonly records: Records;
  readonly carrier: ProgrammeCarrier;
  readonly board: Pick<HeartbeatBoard, 'of'>;
  readonly clock: Clock;
  readonly log: Log;
}

interface LeftAlone {
  readonly boot: string;
  readonly forMs: number;
  readonly untilMs: number;
}

export class ProgrammeWatch {
  readonly #options: ProgrammeWatchOptions;
  readonly #leftAlone = new Map<string, LeftAlone>();

  constructor(options: ProgrammeWatchOptions) {
    this.#options = options;
  }

  /** Looks until the signal aborts. What fails is looked at again the next time. */
  run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    return repeatWhateverFails(clock, LOOK_EVERY_MS, signal, {
      task: () => this.look(),
      failed: (reason) => log.warn({ reason }, 'what lines should follow could not be looked at'),
    });
  }

  /** One line after the other. */
  async look(): Promise<void> {
    const { records, board, clock } = this.#options;
    for (const approved of await notFollowed(records)) {
      const heard = lastHeartbeat(board, approved, clock.nowMs());
      const key = JSON.stringify([approved.site, approved.line]);
      // Back from away it is asked at once.
      if (heard === null) this.#leftAlone.delete(key);
      else await this.#lookAt(approved, heard, key);
    }
  }

  async #lookAt(approved: ProgrammeApprovalTable, { boot }: QuotedHeartbeat, key: string): Promise<void> {
    const { clock, log } = this.#options;
    const { site, line, programme, version } = approved;
    const alone = this.#leftAlone.get(key);
    if (alone !== undefined && alone.boot === boot && clock.monotonicMs() < alone.untilMs) return;
    const outcome = await this.#tell(approved);
    if (outcome === null) return;
    log.info({ site, line, programme, version, outcome }, 'a line was told again which programme to follow');
    if (outcome.kind === 'taken' || outcome.kind === 'not-needed') {
      this.#leftAlone.delete(key);
      return;
    }
    const last = alone?.boot === boot ? alone.forMs : 0;
    const forMs = Math.min(LEFT_ALONE_MAX_MS, Math.max(LEFT_ALONE_MS, 2 * last));
    this.#leftAlone.set(key, { boot, forMs, untilMs: clock.monotonicMs() + forMs });
  }

  /** @returns null: it was answered already, or is too old. */
  async #tell(approved: ProgrammeApprovalTable) {
    const { records, carrier, clock } = this.#options;
    const { site, line, programme, version, hash } = approved;
    const asked = await lastAsked(records, approved);
    const renewed = await renewedLedger(records, approved);
    const lastAt = Math.max(approved.at, asked?.at ?? 0, renewed?.acceptedAt ?? 0);
    if (clock.nowMs() - lastAt > SENT_AGAIN_WITHIN_MS) return null;
    const isAnew = asked !== undefined && renewed !== null && renewed.acceptedAt > asked.at;
    if (asked !== undefined && !isAnew && !mayPass(asked.outcome)) return null;
    const saved = await new ProgrammeBook(records, site).version(programme, version);
    if (saved === undefined || saved.hash !== hash) return null;
    const approval = isAnew
      ? `${approved.event}-${renewed.epoch.slice(0, EPOCH_DIGITS)}`
      : asked === undefined
        ? approved.event
        : approvalOfKey(asked.idempotencyKey);
    return carrier.send({ site, line }, JSON.parse(saved.body) as SortProgramme, hash, approval);
  }
}

/** @returns what was approved last for lines that do not say that they follow it. */
async function notFollowed(records: Records): Promise<ProgrammeApprovalTable[]> {
  return records
    .selectFrom('programme_approvals')
    .selectAll()
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('programmes_followed')
            .select('programmes_followed.hash')
            .whereRef('programmes_followed.site', '=', 'programme_approvals.site')
            .whereRef('programmes_followed.line', '=', 'programme_approvals.line')
            .whereRef('programmes_followed.hash', '=', 'programme_approvals.hash'),
        ),
      ),
    )
    .orderBy('site')
    .orderBy('line')
    .execute();
}

/** @returns the ledger that a line began last, once it was accepted; null: the line never began another. */
async function renewedLedger(records: Records, { site, line }: ProgrammeApprovalTable) {
  const [last, before] = await records
    .selectFrom('ledger_epochs')
    .select(['epoch', 'acceptedAt'])
    .where('site', '=', site)
    .where('line', '=', line)
    .orderBy('acceptedAt', 'desc')
    .limit(2)
    .execute();
  return last === undefined || before === undefined ? null : last;
}

/** @returns what this line was asked last to follow, if it was this programme. */
async function lastAsked(records: Records, { site, line, hash }: ProgrammeApprovalTable) {
  const row = await records
    .selectFrom('commands')
    .select(['idempotencyKey', 'outcome', 'at'])
    .where('line', '=', line)
    .where('site', '=', site)
    .where('command', '=', PROGRAMME_ACTIVATE)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.idempotencyKey.startsWith(`programme.${line}.${hash}.`) === true ? row : undefined;
}
