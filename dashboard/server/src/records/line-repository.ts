import type { LineDescription } from '@trame/protocol/line-description';
import type { Records } from './open-records.ts';

export interface KnownLine {
  readonly site: string;
  readonly line: string;
  readonly description: string;
  readonly firstSeenAt: number;
}

/** @returns every line that was ever seen, by name. */
export function knownLines(records: Records): Promise<KnownLine[]> {
  return records.selectFrom('lines').selectAll().orderBy('line').execute();
}

/** @returns whether a line was ever seen, or its ledger stored. */
export async function isKnownLine(records: Records, line: string): Promise<boolean> {
  const seen = records.selectFrom('lines').select('line').where('line', '=', line);
  const held = records.selectFrom('line_sites').select('line').where('line', '=', line);
  return (await seen.union(held).executeTakeFirst()) !== undefined;
}

/** Remembers a line, where it stands and what it is made of, so that it is shown and counted when its edge is away. */
export async function rememberLine(
  records: Records,
  site: string,
  line: string,
  description: LineDescription,
  nowMs: number,
): Promise<void> {
  const text = JSON.stringify(description);
  await records
    .insertInto('lines')
    .values({ site, line, description: text, firstSeenAt: nowMs })
    .onConflict((conflict) => conflict.column('line').doUpdateSet({ site, description: text }))
    .execute();
}

/**
 * What it sorted stays; when its edge speaks again, it is a line again, and its name is that site's which speaks
 * first.
 * @returns whether the line was known.
 */
export function forgetLine(records: Records, line: string): Promise<boolean> {
  return records.transaction().execute(async (transaction) => {
    const shown = await transaction.deleteFrom('lines').where('line', '=', line).executeTakeFirst();
    const held = await transaction.deleteFrom('line_sites').where('line', '=', line).executeTakeFirst();
    const refused = await transaction
      .deleteFrom('ledger_refusals')
      .where('line', '=', line)
      .executeTakeFirst();
    return shown.numDeletedRows + held.numDeletedRows + refused.numDeletedRows > 0n;
  });
}
