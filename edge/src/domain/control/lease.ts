/**
 * Who has the line in hand: one person at a time. A free line is taken at once; one that is held is asked for, and
 * passes when its holder agrees or does not answer. All durations are monotonic.
 */
import { LEASE_IDLE_MS, TAKE_OVER_MS, type CommandRefusal } from '@trame/protocol/control/control-names';
import type { ControlChanged } from '@trame/protocol/control/control-events';

export interface Lease {
  readonly holder: string | null;
  /** Monotonic ms of the holder's last command. */
  readonly usedAtMs: number;
  readonly asking: { readonly actor: string; readonly request: string; readonly sinceMs: number } | null;
}

export type LeaseEvent =
  | { readonly kind: 'take'; readonly actor: string; readonly request: string }
  | {
      readonly kind: 'answer';
      readonly actor: string;
      readonly request: string;
      readonly grant: boolean;
      /** Who asked, as far as the holder saw. */
      readonly to: unknown;
    }
  | { readonly kind: 'release'; readonly actor: string; readonly request: string }
  /** Somebody gave a command. */
  | { readonly kind: 'use'; readonly actor: string }
  | { readonly kind: 'time' };

export interface LeaseAnswer {
  readonly request: string;
  readonly kind: 'done' | 'waits' | 'refused';
  /** Why it is refused. */
  readonly code: CommandRefusal | null;
  readonly detail: string | null;
}

export interface LeaseStep {
  readonly lease: Lease;
  /** To be recorded: the new holder, why, and the request that it followed from. */
  readonly changes: readonly (ControlChanged & { readonly request: string | null })[];
  readonly answers: readonly LeaseAnswer[];
}

export const FREE: Lease = { holder: null, usedAtMs: 0, asking: null };

/** @param nowMs monotonic. */
export function nextLease(lease: Lease, event: LeaseEvent, nowMs: number): LeaseStep {
  switch (event.kind) {
    case 'take':
      return take(lease, event, nowMs);
    case 'answer':
      return answer(lease, event, nowMs);
    case 'release':
      return release(lease, event, nowMs);
    case 'use':
      return still(event.actor === lease.holder ? { ...lease, usedAtMs: nowMs } : lease);
    case 'time':
      return pass(lease, nowMs);
  }
}

/** @returns when the line passes to who asks, monotonic ms; null: nobody asks. */
export function passesAtMs({ asking }: Lease): number | null {
  return asking === null ? null : asking.sinceMs + TAKE_OVER_MS;
}

function take(
  lease: Lease,
  { actor, request }: { actor: string; request: string },
  nowMs: number,
): LeaseStep {
  if (lease.holder === null) return handOver({ actor, request }, 'taken', nowMs);
  if (lease.holder === actor) return still({ ...lease, usedAtMs: nowMs }, done(request));
  if (lease.asking !== null) {
    return still(lease, refused(request, 'busy', 'Quelqu’un demande déjà la main.'));
  }
  return still(
    { ...lease, asking: { actor, request, sinceMs: nowMs } },
    { request, kind: 'waits', code: null, detail: null },
  );
}

function answer(
  lease: Lease,
  { actor, request, grant, to }: { actor: string; request: string; grant: boolean; to: unknown },
  nowMs: number,
): LeaseStep {
  if (lease.holder !== actor) return still(lease, refused(request, 'not-in-control', null));
  if (lease.asking === null) {
    return still(lease, refused(request, 'wrong-state', 'Personne ne demande la main.'));
  }
  if (lease.asking.actor !== to) {
    return still(lease, refused(request, 'wrong-state', 'C’est quelqu’un d’autre qui demande la main.'));
  }
  if (grant) {
    const step = handOver(lease.asking, 'granted', nowMs);
    return { ...step, answers: [...step.answers, done(request)] };
  }
  const kept = { ...lease, asking: null, usedAtMs: nowMs };
  return still(
    kept,
    refused(lease.asking.request, 'not-in-control', 'La main n’est pas cédée.'),
    done(request),
  );
}

function release(
  lease: Lease,
  { actor, request }: { actor: string; request: string },
  nowMs: number,
): LeaseStep {
  if (lease.holder === actor) {
    if (lease.asking !== null) {
      const step = handOver(lease.asking, 'granted', nowMs);
      return { ...step, answers: [...step.answers, done(request)] };
    }
    return { lease: FREE, changes: [{ holder: null, why: 'released', request }], answers: [done(request)] };
  }
  if (lease.asking?.actor === actor) {
    const withdrawn = refused(lease.asking.request, 'not-in-control', 'La demande a été retirée.');
    return still({ ...lease, asking: null }, withdrawn, done(request));
  }
  return still(lease, refused(request, 'not-in-control', null));
}

function pass(lease: Lease, nowMs: number): LeaseStep {
  const { asking, holder, usedAtMs } = lease;
  if (asking !== null && nowMs - asking.sinceMs >= TAKE_OVER_MS) return handOver(asking, 'timed-out', nowMs);
  if (holder !== null && asking === null && nowMs - usedAtMs >= LEASE_IDLE_MS) {
    return { lease: FREE, changes: [{ holder: null, why: 'lapsed', request: null }], answers: [] };
  }
  return still(lease);
}

function handOver(
  { actor, request }: { readonly actor: string; readonly request: string },
  why: ControlChanged['why'],
  nowMs: number,
): LeaseStep {
  return {
    lease: { holder: actor, usedAtMs: nowMs, asking: null },
    changes: [{ holder: actor, why, request }],
    answers: [done(request)],
  };
}

function still(lease: Lease, ...answers: readonly LeaseAnswer[]): LeaseStep {
  return { lease, changes: [], answers };
}

function done(request: string): LeaseAnswer {
  return { request, kind: 'done', code: null, detail: null };
}

function refused(request: string, code: CommandRefusal, detail: string | null): LeaseAnswer {
  return { request, kind: 'refused', code, detail };
}
