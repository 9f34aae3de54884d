/** Sessions played for tests: events in, effects out. */
import { GOOD } from '@trame/protocol/quality';
import type { Sample } from '../domain/tag-state.ts';
import { newSession, next, type SessionEvent, type SessionState } from './session.ts';
import type { SessionEffect } from './session-effect.ts';

export const SAMPLE: Sample = { tag: 'gross', value: 1, quality: GOOD, qualityChanged: false, timeMs: 0 };

export function data(device: string): SessionEvent {
  return { kind: 'data', device, samples: [SAMPLE], historical: false };
}

/** The edge's clock when a STATE arrives, unless a test says otherwise. */
export const NOW_MS = 1_000_000_000;

export function host(online: boolean, timestampMs: number, atMs = 0): SessionEvent {
  return { kind: 'host-state', online, timestampMs, nowMs: NOW_MS, atMs };
}

export function recheck(atMs: number): SessionEvent {
  return { kind: 'host-recheck', atMs };
}

/** Runs events from a fresh session. */
export function play(events: readonly SessionEvent[], waitsForHost = false, lastBdSeq: number | null = null) {
  let state: SessionState = newSession(lastBdSeq, waitsForHost);
  const effects: SessionEffect[] = [];
  for (const event of events) {
    const step = next(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects, kinds: effects.map(({ kind }) => kind) };
}

export const CONNECTED: readonly SessionEvent[] = [{ kind: 'start' }, { kind: 'connected', atMs: 0 }];
