/** Which shifts a person can choose: the last ones of a line, and the one that the address names, however old. */
import type { ShiftRow } from '@trame/protocol/material/material-answers';
import type { Answer } from '../api/request.ts';
import type { Query } from '../material/address.ts';
import type { Page } from '../material/material-reads.ts';

export interface ShiftsAsked {
  readonly line: string;
  /** Null: none in particular. */
  readonly shift: string | null;
}

type Ask = (query: Query, signal: AbortSignal) => Promise<Answer<Page<ShiftRow>>>;

/** @returns latest first; without the one that is named, the line has none of that name. */
export async function shiftsOfLine(
  ask: Ask,
  { line, shift }: ShiftsAsked,
  signal: AbortSignal,
): Promise<Answer<readonly ShiftRow[]>> {
  const last = await ask({ line }, signal);
  if (last.kind !== 'ok') return last;
  const { rows } = last.body;
  if (shift === null || rows.some(({ id }) => id === shift)) return { kind: 'ok', body: rows };
  const named = await ask({ line, shift }, signal);
  // What cannot be the name of a shift is none.
  if (named.kind === 'refused' && named.status === 400) return { kind: 'ok', body: rows };
  return named.kind === 'ok' ? { kind: 'ok', body: [...rows, ...named.body.rows] } : named;
}
