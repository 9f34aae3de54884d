/** What follows from the row of a request: what is sent, and among which others it waits. */
import type { CommandRequest } from '@trame/protocol/command';
import type { CommandTable } from '../records/tables.ts';
import { isControlCommand, isStopOrHold } from './command-replies.ts';
import type { QuotedHeartbeat } from './last-heartbeat.ts';

/**
 * The same row always makes the same request, done once whatever it quotes.
 * @param quoted the heartbeat of when it is asked, of what records and expires; null: the one that was noted with it, if any.
 */
export function requestOf(row: CommandTable, quoted: QuotedHeartbeat | null): CommandRequest {
  const { id, site, line, command, args, actorRef, at, boot, tick } = row;
  const noted = boot === null || tick === null ? null : { boot, tick };
  const heartbeat = quoted ?? noted;
  const said = JSON.parse(args) as Record<string, unknown>;
  const request = { v: 1, id, site, line, command, args: said, actorRef, at } as const;
  return heartbeat === null ? request : { ...request, heartbeat };
}

export function laneOf({ site, line, command }: Pick<CommandTable, 'site' | 'line' | 'command'>): string {
  if (isStopOrHold(command)) return `stop ${site}/${line}`;
  return isControlCommand(command) ? `control ${site}/${line}` : 'record';
}
