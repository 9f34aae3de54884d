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
    const accountMadeAt = user?.createdAt ?? 0;
    const find = () =>
      transaction
        .selectFrom('actors')
        .select('ref')
        .where('login', '=', login)
        .where('accountMadeAt', '=', accountMadeAt)
        .executeTakeFirst();
    const known = await find();
    if (known !== undefined) return known.ref;
    const ref = Buffer.from(entropy.bytes(REF_BYTES)).toString('hex');
    // The same person may do two things for the first time at once.
    await transaction
      .insertInto('actors')
      .values({ ref, login, accountMadeAt, createdAt: nowMs })
      .onConflict((conflict) => conflict.columns(['login', 'accountMadeAt']).doNothing())
      .execute();
    return (await find())?.ref ?? ref;
  });
}
