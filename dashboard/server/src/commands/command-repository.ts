/** Who asked what of an edge, and what came of it: written before the request is sent. */
import type { CommandReply, ReplyCode } from '@trame/protocol/command';
import type { Records } from '../records/open-records.ts';
import type { CommandTable } from '../records/tables.ts';

export type NewCommand = Pick<
  CommandTable,
  'id' | 'idempotencyKey' | 'actorRef' | 'site' | 'line' | 'command' | 'args' | 'at'
>;

export type Noted =
  /** `row` is what was asked first under this key, by this person. */
  | { readonly kind: 'noted'; readonly row: CommandTable }
  /** The key was used for something else. */
  | { readonly kind: 'other' };

/** Notes a request, or finds the one that was noted under the same key. */
export function noteCommand(records: Records, command: NewCommand): Promise<Noted> {
  return records.transaction().execute(async (transaction): Promise<Noted> => {
    const before = await transaction
      .selectFrom('commands')
      .selectAll()
      .where('actorRef', '=', command.actorRef)
      .where('idempotencyKey', '=', command.idempotencyKey)
      .executeTakeFirst();
    if (before === undefined) {
      const row = { ...command, outcome: null, detail: null, seq: null, epoch: null, answeredAt: null };
      await transaction.insertInto('commands').values(row).execute();
      return { kind: 'noted', row };
    }
    const isSame = (['site', 'line', 'command', 'args'] as const).every(
      (key) => before[key] === command[key],
    );
    return isSame ? { kind: 'noted', row: before } : { kind: 'other' };
  });
}

/** @returns what was asked under this key, by whomever. */
export function commandUnder(records: Records, idempotencyKey: string): Promise<CommandTable | undefined> {
  return records
    .selectFrom('commands')
    .selectAll()
    .where('idempotencyKey', '=', idempotencyKey)
    .orderBy('at')
    .orderBy('id')
    .executeTakeFirst();
}

/** What is done stays done, whatever is said later. */
const FINAL: readonly ReplyCode[] = ['done', 'already-done'];

export function isFinal(outcome: string | null): boolean {
  return FINAL.some((code) => code === outcome);
}

export async function noteReply(records: Records, reply: CommandReply, nowMs: number): Promise<void> {
  await records
    .updateTable('commands')
    .set({ outcome: reply.code, detail: reply.detail, seq: reply.seq, epoch: reply.epoch, answeredAt: nowMs })
    .where('id', '=', reply.id ?? '')
    .where((where) => where.or([where('outcome', 'is', null), where('outcome', 'not in', FINAL)]))
    .execute();
}

/** @returns requests that nobody has answered yet, the newest first. */
export function unansweredCommands(
  records: Records,
  limit: number,
): Promise<Pick<CommandTable, 'id' | 'site' | 'line'>[]> {
  return records
    .selectFrom('commands')
    .select(['id', 'site', 'line'])
    .where('outcome', 'is', null)
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
}
