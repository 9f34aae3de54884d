import type { Entropy } from '../ports/entropy.ts';
import type { Records } from '../records/open-records.ts';

const REF_BYTES = 16;

/**
 * @returns the opaque reference under which the ledger knows an account. One that is made again under an old login
 * is somebody else, and has another.
 */
export function actorRefOf(
  records: Records,
  login: string,
  nowMs: number,
  entropy: Entropy,
): Promise<string> {
  return records.transaction().execute(async (transaction) => {
    const user = await transaction
      .selectFrom('users')
      .select('createdAt')
      .where('login', '=', login)
      .executeTakeFirst();
    const known = await transaction
      .selectFrom('actors')
      .select('ref')
      .where('login', '=', login)
      .where('accountMadeAt', '=', user?.createdAt ?? 0)
      .executeTakeFirst();
    if (known !== undefined) return known.ref;
    const ref = Buffer.from(entropy.bytes(REF_BYTES)).toString('hex');
    const row = { ref, login, accountMadeAt: user?.createdAt ?? 0, createdAt: nowMs };
    await transaction.insertInto('actors').values(row).execute();
    return ref;
  });
}
