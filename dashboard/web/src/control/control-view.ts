/** What the panel shows of a picture: pure. All times are ms since 1970 UTC by the server's clock. */
import type { CommandReason } from '@trame/protocol/control/control-events';
import {
  SETTING_IN_MOTION,
  type LineCommand,
  type MotionCommand,
} from '@trame/protocol/control/control-names';
import { CONTROL_STALE_MS, type ControlPicture } from '@trame/protocol/control/control-picture';
import type { LineStateName } from '@trame/protocol/ledger-payloads';
import type { LineFreshness } from '../live/freshness.ts';
import type { MarkShape } from '../ui/StateMark.svelte';
import { isStopOrHold } from './intent.ts';
import type { ReasonAbout } from './reason-text.ts';

export interface Watched {
  readonly picture: ControlPicture;
  /** When it came. */
  readonly at: number;
  readonly nowMs: number;
  readonly freshness: LineFreshness;
  /** Of who is signed in. */
  readonly actorRef: string;
  /** What people call a device. */
  readonly deviceName: (id: string) => string;
}

/** @returns what the reasons of a picture speak of. */
export function reasonAbout({ picture, deviceName }: Pick<Watched, 'picture' | 'deviceName'>): ReasonAbout {
  return { interlocks: picture.interlocks, device: deviceName };
}

/** No command is given on an old picture, but for stop and hold. */
export function isStale({ at, nowMs, freshness }: Pick<Watched, 'at' | 'nowMs' | 'freshness'>): boolean {
  return nowMs - at > CONTROL_STALE_MS || freshness.kind === 'lost';
}

/** @returns a time of the edge's clock by the server's. */
export function serverTime({ picture, at }: Pick<Watched, 'picture' | 'at'>, edgeMs: number): number {
  return at - (picture.at - edgeMs);
}

export type Hand = 'mine' | 'free' | 'other';

export interface HandView {
  readonly hand: Hand;
  /** Null: nobody asks for it. */
  readonly asking: { readonly actor: string; readonly isMine: boolean; readonly leftS: number } | null;
}

export function handView({ picture, at, nowMs, actorRef }: Watched): HandView {
  const { holder, asking } = picture;
  const hand = holder === null ? 'free' : holder === actorRef ? 'mine' : 'other';
  if (asking === null) return { hand, asking: null };
  const { actor } = asking;
  const leftMs = serverTime({ picture, at }, asking.passesAt) - nowMs;
  return {
    hand,
    asking: { actor, isMine: actor === actorRef, leftS: Math.max(0, Math.ceil(leftMs / 1_000)) },
  };
}

/** Why a button does not act now. */
export type Bar =
  | { readonly kind: 'stale' }
  | { readonly kind: 'hand'; readonly hand: Exclude<Hand, 'mine'> }
  | { readonly kind: 'phone' }
  | { readonly kind: 'reason'; readonly reason: CommandReason };

export interface OrderView {
  readonly command: LineCommand;
  /** False: a touch does nothing. Stop and hold always act: the line decides. */
  readonly acts: boolean;
  /** In the order in which somebody can put them right. */
  readonly bars: readonly Bar[];
  /** Only the local enable is missing. */
  readonly wantsEnable: boolean;
  /** Seconds for which the local enable counts yet; null: it does not, or does not matter. */
  readonly enableLeftS: number | null;
}

/** What is shown, in this order: always at the same place. */
export const SHOWN_COMMANDS: readonly LineCommand[] = [
  'line.start',
  'line.hold',
  'line.unhold',
  'line.stop',
  'line.reset',
];

/** From these a line is reset before it starts. */
const BEFORE_RESET: ReadonlySet<LineStateName> = new Set(['stopped', 'complete', 'aborted'] as const);

/** Where the line's state alone says no, what else is missing does not matter yet. */
const OF_THE_MOMENT: ReadonlySet<CommandReason['code']> = new Set([
  'no-local-enable',
  'not-in-control',
  'not-remote',
] as const);

export function orderView(watched: Watched, command: LineCommand, isPhone: boolean): OrderView {
  const { picture, at, nowMs } = watched;
  const all = picture.refusals[command];
  const isWrongNow = all.some(isOfState);
  const reasons = all
    .filter(
      (reason) => !isWrongNow || (!OF_THE_MOMENT.has(reason.code) && !isToldBeside(picture, command, reason)),
    )
    // It counts for seconds: what takes longer comes first.
    .toSorted((a, b) => Number(a.code === 'no-local-enable') - Number(b.code === 'no-local-enable'));
  const always = isStopOrHold(command);
  const wantsReset = command === 'line.start' && BEFORE_RESET.has(picture.state);
  const wantsEnable = reasons.length === 1 && reasons[0]?.code === 'no-local-enable';
  const leftMs = (picture.enableLeftMs ?? 0) - (nowMs - at);
  const { hand } = handView(watched);
  const bars: Bar[] = [];
  if (isStale(watched)) bars.push({ kind: 'stale' });
  if (isPhone && !always) bars.push({ kind: 'phone' });
  if (!always && (!isWrongNow || wantsReset) && hand !== 'mine') bars.push({ kind: 'hand', hand });
  bars.push(...reasons.map((reason) => ({ kind: 'reason', reason }) as const));
  const counts = SETTING_IN_MOTION.includes(command) && reasons.length === 0 && leftMs > 0;
  return {
    command,
    acts: always || bars.length === 0,
    bars,
    wantsEnable,
    enableLeftS: counts ? Math.ceil(leftMs / 1_000) : null,
  };
}

