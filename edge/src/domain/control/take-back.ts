/** The request bit of a handshake never stays set: it is written down until it is read down. */
import type { TakeBack } from './control-state.ts';
import type { StepOutcome } from './control-types.ts';
import { change, emit, nextStep, type Turn } from './turn.ts';

/** A write that was not confirmed is made again after, ms. */
export const TAKE_BACK_EVERY_MS = 5_000;

export const NOTHING_STANDS: TakeBack = { isDue: false, step: null, atMs: -Infinity };

/** What was written down so lately may not have been seen to fall, ms. */
const JUST_NOW_MS = 1_000;

/** @returns whether the bit may be set at the PLC, as far as writing tells. @param nowMs monotonic. */
export function mayStillStand({ isDue, atMs }: TakeBack, nowMs: number): boolean {
  return isDue || nowMs - atMs < JUST_NOW_MS;
}

/** @param request that it belongs to; null: the machine tidies up. */
export function takeBack(turn: Turn, request: string | null): Turn {
  const channel = turn.setup.control.plc?.channel;
  if (channel?.kind !== 'handshake') return turn;
  const { turn: counted, step } = nextStep(turn);
  const due = change(counted, { takeBack: { isDue: true, step, atMs: turn.at.monotonicMs } });
  return emit(due, { kind: 'write', step, request, target: channel.request, value: false });
}

export function takenBack(turn: Turn, step: number, outcome: StepOutcome): Turn {
  const { takeBack: before } = turn.state;
  if (before.step !== step) return turn;
  return change(turn, { takeBack: { ...before, step: null, isDue: outcome.kind !== 'confirmed' } });
}

/** With nothing under way, a bit that stands, or that may stand, is taken back. */
export function tidyRequestBit(turn: Turn): Turn {
  const { running, takeBack: before, inputs } = turn.state;
  const { plc } = turn.setup.control;
  if (running !== null || plc?.channel.kind !== 'handshake' || !inputs.online.has(plc.device)) return turn;
  if (turn.at.monotonicMs - before.atMs < TAKE_BACK_EVERY_MS) return turn;
  if (inputs.bits?.request === true) return takeBack(turn, null);
  if (inputs.bits?.request === false) return change(turn, { takeBack: { ...before, isDue: false } });
  return before.isDue ? takeBack(turn, null) : turn;
}

/** Nobody comes again to take it back: a bit that stands or may stand falls now, one that is falling is written anew. */
export function takeBackAtEnd(turn: Turn): Turn {
  const { takeBack: before, inputs } = turn.state;
  const { plc } = turn.setup.control;
  if (plc?.channel.kind !== 'handshake' || !inputs.online.has(plc.device)) return turn;
  const mayStand = before.isDue || inputs.bits?.request === true;
  if (!mayStand) return turn;
  const left = before.step === null ? turn : emit(turn, { kind: 'forget', step: before.step });
  return takeBack(left, null);
}
