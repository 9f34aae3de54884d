/** Why nothing can be dated by the clock, in the words of the ledger's health. */
import type { LedgerFaultCode } from '@trame/protocol/heartbeat';
import { EVENT_TIME_MIN_MS } from '@trame/protocol/ledger-event';
import type { ClockWitness } from '../ports/ledger.ts';

interface ClockTrouble {
  readonly code: Extract<LedgerFaultCode, 'clock-not-set' | 'clock-wrong'>;
  readonly reason: string;
}

/**
 * An edge that does not know the date does not date events; totals and alibi numbers catch up by difference.
 * @param nowMs the edge's clock, UTC ms. @returns why nothing can be dated; null: it can.
 */
export function clockTrouble(
  nowMs: number,
  { wrongByMs }: Pick<ClockWitness, 'wrongByMs'>,
): ClockTrouble | null {
  if (nowMs < EVENT_TIME_MIN_MS) {
    return { code: 'clock-not-set', reason: 'the clock was never set: it reads a date before 2020' };
  }
  if (wrongByMs === null) return null;
  const hours = Math.round(Math.abs(wrongByMs) / 3_600_000);
  const way = wrongByMs < 0 ? 'ahead of' : 'behind';
  return { code: 'clock-wrong', reason: `the clock is ${hours} hours ${way} the server's` };
}
