/**
 * One event that cannot be stored, whatever the records do: what came before it is stored, it is refused by name,
 * and its line is told, instead of sending it again for ever.
 */
import { recordsAway } from '../records/records-away.ts';
import type { TakeResult } from './ledger-store.ts';
import type { ReadMessage } from './take-messages.ts';

/** SQLSTATE of what is wrong with the data: 22 not of its type, 23 against a rule, 54 beyond a limit. */
const DATA_STATES = /^(?:22|23|54)[0-9A-Z]{3}$/u;
/** SQLite: too big, against a rule, of another type, out of range; the low byte of its code. */
const DATA_CODES = new Set([18, 19, 20, 25]);

/** @returns whether what was to be stored is at fault, and not the records or the way to them. */
export function isFaultOfWhatIsStored(error: unknown): boolean {
  if (recordsAway(error) !== null) return false;
  if (!(error instanceof Error) || !('code' in error)) return error instanceof Error;
  if ('errcode' in error && typeof error.errcode === 'number') return DATA_CODES.has(error.errcode & 0xff);
  return typeof error.code !== 'string' || error.code.startsWith('ERR_') || DATA_STATES.test(error.code);
}

/**
 * @param message one that could not be taken as a whole.
 * @param takes takes messages in a transaction of its own.
 * @throws what `takes` throws when the records are at fault.
 */
export async function takeAround(
  message: ReadMessage,
  takes: (part: readonly ReadMessage[]) => Promise<TakeResult>,
): Promise<TakeResult> {
  let taken: TakeResult | null = null;
  let { events } = message;
  // It is among these; what stands before is stored by halves.
  while (events.length > 1) {
    const half = events.slice(0, Math.ceil(events.length / 2));
    try {
      taken = joined(taken, await takes([{ events: half, fault: null }]));
      if (taken.lastRefused !== null || taken.missing) return taken;
      events = events.slice(half.length);
    } catch (error) {
      if (!isFaultOfWhatIsStored(error)) throw error;
      events = half;
    }
  }
  const [event] = events;
  try {
    taken = joined(taken, await takes([{ events, fault: null }]));
    return message.fault === null
      ? taken
      : joined(taken, await takes([{ events: [], fault: message.fault }]));
  } catch (error) {
    if (event === undefined || !isFaultOfWhatIsStored(error)) throw error;
    const detail = `it cannot be carried into the records: ${error instanceof Error ? error.message : ''}`;
    const fault = { code: 'invalid-payload', detail, place: { epoch: event.epoch, seq: event.seq } } as const;
    return { ...joined(taken, await takes([{ events: [], fault }])), failure: error };
  }
}

function joined(before: TakeResult | null, after: TakeResult): TakeResult {
  if (before === null) return after;
  return {
    ...after,
    stored: [...before.stored, ...after.stored],
    already: before.already + after.already,
    refusals: [...before.refusals, ...after.refusals],
  };
}
