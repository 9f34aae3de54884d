/** One row of a paper sheet, copied afterwards: checked, then an act with the time at which it happened. */
import type { BaleBody } from '@trame/protocol/material/bale-acts';
import { localInstant } from '../format/local-time.ts';
import type { Answered, Entry, EntryDraft } from '../outbox/entry.ts';
import { typedGrams } from '../ui/keypad-entry.ts';

/** Rows that a printed sheet has. */
export const ROWS_PER_SHEET = 15;

export interface PaperRow {
  readonly sheet: string;
  readonly row: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `HH:MM`, as the clock at the site showed it. */
  readonly time: string;
  readonly outlet: string;
  /** As written, kg. */
  readonly weight: string;
  /** Nothing was weighed. */
  readonly toWeigh: boolean;
}

export interface PaperPlace {
  readonly press: string | null;
  readonly line: string | undefined;
  readonly scale: string | null;
  readonly timeZone: string;
  /** Server time, ms since 1970 UTC. */
  readonly nowMs: number;
}

export type PaperFault =
  | { readonly kind: 'missing'; readonly field: 'sheet' | 'row' | 'day' | 'time' | 'outlet' | 'weight' }
  | { readonly kind: 'bad-weight' }
  | { readonly kind: 'future' };

export type CheckedRow =
  | { readonly kind: 'ok'; readonly number: string; readonly draft: EntryDraft }
  | { readonly kind: 'fault'; readonly fault: PaperFault };

/** @returns the number of a row as it is printed on the sheet: `12-07`; null when it is none. */
export function rowNumber(sheet: string, row: string): string | null {
  if (!/^[1-9]\d{0,8}$/u.test(sheet.trim()) || !/^\d{1,2}$/u.test(row.trim())) return null;
  const place = Number(row);
  if (place < 1 || place > ROWS_PER_SHEET) return null;
  return `${Number(sheet)}-${String(place).padStart(2, '0')}`;
}

function missing(field: (PaperFault & { kind: 'missing' })['field']): CheckedRow {
  return { kind: 'fault', fault: { kind: 'missing', field } };
}

export function checkRow(row: PaperRow, place: PaperPlace): CheckedRow {
  const number = rowNumber(row.sheet, row.row);
  if (number === null) return missing(/^[1-9]\d{0,8}$/u.test(row.sheet.trim()) ? 'row' : 'sheet');
  const occurredAt = localInstant(row.day, row.time, place.timeZone);
  if (occurredAt === null) return missing(/^\d{4}-\d{2}-\d{2}$/u.test(row.day) ? 'time' : 'day');
  if (occurredAt > place.nowMs) return { kind: 'fault', fault: { kind: 'future' } };
  if (row.outlet === '') return missing('outlet');
  if (!row.toWeigh && row.weight.trim() === '') return missing('weight');
  const grossGrams = row.toWeigh ? null : typedGrams(row.weight.trim().replace('.', ','));
  if (!row.toWeigh && grossGrams === null) return { kind: 'fault', fault: { kind: 'bad-weight' } };
  return { kind: 'ok', number, draft: paperDraft(number, occurredAt, row.outlet, grossGrams, place) };
}

function paperDraft(
  sheet: string,
  occurredAt: number,
  outlet: string,
  grossGrams: number | null,
  { press, line, scale }: PaperPlace,
): EntryDraft {
  const body: BaleBody = {
    occurredAt,
    entry: 'paper',
    sheet,
    outlet,
    press,
    ...(line === undefined ? {} : { line }),
    stage: grossGrams === null ? 'to-weigh' : 'done',
    ...(grossGrams === null ? {} : { weight: { how: 'paper', scale, grossGrams } }),
  };
  return {
    path: '/api/v1/bales',
    after: null,
    body: { ...body, occurredAt },
    files: [],
    about: { kind: 'paper', sheet, outlet, grossGrams },
  };
}

/** @returns whether this screen has copied the row already; what other screens did, the server knows. */
export function isCopied(number: string, entries: readonly Entry[], answered: readonly Answered[]): boolean {
  const same = ({ about }: Pick<Entry, 'about'>): boolean => about.kind === 'paper' && about.sheet === number;
  return entries.some(same) || answered.some(same);
}
