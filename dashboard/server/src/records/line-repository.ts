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

/** @returns whether the line was known. What it sorted stays; when its edge speaks again, it is a line again. */
export async function forgetLine(records: Records, line: string): Promise<boolean> {
  const result = await records.deleteFrom('lines').where('line', '=', line).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
