/** What an edge's answers mean, one after the other: pure. */
import type { ReplyCode } from '@trame/protocol/command';
import { isMotionCommand, LEASE_COMMANDS } from '@trame/protocol/control/control-names';

/** @returns whether an edge may answer twice: that it carries the request out, then how it ended. */
export function isControlCommand(command: string): boolean {
  return isMotionCommand(command) || LEASE_COMMANDS.some((name) => name === command);
}

/** @returns whether nothing keeps it from leaving this server but a line that is not heard. */
export function isStopOrHold(command: string): boolean {
  return command === 'line.stop' || command === 'line.hold';
}

/** Of a request that records something: what is done stays done, whatever is said later. */
const RECORDED: readonly string[] = ['done', 'already-done'] satisfies ReplyCode[];
/** Of a request to a line: how it ended. */
const ENDED: readonly string[] = ['done', 'refused', 'failed', 'unconfirmed'] satisfies ReplyCode[];
/** It was taken; the outcome follows, or stands in the ledger. */
const TAKEN: readonly string[] = ['accepted', 'already-done'] satisfies ReplyCode[];

/** @returns whether nothing that an edge may still say of a request that records something changes this. */
export function isRecorded(code: string | null): boolean {
  return code !== null && RECORDED.includes(code);
}

/** @returns whether a request to a line was taken, and its end was not told. */
export function isTaken(code: string | null): boolean {
  return code !== null && TAKEN.includes(code);
}

/** @returns whether this says how a request to a line ended. */
export function isEnd(code: string | null): boolean {
  return code !== null && ENDED.includes(code);
}

/**
 * @param before code of the answer that is noted; null: none.
 * @returns whether the answer `now` says more. An edge that is asked again may have forgotten what it carried out, and
 * call it `expired`: that takes nothing back.
 */
export function replaces(command: string, before: string | null, now: ReplyCode): boolean {
  if (!isControlCommand(command)) return !isRecorded(before);
  if (isEnd(before)) return false;
  return isTaken(before) ? isEnd(now) : true;
}

/** @returns whether a request to a line with this answer may be sent again: nothing came of it yet. */
export function mayAskAgain(code: string | null): boolean {
  return !isEnd(code) && !isTaken(code) && code !== 'expired';
}
