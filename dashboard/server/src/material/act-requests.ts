/** What was asked under which key: written before anything is decided, so that asking again does nothing twice. */
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import type { ProgrammeFinding } from '@trame/protocol/sort-programmes/sort-programme';
import type { Records } from '../records/open-records.ts';
import { BEHIND_MAX_MS } from './act-times.ts';

/** So long a key is remembered, ms: what is asked again after that is dated too long ago to be done at all. */
export const REQUESTS_KEPT_MS = BEHIND_MAX_MS + 31 * 24 * 3_600_000;

/** What one attempt decided and asks a line to record. */
export interface Decided {
  readonly id: string;
  readonly number: number | null;
  readonly warnings: readonly string[];
  /** Of a sort programme. */
  readonly findings?: readonly ProgrammeFinding[];
  readonly site: string;
  /** Line that is asked. */
  readonly line: string;
  /** How many events it becomes. */
  readonly events: number;
}

export type Claimed =
  | { readonly kind: 'answered'; readonly answer: ActAnswer }
  | {
      readonly kind: 'pending';
      /** From 1. */
      readonly attempt: number;
      readonly decided: Decided | null;
      /** When it was asked first, ms since 1970 UTC. */
      readonly askedAt: number;
    }
  /** The key was used for something else. */
  | { readonly kind: 'other' };

export interface ActKey {
  readonly key: string;
  /** SHA-256 of method, address and canonical body. */
  readonly bodyHash: string;
}

/** Notes an act, or finds what was noted under its key. */
export function claimRequest(records: Records, { key, bodyHash }: ActKey, nowMs: number): Promise<Claimed> {
  return records.transaction().execute(async (transaction): Promise<Claimed> => {
    const row = await transaction
      .selectFrom('material_requests')
      .selectAll()
      .where('idempotencyKey', '=', key)
      .executeTakeFirst();
    if (row === undefined) {
      const fresh = { idempotencyKey: key, bodyHash, attempt: 1, decided: null, answer: null, at: nowMs };
      await transaction.insertInto('material_requests').values(fresh).execute();
      return { kind: 'pending', attempt: 1, decided: null, askedAt: nowMs };
    }
    if (row.bodyHash !== bodyHash) return { kind: 'other' };
    if (row.answer !== null) return { kind: 'answered', answer: JSON.parse(row.answer) as ActAnswer };
    const decided = row.decided === null ? null : (JSON.parse(row.decided) as Decided);
    return { kind: 'pending', attempt: row.attempt, decided, askedAt: row.at };
  });
}

/** Notes what this attempt is about to ask; null: it was in vain, another follows. */
export async function noteAttempt(
  records: Records,
  key: string,
  attempt: number,
  decided: Decided | null,
): Promise<void> {
  await records
    .updateTable('material_requests')
    .set({ attempt, decided: decided === null ? null : JSON.stringify(decided) })
    .where('idempotencyKey', '=', key)
    .execute();
}

export async function noteAnswer(records: Records, key: string, answer: ActAnswer): Promise<void> {
  await records
    .updateTable('material_requests')
    .set({ answer: JSON.stringify(answer) })
    .where('idempotencyKey', '=', key)
    .execute();
}
