/** `item.override`: a person says otherwise of one piece. A record: it moves nothing, and never expires. */
import { ITEM_OVERRIDE, ItemOverrideArgs } from '@trame/protocol/classification/item-requests';
import type { ItemOverriding } from '../ports/item-overriding.ts';
import { ledgerRecord } from '../ports/ledger.ts';
import { notSorting } from './not-sorting.ts';
import type { CommandVerdict, RecordCommand } from './record-command.ts';

/** @param overriding null: pieces are not sorted by their spectra on this line. */
export function itemOverride(overriding: ItemOverriding | null): RecordCommand {
  return {
    command: ITEM_OVERRIDE,
    args: ItemOverrideArgs,
    record: (args, { actorRef }) => verdictOf(overriding, args as ItemOverrideArgs, actorRef),
    recorded: (records) => {
      for (const { marks } of records) {
        for (const mark of Object.values(marks)) overriding?.recorded(mark);
      }
    },
  };
}

function verdictOf(
  overriding: ItemOverriding | null,
  args: ItemOverrideArgs,
  actorRef: string | null,
): CommandVerdict {
  if (overriding === null) return notSorting();
  const verdict = overriding.judge(args, actorRef);
  if (verdict.kind === 'refused') return verdict;
  const { change, atMs, mark, markName } = verdict;
  const record = ledgerRecord('verdict.changed', atMs, change, { marks: { [markName]: mark } });
  return { kind: 'records', records: [record] };
}
