/** One turn of the control machine: an event is worked on step by step, and what is to be done is gathered. */
import type { ReplyCode } from '@trame/protocol/command';
import type { CommandReason } from '@trame/protocol/control/control-events';
import { EVENT_TIME_MIN_MS } from '@trame/protocol/ledger-event';
import type { LedgerEventType, LedgerPayloads } from '@trame/protocol/ledger-payloads';
import { MOTION_EXPIRY_MS } from '@trame/protocol/command';
import type { Instant } from '../tag-state.ts';
import type { Answered, ControlState } from './control-state.ts';
import {
  INPUTS_STALE_MS,
  type ControlEffect,
  type ControlRecord,
  type ControlSetup,
} from './control-types.ts';
import { cutDetail } from './control-words.ts';
import { enableLeftMs } from './local-enable.ts';
import { readInputs, type ControlInputs } from './read-inputs.ts';
import type { RefusalView } from './refusals.ts';

export interface Turn {
  readonly setup: ControlSetup;
  readonly at: Instant;
  readonly state: ControlState;
  readonly effects: readonly ControlEffect[];
}

export function change(turn: Turn, state: Partial<ControlState>): Turn {
  return { ...turn, state: { ...turn.state, ...state } };
}

export function emit(turn: Turn, ...effects: readonly ControlEffect[]): Turn {
  return { ...turn, effects: [...turn.effects, ...effects] };
}

/** @returns the turn and the number of a new step. */
export function nextStep(turn: Turn): { readonly turn: Turn; readonly step: number } {
  const step = turn.state.steps + 1;
  return { turn: change(turn, { steps: step }), step };
}

/** What is known of the line at this moment: a snapshot that is too old says nothing. */
export function inputsNow({ setup, at, state: { inputs } }: Turn): ControlInputs {
  const isFresh = at.monotonicMs - inputs.lookedAtMs <= INPUTS_STALE_MS;
  return isFresh ? inputs : readInputs(setup, new Map(), inputs.lookedAtMs);
}

/** @param request that is being carried out; null: one that was not begun. */
export function refusalView(turn: Turn, request: string | null = null): RefusalView {
  const { setup, at, state } = turn;
  const withinMs = setup.control.plc?.enableWithinMs ?? 0;
  return {
    inputs: inputsNow(turn),
    enableLeftMs: enableLeftMs(state.enable, withinMs, at.monotonicMs, request),
    running: state.running?.command ?? null,
    handMode: state.handMode,
  };
}

export function record<T extends LedgerEventType>(
  turn: Turn,
  type: T,
  payload: LedgerPayloads[T],
  more: Partial<Omit<ControlRecord, 'type' | 'payload'>> & { readonly step?: number } = {},
): Turn {
  const { step = null, ...rest } = more;
  const occurredAtMs = Math.max(rest.occurredAtMs ?? turn.at.wallMs, EVENT_TIME_MIN_MS);
  const made = { type, payload, actorRef: null, key: null, marks: {}, ...rest, occurredAtMs };
  return emit(turn, { kind: 'record', record: made, step });
}

/** Answers that are remembered; none is forgotten while its request could still be sent again. */
export const ANSWERED_MAX = 256;
/** A request cannot be sent again later: the heartbeat that it quotes has expired. A margin on top, ms. */
const REMEMBERED_MS = 2 * MOTION_EXPIRY_MS;

/** @returns whether one more answer can be remembered without forgetting one that may be asked for again. */
export function canRemember({ state: { answered }, at }: Turn): boolean {
  return answered.length < ANSWERED_MAX || !isRecent(answered[0], at);
}

/** Answers for good, and remembers it. */
export function answerFinally(
  turn: Turn,
  id: string,
  code: ReplyCode,
  reasons: readonly CommandReason[],
  detail: string | null,
): Turn {
  const words = detail === null ? null : cutDetail(detail);
  const answer: Answered = { id, code, reasons, detail: words, atMs: turn.at.monotonicMs };
  const isFull = turn.state.answered.length >= ANSWERED_MAX;
  const kept = isFull ? turn.state.answered.slice(1) : turn.state.answered;
  const known = change(turn, { answered: [...kept, answer] });
  return emit(known, { kind: 'answer', id, code, reasons, detail: words, isFinal: true });
}

function isRecent(answer: Answered | undefined, at: Instant): boolean {
  return answer !== undefined && at.monotonicMs - answer.atMs < REMEMBERED_MS;
}
