import { sql, type Kysely } from 'kysely';

/**
 * The order in which the ledgers of a site's lines were carried into its book. What was stored before there was a book
 * is not in it, and is not put there when the book is made again; the scales' log book begins with what is known.
 */
export async function siteTurns(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('site_turns')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('turn', 'bigint', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('place', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('site_turns_key', ['site', 'turn'])
    .execute();
  await sql`
    insert into site_turns (site, turn, line, place)
    select site, -row_number() over (partition by site order by line), line, place from ledger_cursors
  `.execute(database);
  await sql`
    insert into scale_log (site, event, at, scale, entry, "onDay", due, text)
    select site, id, at, scale, case outcome when 'accepted' then 'verification' else 'refusal' end,
      "verifiedOn", due, ''
    from scale_verifications where true
    on conflict do nothing
  `.execute(database);
}
