import type { Role } from '@trame/protocol/dashboard-api';
import { createHash } from 'node:crypto';
import type { Entropy } from '../ports/entropy.ts';
import type { Records } from '../records/open-records.ts';

export interface OpenSession {
  readonly tokenHash: string;
  readonly login: string;
  readonly role: Role;
  /** What the ledger knows this person by; null: nobody asked for it yet. */
  readonly actorRef: string | null;
  /** ms since 1970 UTC. */
  readonly expiresAt: number;
}

/** Longer than any shift, shorter than a day: nobody's session is found open by the next morning's team. */
export const SESSION_MS = 12 * 3_600_000;
/** Sessions of one login; the oldest ends when one more is opened. */
export const SESSIONS_PER_LOGIN_MAX = 32;
const TOKEN_BYTES = 32;

/** @returns the token for the cookie and until when it holds; only its hash is stored. */
export async function openSession(
  records: Records,
  login: string,
  nowMs: number,
  entropy: Entropy,
): Promise<{ token: string; expiresAt: number }> {
  const token = Buffer.from(entropy.bytes(TOKEN_BYTES)).toString('base64url');
  const expiresAt = nowMs + SESSION_MS;
  await records.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('sessions').where('expiresAt', '<=', nowMs).execute();
    const oldest = await transaction
      .selectFrom('sessions')
      .select('tokenHash')
      .where('login', '=', login)
      .orderBy('createdAt', 'desc')
      .orderBy('tokenHash')
      .offset(SESSIONS_PER_LOGIN_MAX - 1)
      .limit(SESSIONS_PER_LOGIN_MAX)
      .execute();
    for (const { tokenHash } of oldest) {
      await transaction.deleteFrom('sessions').where('tokenHash', '=', tokenHash).execute();
    }
    const row = { tokenHash: hashToken(token), login, createdAt: nowMs, expiresAt };
    await transaction.insertInto('sessions').values(row).execute();
  });
  return { token, expiresAt };
}

/** @returns the session behind a token, or null when there is none or it has run out. */
export async function findSession(
  records: Records,
  token: string,
  nowMs: number,
): Promise<OpenSession | null> {
  return sessionByHash(records, hashToken(token), nowMs);
}

/** @returns the session if it still stands: not run out, not signed out, its user not removed. */
export async function sessionByHash(
  records: Records,
  tokenHash: string,
  nowMs: number,
): Promise<OpenSession | null> {
  const found = await records
    .selectFrom('sessions')
    .innerJoin('users', 'users.login', 'sessions.login')
    .leftJoin('actors', (join) =>
      join.onRef('actors.login', '=', 'users.login').onRef('actors.accountMadeAt', '=', 'users.createdAt'),
    )
    .select([
      'sessions.tokenHash',
      'sessions.login',
      'sessions.expiresAt',
      'users.role',
      'actors.ref as actorRef',
    ])
    .where('sessions.tokenHash', '=', tokenHash)
    .where('sessions.expiresAt', '>', nowMs)
    .executeTakeFirst();
  return found ?? null;
}

export async function endSession(records: Records, tokenHash: string): Promise<void> {
  await records.deleteFrom('sessions').where('tokenHash', '=', tokenHash).execute();
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
