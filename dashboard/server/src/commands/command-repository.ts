/** Who asked what of an edge, and what came of it: written before the request is sent. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import type { CommandReply } from '@trame/protocol/command';
import type { Records } from '../records/open-records.ts';
import type { CommandTable } from '../records/tables.ts';
import { replaces } from './command-replies.ts';

export type NewCommand = Pick<
  CommandTable,
  'id' | 'idempotencyKey' | 'actorRef' | 'site' | 'line' | 'command' | 'args' | 'at' | 'boot' | 'tick'
>;

export type Noted =
  /** `row` is what was asked first under this key, by this person. */
  | { readonly kind: 'noted'; readonly row: CommandTable }
  /** The key was used for something else. */
  | { readonly kind: 'other' };

/** Of a request that no answer came to. */
export const UNANSWERED = {
  outcome: null,
  detail: null,
  seq: null,
  epoch: null,
  answeredAt: null,
  reasons: null,
};

/** Notes a request, or finds the one that was noted under the same key, be it at the same moment. */
export function noteCommand(records: Records, command: NewCommand): Promise<Noted> {
  return records.transaction().execute(async (transaction): Promise<Noted> => {
    await transaction
      .insertInto('commands')
      .values({ ...command, ...UNANSWERED })
      // Of its id, too: a stop may be noted twice at once, by who asks and by what was left to note.
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const row = await transaction
      .selectFrom('commands')
      .selectAll()
      .where('actorRef', '=', command.actorRef)
      .where('idempotencyKey', '=', command.idempotencyKey)
      .executeTakeFirstOrThrow();
    return isSameOrder(row, command) ? { kind: 'noted', row } : { kind: 'other' };
  });
}

export function isSameOrder(
  row: CommandTable,
  order: Pick<CommandTable, 'site' | 'line' | 'command' | 'args'>,
): boolean {
  return (['site', 'line', 'command', 'args'] as const).every((key) => row[key] === order[key]);
}

/** @returns what was noted under the key of a request; null: nothing. */
export async function findCommand(
  records: Records,
  command: Omit<NewCommand, 'id' | 'at' | 'boot' | 'tick'>,
): Promise<Noted | null> {
  const row = await commandOf(records, command.actorRef, command.idempotencyKey);
  if (row === undefined) return null;
  return isSameOrder(row, command) ? { kind: 'noted', row } : { kind: 'other' };
}

/** @returns what this person asked under this key. */
export function commandOf(
  records: Records,
  actorRef: string,
  idempotencyKey: string,
): Promise<CommandTable | undefined> {
  return records
    .selectFrom('commands')
    .selectAll()
    .where('actorRef', '=', actorRef)
    .where('idempotencyKey', '=', idempotencyKey)
    .executeTakeFirst();
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

/** Notes what an edge replied, unless what it replied before says more. */
export function noteReply(records: Records, reply: CommandReply, nowMs: number): Promise<void> {
  return records.transaction().execute(async (transaction) => {
    const id = reply.id ?? '';
    const row = await transaction
      .selectFrom('commands')
      .select(['command', 'outcome'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined || !replaces(row.command, row.outcome, reply.code)) return;
    const { code, detail, seq, epoch, reasons } = reply;
    await transaction
      .updateTable('commands')
      .set({
        outcome: code,
        detail: detail === null ? null : withoutNul(detail),
        seq,
        epoch,
        reasons: reasons === undefined ? null : withoutNul(canonicalJson(reasons)),
        answeredAt: nowMs,
      })
      .where('id', '=', id)
      .execute();
  });
}

/** PostgreSQL has no place for it. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\uFFFD').replaceAll(String.raw`\u0000`, '\uFFFD');
}

/** @returns requests whose last answer has not come yet, neither from the edge nor with its ledger, the newest first. */
export function unansweredCommands(
  records: Records,
  limit: number,
): Promise<Pick<CommandTable, 'id' | 'site' | 'line' | 'outcome'>[]> {
  return records
    .selectFrom('commands')
    .select(['id', 'site', 'line', 'outcome'])
    .where((where) => where.or([where('outcome', 'is', null), where('outcome', '=', 'accepted')]))
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('line_commands')
            .select('line_commands.request')
            .whereRef('line_commands.request', '=', 'commands.id')
            .whereRef('line_commands.site', '=', 'commands.site')
            .whereRef('line_commands.line', '=', 'commands.line')
            .where('line_commands.endedAt', 'is not', null),
        ),
      ),
    )
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
}