function isOfState({ code }: CommandReason): boolean {
  return code === 'wrong-state' || code === 'not-commanded';
}

/** Whether the same stands under another button, which the state of the line allows. */
function isToldBeside(
  { refusals }: ControlPicture,
  command: LineCommand,
  { code, ref }: CommandReason,
): boolean {
  return SHOWN_COMMANDS.filter((other) => other !== command && !refusals[other].some(isOfState)).some(
    (other) => refusals[other].some((one) => one.code === code && one.ref === ref),
  );
}

/** Reasons that hold for everything which the PLC carries out; the line says them with its commands. */
const OF_THE_LINE: ReadonlySet<CommandReason['code']> = new Set([
  'not-commanded',
  'not-remote',
  'busy',
  'emergency-stop',
] as const);

/** What stands in the way of something other than the commands of the line; its device may still refuse it. */
export function otherBars(watched: Watched, command: MotionCommand, isPhone: boolean): readonly Bar[] {
  const { picture } = watched;
  const isScale = command === 'scale.tare' || command === 'scale.zero';
  const ofLine = picture.refusals['line.mode'].filter(({ code, ref }) => {
    if (!OF_THE_LINE.has(code)) return false;
    if (code === 'not-commanded') return ref === null && !isScale;
    return !isScale || code === 'busy' || (code === 'emergency-stop' && ref !== 'unknown');
  });
  const interlocks = picture.interlocks
    .filter(({ forbidding, forbids }) => forbidding && forbids.includes(command))
    .map(({ id, words }): CommandReason => ({ code: 'interlock', ref: id, words }));
  // Where people work at the machine, a flap moves no more than the line does.
  const ofMode = picture.refusals['line.start'].filter(
    ({ code }) => code === 'wrong-mode' && command === 'diverter.set',
  );
  const { hand } = handView(watched);
  const bars: Bar[] = [];
  if (isStale(watched)) bars.push({ kind: 'stale' });
  if (isPhone) bars.push({ kind: 'phone' });
  if (hand !== 'mine') bars.push({ kind: 'hand', hand });
  bars.push(...[...ofLine, ...ofMode, ...interlocks].map((reason) => ({ kind: 'reason', reason }) as const));
  return bars;
}

/** What stands in the way of another mode: the line says it itself. */
export function modeBars(watched: Watched, isPhone: boolean): readonly Bar[] {
  return orderView(watched, 'line.mode', isPhone).bars;
}

const SHAPES: Readonly<Record<LineStateName, MarkShape>> = {
  clearing: 'starting',
  stopped: 'stopped',
  starting: 'starting',
  idle: 'stopped',
  suspended: 'starved',
  execute: 'running',
  stopping: 'starting',
  aborting: 'fault',
  aborted: 'fault',
  holding: 'starting',
  held: 'blocked',
  unholding: 'starting',
  suspending: 'starting',
  unsuspending: 'starting',
  resetting: 'starting',
  completing: 'starting',
  complete: 'stopped',
  unknown: 'unknown',
};

export function stateShape(state: LineStateName): MarkShape {
  return SHAPES[state];
}

/** How far from a step a value may lie, as a part of the step: 0.1 and 0.05 have no exact binary fraction. */
const STEP_TOLERANCE = 1e-6;

/** @returns what a person typed, when it is a value that the set-point may have; null otherwise. */
export function setpointValue(
  { min, max, step }: Pick<ControlPicture['setpoints'][number], 'min' | 'max' | 'step'>,
  typed: number,
): number | null {
  if (!Number.isFinite(typed) || typed < min || typed > max) return null;
  if (typed === min || typed === max) return typed;
  const steps = typed / step;
  return Math.abs(steps - Math.round(steps)) <= STEP_TOLERANCE ? tidy(typed, step) : null;
}

/** One step up or down, within the range. */
export function stepped(
  { min, max, step }: Pick<ControlPicture['setpoints'][number], 'min' | 'max' | 'step'>,
  from: number,
  direction: 1 | -1,
): number {
  const onGrid = Math.round(from / step) * step;
  return Math.min(max, Math.max(min, tidy(onGrid + direction * step, step)));
}

/** @returns how many decimals the step has, at most 3. */
export function decimalsOfStep(step: number): number {
  return [0, 1, 2, 3].find((decimals) => Math.abs(step - Number(step.toFixed(decimals))) < 1e-9) ?? 3;
}

/** Without the dust of binary fractions: as many decimals as the step has. */
function tidy(value: number, step: number): number {
  return Number(value.toFixed(decimalsOfStep(step)));
}
