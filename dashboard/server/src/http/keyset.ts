/**
 * Pages of long lists, latest first: a cursor says where the page before ended, so what comes in meanwhile moves
 * nothing.
 */
import { Type } from 'typebox';
import { invalidRequest } from './problem.ts';

const LIMIT_MAX = 500;
export const LIMIT_DEFAULT = 100;

/** What every list may be asked. */
export const PAGE_QUERY = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX })),
  cursor: Type.Optional(Type.String({ maxLength: 400, description: '`next` of an earlier answer' })),
};

/** Where a page ended: the time (or number) that puts rows in order, and the id among those of the same. */
export interface Place {
  readonly at: number;
  readonly id: string;
}

/** @returns null when there is no cursor. @throws RequestProblem when it is none of ours. */
export function placeOf(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null;
  const found = /^(?<at>-?\d{1,16})\.(?<id>[\w-]{1,340})$/u.exec(cursor)?.groups;
  if (found === undefined) throw invalidRequest('/query/cursor', 'expected the «next» of an earlier answer');
  return { at: Number(found['at']), id: Buffer.from(found['id'] ?? '', 'base64url').toString('utf8') };
}

/**
 * @param rows one more than the page holds, when there are so many: ask for `limit + 1`.
 * @returns the page, and the cursor of the next one; null on the last.
 */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  placeOfRow: (row: Row) => Place,
): { readonly rows: Row[]; readonly next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? cursorOf(placeOfRow(last)) : null };
}

function cursorOf({ at, id }: Place): string {
  return `${at}.${Buffer.from(id, 'utf8').toString('base64url')}`;
}
