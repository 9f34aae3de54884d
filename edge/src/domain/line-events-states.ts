/** States of devices and of the line, as events. */
import { EVENT_TIME_MIN_MS } from '@trame/protocol/ledger-event';
import { LINE_STATES, type LineState, type LineStateName } from '@trame/protocol/ledger-payloads';
import { toNumber } from '@trame/protocol/tag';
import type { LineStateTag } from './line-config.ts';
import { lineEvent, type LineEvent } from './line-events.ts';
import type { TagRef } from './tag-ref.ts';
import type { TagState } from './tag-state.ts';

/** How long a device must be there, or away, before it is told, ms. */
export const PRESENCE_HOLD_MS = 2000;
/** How long a line must say nothing before its state is unknown, ms. What it says is told at once. */
export const UNKNOWN_HOLD_MS = 5000;

/** A device on a loose cable is told so often a minute. */
export const PRESENCES_A_MINUTE = 6;
/** A line that starves and goes on again does so more often, and its stops are what people look at. */
export const LINE_STATES_A_MINUTE = 60;

const REASON_LENGTH_MAX = 300;

export function deviceMarkName(device: string): string {
  return `device.${device}`;
}

export const LINE_STATE_MARK = 'line.state';

/** @param reason in words for a person, of a device that is offline. */
export function deviceEvent(
  device: string,
  state: 'online' | 'offline',
  reason: string | null,
  atMs: number,
): LineEvent {
  return lineEvent(
    'device.state',
    Math.max(atMs, EVENT_TIME_MIN_MS),
    { device, state, reason: state === 'online' ? null : cut(reason) },
    { [deviceMarkName(device)]: state },
  );
}

/** Half a character, where the cut goes through one, has no canonical form: it becomes U+FFFD. */
function cut(words: string | null): string | null {
  return words?.slice(0, REASON_LENGTH_MAX).toWellFormed() ?? null;
}

/** @param emergencyStop tag that is true while the circuit is open; null: the line has none, or it was not read yet. */
export function lineStateOf(state: LineStateName, emergencyStop: TagState | null): LineState {
  const open = emergencyStop?.quality.level === 'good' ? emergencyStop.value : null;
  return { state, emergencyStop: typeof open === 'boolean' ? open : null };
}

/**
 * The one reading of a line's state, for what is recorded, watched and commanded alike. States of ISA-TR88.00.02 are
 * numbered from 1 in the order of {@link LINE_STATES}; `unknown` has no number.
 * @param lineState null: the line does not say.
 * @param tagOf null: the tag was not read yet.
 */
export function lineStateName(
  lineState: LineStateTag | null,
  tagOf: (ref: TagRef) => TagState | null,
): LineStateName {
  const tag = lineState === null ? null : tagOf(lineState);
  if (lineState === null || tag?.quality.level !== 'good') return 'unknown';
  const { value } = tag;
  const number = typeof value === 'number' || typeof value === 'bigint' ? toNumber(value) : null;
  if (number === null || !Number.isInteger(number)) return 'unknown';
  const { states } = lineState;
  return (states === null ? LINE_STATES[number - 1] : states.get(number)) ?? 'unknown';
}

export function lineStateEvent(state: LineState, mark: string, atMs: number): LineEvent {
  return lineEvent('line.state', Math.max(atMs, EVENT_TIME_MIN_MS), state, { [LINE_STATE_MARK]: mark });
}

/** One text for a state, to compare it with the one told before. */
export function lineStateMark({ state, emergencyStop }: LineState): string {
  return `${state}/${String(emergencyStop)}`;
}
