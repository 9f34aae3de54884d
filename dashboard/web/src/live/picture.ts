/** The live picture as the page holds it, and how each message of the server changes it. */
import type { LiveDelta, LiveSnapshot, LiveState } from '@trame/protocol/live-state';
import { applyOps } from './apply-ops.ts';

export interface Picture {
  readonly epoch: string;
  readonly rev: number;
  readonly state: LiveState;
}

export type Received =
  | { readonly kind: 'ok'; readonly picture: Picture }
  /** The delta does not follow what the page holds: only a new snapshot helps. */
  | { readonly kind: 'outOfStep' };

export function fromSnapshot(snapshot: LiveSnapshot): Picture {
  return { epoch: snapshot.epoch, rev: snapshot.rev, state: snapshot.state };
}

export function withDelta(picture: Picture | null, delta: LiveDelta): Received {
  if (picture === null || delta.prev !== picture.rev) return { kind: 'outOfStep' };
  const applied = applyOps(picture.state, delta.ops);
  if (applied.kind === 'mismatch') return { kind: 'outOfStep' };
  return { kind: 'ok', picture: { epoch: picture.epoch, rev: delta.rev, state: applied.state } };
}

/** @returns the latest time at which the server heard any line, ms since 1970 UTC, or null. */
export function lastHeardAt(state: LiveState): number | null {
  let last: number | null = null;
  for (const line of Object.values(state.lines)) {
    if (line.lastMessageAt !== null && (last === null || line.lastMessageAt > last))
      last = line.lastMessageAt;
  }
  return last;
}
