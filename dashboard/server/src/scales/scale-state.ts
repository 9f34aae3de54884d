/** Whether a scale may be used for payment today, by its log book. Pure. */
import type { ScaleRow } from '@trame/protocol/material/material-answers';
import type { ScaleLogTable } from '../material/material-tables.ts';

export type LogEntry = Pick<ScaleLogTable, 'event' | 'at' | 'entry' | 'onDay' | 'due'>;

export interface ScaleState extends Pick<ScaleRow, 'state' | 'verifiedOn' | 'due'> {
  /** The last good verification; null: none is known. */
  readonly verification: LogEntry | null;
  /** The refusal that holds now; null: it is not refused. */
  readonly refusal: LogEntry | null;
}

/**
 * @param entries of one scale, in any order.
 * @param today local day of the site, `YYYY-MM-DD`.
 */
export function scaleState(entries: readonly LogEntry[], today: string): ScaleState {
  const inOrder = [...entries].sort((a, b) =>
    a.onDay === b.onDay ? a.at - b.at : a.onDay < b.onDay ? -1 : 1,
  );
  const verification = inOrder.findLast(({ entry }) => entry === 'verification') ?? null;
  const since = inOrder.slice(verification === null ? 0 : inOrder.indexOf(verification) + 1);
  const refusal = since.findLast(({ entry }) => entry === 'refusal') ?? null;
  const shown = { verifiedOn: verification?.onDay ?? null, due: verification?.due ?? null };
  return { ...shown, verification, refusal, state: wordFor(verification, refusal, since, today) };
}

/** The gravest word that holds: what happened to a scale counts until it is verified again. */
function wordFor(
  verification: LogEntry | null,
  refusal: LogEntry | null,
  since: readonly LogEntry[],
  today: string,
): ScaleRow['state'] {
  const has = (entry: string) => since.some((one) => one.entry === entry);
  if (refusal !== null) return 'refused';
  if (has('seal-broken')) return 'seal-broken';
  if (has('repair')) return 'repaired';
  if (verification === null) return 'unknown';
  return verification.due !== null && verification.due < today ? 'expired' : 'valid';
}
