import type { Entropy } from '../ports/entropy.ts';
import type { Kysely, Transaction } from 'kysely';
import type { Records } from '../records/open-records.ts';
import type { Tables } from '../records/tables.ts';

const REF_BYTES = 16;

/**
 * @returns the opaque reference under which the ledger knows an account. One that is made again under an old login
 * is somebody else, and has another. Nothing is written for an account that has one.
 */
export async function actorRefOf(
  records: Records,
  login: string,
  nowMs: number,
  entropy: Entropy,
): Promise<string> {
  const { ref } = await lookUp(records, login);
  return ref ?? records.transaction().execute((transaction) => firstRef(transaction, login, nowMs, entropy));
}

async function firstRef(
  transaction: Transaction<Tables>,
  login: string,
  nowMs: number,
  entropy: Entropy,
): Promise<string> {
  const { accountMadeAt } = await lookUp(transaction, login);
  const ref = Buffer.from(entropy.bytes(REF_BYTES)).toString('hex');
  // The same person may do two things for the first time at once.
  await transaction
    .insertInto('actors')
    .values({ ref, login, accountMadeAt, createdAt: nowMs })
    .onConflict((conflict) => conflict.columns(['login', 'accountMadeAt']).doNothing())
    .execute();
  return (await lookUp(transaction, login)).ref ?? ref;
}

async function lookUp(
  records: Kysely<Tables>,
  login: string,
): Promise<{ readonly accountMadeAt: number; readonly ref: string | null }> {
  const user = await records
    .selectFrom('users')
    .select('createdAt')
    .where('login', '=', login)
    .executeTakeFirst();
  const accountMadeAt = user?.createdAt ?? 0;
  const known = await records
    .selectFrom('actors')
    .select('ref')
    .where('login', '=', login)
    .where('accountMadeAt', '=', accountMadeAt)
    .executeTakeFirst();
  return { accountMadeAt, ref: known?.ref ?? null };
}
