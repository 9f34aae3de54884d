/**
 * `material.record`: records what the site's server decided about material, all of it or nothing. The edge decides
 * nothing here but one thing: whether the decision knew all that this ledger has.
 */
import { MATERIAL_RECORD, MaterialRecordArgs } from '@trame/protocol/material/material-record';
import { isMaterialType, type MaterialEventType } from '@trame/protocol/material/material-payloads';
import { occurredAtOf, type EventClock } from '@trame/protocol/ledger-event';
import { payloadFault } from '@trame/protocol/ledger-payloads';
import { ledgerRecord, type Ledger, type LedgerRecord } from '../ports/ledger.ts';
import type { CommandVerdict, RecordCommand } from './record-command.ts';

/** A decision that is further behind than this is stale whatever came since: the ledger is not read through for it. */
export const BEHIND_EVENTS_MAX = 1_000;

/** What moves material beside the events about material. */
const COUNTING = 'throughput.counted';

/** @param clock what is known of this edge's clock: people and server date by theirs, a ledger by its own. */
export function materialRecord(
  ledger: Pick<Ledger, 'head' | 'read'>,
  clock: () => EventClock,
): RecordCommand {
  return {
    command: MATERIAL_RECORD,
    args: MaterialRecordArgs,
    record(args) {
      const { seen, records } = args as MaterialRecordArgs;
      const missed = missedBy(seen, ledger);
      if (missed !== null) return { kind: 'stale', detail: missed };
      return recordsOf(records, clock());
    },
  };
}

/** @returns what the decision did not know, in words; null: it knew all. */
function missedBy(seen: MaterialRecordArgs['seen'], ledger: Pick<Ledger, 'head' | 'read'>): string | null {
  const { head } = ledger;
  if (seen !== null && seen.epoch !== head.epoch) return `this ledger is in epoch ${head.epoch}`;
  const from = (seen?.seq ?? 0) + 1;
  if (head.seq - from >= BEHIND_EVENTS_MAX) return `this ledger is at event ${head.seq}`;
  const news = ledger
    .read(from, BEHIND_EVENTS_MAX)
    .find(({ type }) => type === COUNTING || isMaterialType(type));
  return news === undefined ? null : `event ${news.seq}, ${news.type}, was recorded since`;
}

function recordsOf(asked: MaterialRecordArgs['records'], clock: EventClock): CommandVerdict {
  const records: LedgerRecord[] = [];
  for (const { type, occurredAt, payload } of asked) {
    if (!isMaterialType(type)) return { kind: 'refused', detail: `«${type}» is no event about material` };
    const fault = payloadFault(type, payload);
    if (fault !== null) return { kind: 'refused', detail: fault };
    records.push(ledgerRecord<MaterialEventType>(type, occurredAtOf(occurredAt, clock), payload as never));
  }
  return { kind: 'records', records };
}
