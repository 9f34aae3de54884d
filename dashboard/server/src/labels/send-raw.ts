/** One attempt to hand bytes to a printer on raw TCP (port 9100). */
import { connect, type Socket } from 'node:net';
import type { Clock } from '../ports/clock.ts';
import { slept } from '../ports/repeat.ts';

export interface RawTarget {
  readonly host: string;
  readonly port: number;
}

/** How long each step may take, ms. */
export interface SendLimits {
  readonly connectMs: number;
  /** Until the printer has taken every byte. A printer without paper stops taking. */
  readonly writeMs: number;
  /** From the last byte until the printer has closed its side too. */
  readonly closeMs: number;
}

export const usualLimits: SendLimits = { connectMs: 3_000, writeMs: 10_000, closeMs: 15_000 };

/**
 * What became of it. `printed`: the printer took all bytes and closed without complaint, which is as much as raw TCP
 * can tell. `mayHavePrinted`: a label may have come out although nothing confirms it, so a repeat is a reprint.
 */
export type SendOutcome =
  | { readonly kind: 'printed' }
  | { readonly kind: 'unreachable'; readonly reason: string; readonly mayHavePrinted: false }
  | {
      readonly kind: 'timed-out';
      readonly during: 'connect' | 'write' | 'close';
      readonly mayHavePrinted: boolean;
    }
  | { readonly kind: 'cut-off'; readonly reason: string; readonly mayHavePrinted: boolean }
  | { readonly kind: 'stopped'; readonly mayHavePrinted: boolean };

type Phase = 'connect' | 'write' | 'close';

/** Connects, writes, ends its side, and waits for the printer to end its own. Never rejects. */
export async function sendRaw(
  target: RawTarget,
  bytes: Uint8Array,
  limits: SendLimits,
  clock: Clock,
  signal: AbortSignal,
): Promise<SendOutcome> {
  if (signal.aborted) return { kind: 'stopped', mayHavePrinted: false };
  const over = new AbortController();
  const socket = connect({ host: target.host, port: target.port, noDelay: true });
  const timedOut = (phase: Phase, ms: number) => timeOut(phase, ms, clock, over.signal);
  try {
    return await Promise.race([
      attempt(socket, bytes, limits, timedOut),
      stopped(signal, over.signal, () => socket.bytesWritten > 0),
    ]);
  } finally {
    over.abort();
    socket.destroy();
  }
}

type TimedOut = (phase: Phase, ms: number) => Promise<SendOutcome>;

function attempt(
  socket: Socket,
  bytes: Uint8Array,
  limits: SendLimits,
  timedOut: TimedOut,
): Promise<SendOutcome> {
  let phase: Phase = 'connect';
  return new Promise((settle) => {
    const watch = async (watched: Phase, ms: number) => {
      const outcome = await timedOut(watched, ms);
      // A step that was passed in time has no deadline any more.
      if (phase === watched) settle(outcome);
    };
    const enter = (next: Phase, ms: number) => {
      phase = next;
      void watch(next, ms);
    };
    const failed = (reason: string) => {
      if (phase === 'connect') settle({ kind: 'unreachable', reason, mayHavePrinted: false });
      else settle({ kind: 'cut-off', reason, mayHavePrinted: phase === 'close' });
    };
    enter('connect', limits.connectMs);
    socket.once('connect', () => {
      enter('write', limits.writeMs);
      socket.write(bytes, (error) => {
        // The error comes by its own event too.
        if (error !== null && error !== undefined) return;
        enter('close', limits.closeMs);
        socket.end();
      });
    });
    // What the printer says is not asked for, but unread it would keep the connection open.
    socket.resume();
    socket.once('error', (error) => failed(reasonOf(error)));
    socket.once('close', () => {
      if (phase === 'close') settle({ kind: 'printed' });
      else failed('the printer closed before it had taken the label');
    });
  });
}

async function timeOut(during: Phase, ms: number, clock: Clock, over: AbortSignal): Promise<SendOutcome> {
  const isLate = await slept(clock, ms, over);
  // Nobody waits for this any more once the attempt is over.
  if (!isLate) return { kind: 'stopped', mayHavePrinted: false };
  return { kind: 'timed-out', during, mayHavePrinted: during === 'close' };
}

function stopped(signal: AbortSignal, over: AbortSignal, hasSent: () => boolean): Promise<SendOutcome> {
  return new Promise((settle) => {
    signal.addEventListener('abort', () => settle({ kind: 'stopped', mayHavePrinted: hasSent() }), {
      once: true,
      signal: over,
    });
  });
}

function reasonOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}
