import { signCommand, type CommandRequest } from '@trame/protocol/command';
import { trameTopic } from '@trame/protocol/topics';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';
import { slept } from '../ports/repeat.ts';

interface Sending {
  readonly channel: { publish(topic: string, payload: string): boolean };
  readonly clock: Clock;
  readonly key: KeyObject;
}

/**
 * Sends a request, signed once, and again every `everyMs`: each may be lost on its way.
 * @param until.lateAt monotonic, ms.
 * @returns null when the time is over or nobody waits any more.
 */
export async function keepSending(
  { channel, clock, key }: Sending,
  request: CommandRequest,
  { everyMs, lateAt, signal }: { everyMs: number; lateAt: number; signal: AbortSignal },
): Promise<null> {
  const topic = trameTopic(request.site, request.line, 'command');
  const payload = JSON.stringify(signCommand(request, key));
  for (;;) {
    channel.publish(topic, payload);
    const leftMs = lateAt - clock.monotonicMs();
    if (!(await slept(clock, Math.max(0, Math.min(everyMs, leftMs)), signal))) return null;
    if (clock.monotonicMs() >= lateAt) return null;
  }
}
