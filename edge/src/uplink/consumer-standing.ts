/** How a consumer stands, in the words of the heartbeat: pure. Times are monotonic ms. */
import type { ConsumerState } from '@trame/protocol/heartbeat';
import type { LedgerHead } from '../ports/ledger.ts';
import type { ConsumerPosition, Refusal } from './consumer-position.ts';
import { SILENT_AFTER_MS, STUCK_AFTER_MS } from './delivery-bounds.ts';

export interface Standing {
  readonly state: ConsumerState;
  /** In words for a person; null when it follows. */
  readonly reason: string | null;
}

/** Whether somebody must look: everything but following, and a silence that has not lasted yet. */
export function isAlarm({ state }: Standing, position: ConsumerPosition, atMs: number): boolean {
  if (state !== 'silent') return state !== 'following';
  return atMs - (position.heardAtMs ?? position.movedAtMs) > SILENT_AFTER_MS;
}

export function standingOf(position: ConsumerPosition, head: LedgerHead, atMs: number): Standing {
  const { verdict, heardAtMs, consumer } = position;
  if (verdict.kind === 'cursor-ahead') {
    return {
      state: 'cursor-ahead',
      reason:
        `${consumer} has the events up to ${verdict.upTo}, this ledger ends at ${head.seq}: it was restored from ` +
        'an older copy (stop the edge, then run «trame-edge ledger reopen»), or that number is false',
    };
  }
  if (verdict.kind === 'fork') {
    return {
      state: 'fork',
      reason:
        `${consumer} has another event under number ${verdict.upTo}: this ledger was restored from an older copy ` +
        'and went on (stop the edge, then run «trame-edge ledger reopen»), or another edge uses the name of this line',
    };
  }
  if (heardAtMs === null) return { state: 'silent', reason: `${consumer} was never heard` };
  if (atMs - heardAtMs > SILENT_AFTER_MS) {
    return { state: 'silent', reason: `${consumer} was last heard ${wholeMinutes(atMs - heardAtMs)} ago` };
  }
  if (verdict.kind === 'refuses')
    return { state: 'refusing', reason: refusalWords(consumer, verdict.refused) };
  const stands = position.upTo < head.seq && atMs - position.movedAtMs > STUCK_AFTER_MS;
  if (!stands) return { state: 'following', reason: null };
  if (position.complaint !== null) {
    return { state: 'refusing', reason: refusalWords(consumer, position.complaint) };
  }
  return { state: 'stuck', reason: stuckWords(position) };
}

function refusalWords(consumer: string, { code, epoch, seq }: Refusal): string {
  if (code === 'unknown-epoch') {
    return `unknown-epoch: ${consumer} knows another ledger of this line; a person must accept this one there`;
  }
  const what = seq === null ? 'what it is sent' : `event ${seq}`;
  return epoch === null
    ? `${code}: ${consumer} cannot read ${what}`
    : `${code}: ${consumer} does not take ${what}`;
}

function stuckWords({ consumer, upTo, verdict }: ConsumerPosition): string {
  if (verdict.kind === 'other-epoch' && verdict.epoch !== null) {
    return `${consumer} has another ledger of this line (${verdict.epoch}) and takes nothing of this one`;
  }
  return `${consumer} is heard and stays at ${upTo}: either the broker does not let it have the events, or it cannot store them`;
}

/** In steps, so that the words of a silence that lasts do not change with each look. */
function wholeMinutes(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes === 0) return 'less than a minute';
  return minutes === 1 ? 'one minute' : `${minutes} minutes`;
}
