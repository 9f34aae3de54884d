/**
 * One thing that a person asked of a line, from the touch to what came of it. Pure. It keeps one `Idempotency-Key` until
 * its outcome is known, so that a second touch is the same request; what nobody answered is looked up, and only a stop
 * or a hold is sent again: a start that arrives late surprises somebody.
 */
import type { CommandReason } from '@trame/protocol/control/control-events';
import type { CommandOutcomeName, LeaseCommand, MotionCommand } from '@trame/protocol/control/control-names';
import type { ControlPicture } from '@trame/protocol/control/control-picture';
import type { OrderAnswer, OrderRow } from '../api/read-control.ts';

export type OrderCommand = MotionCommand | LeaseCommand;
export type OrderArgs = Readonly<Record<string, string | number | boolean | null>>;

export interface Told {
  /** `not-sent`: the server knows of no such request. `rejected`: it, or the line, did not look at it (`code`). */
  readonly outcome: CommandOutcomeName | 'not-sent' | 'rejected';
  readonly code: string;
  readonly reasons: readonly CommandReason[];
  readonly detail: string | null;
  /** Station or step that did not come in time. */
  readonly late: string | null;
}

export type IntentStage =
  /** `isSlow`: nothing was heard within {@link SLOW_MS}. */
  | { readonly kind: 'sending'; readonly isSlow: boolean }
  /** `request` null: the server did not answer, so nobody knows under which id it is. */
  | { readonly kind: 'checking'; readonly request: string | null }
  /** `atMs`: when that was heard, server time. */
  | { readonly kind: 'ended'; readonly told: Told; readonly atMs: number };

export interface Intent {
  /** What it is about: while one is open here, no second begins. */
  readonly slot: string;
  readonly key: string;
  readonly command: OrderCommand;
  readonly args: OrderArgs;
  /** Server time of the touch, ms since 1970 UTC. */
  readonly atMs: number;
  /** It was sent, and the server could not write it down (yet). */
  readonly unnoted?: boolean;
  readonly stage: IntentStage;
}

export type IntentEvent =
  | { readonly kind: 'answered'; readonly answer: OrderAnswer }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly reasons: readonly CommandReason[];
      readonly detail: string | null;
    }
  /** No answer: it may have arrived or not. */
  | { readonly kind: 'away' }
  | { readonly kind: 'slow' }
  | { readonly kind: 'picture'; readonly last: NonNullable<ControlPicture['last']> }
  | { readonly kind: 'row'; readonly row: OrderRow }
  /** The server was asked and knows no such request. */
  | { readonly kind: 'no-row' }
  /** It was looked into for {@link CHECK_FOR_MS}. */
  | { readonly kind: 'given-up' };

/** What the page has to do so that an outcome becomes known. */
export type NextStep = 'send' | 'ask-by-id' | 'look-for-it' | 'give-up' | 'nothing';

/** After so long without an answer a person is told that it is being looked into, ms. */
export const SLOW_MS = 1_000;
/** A stop or a hold that nobody answers is sent again for so long, ms. */
export const SEND_AGAIN_FOR_MS = 60_000;
/** A stop that is still being looked into may be asked for anew after so long: nobody is left without one, ms. */
export const STOP_ANEW_AFTER_MS = 3_000;
/** What has no outcome after so long is told as unknown, ms: no sequence of a line takes longer. */
export const CHECK_FOR_MS = 180_000;
/** What was sent may still arrive for so long after the touch: before that nobody says that nothing left, ms. */
export const NOT_SENT_AFTER_MS = 5_000;

export function isOpen({ stage }: Intent): boolean {
  return stage.kind !== 'ended';
}

export function slotOf(command: OrderCommand, args: OrderArgs): string {
  const about = args['setpoint'] ?? args['outlet'] ?? args['scale'] ?? null;
  return about === null ? command : `${command}/${String(about)}`;
}

/**
 * @param before what was asked last in the same slot.
 * @returns null when that is still open: a second touch is the same request. After one that seems not to have left, the
 * same thing asked again is the same request too, should it have arrived after all.
 */
export function newIntent(
  before: Intent | undefined,
  asked: Pick<Intent, 'command' | 'args' | 'atMs'>,
  newKey: () => string,
): Intent | null {
  const isAnew = isStopOrHold(asked.command) && asked.atMs - (before?.atMs ?? 0) >= STOP_ANEW_AFTER_MS;
  if (before !== undefined && isOpen(before) && !isAnew) return null;
  const isAgain =
    before?.stage.kind === 'ended' &&
    before.stage.told.outcome === 'not-sent' &&
    JSON.stringify(before.args) === JSON.stringify(asked.args);
  return {
    ...asked,
    slot: slotOf(asked.command, asked.args),
    key: isAgain ? before.key : newKey(),
    stage: { kind: 'sending', isSlow: false },
  };
}

/** @param nowMs server time. */
export function nextIntent(intent: Intent, event: IntentEvent, nowMs: number): Intent {
  if (intent.stage.kind === 'ended') return intent;
  switch (event.kind) {
    case 'answered': {
      const { id, outcome, code, reasons, detail, noted = true } = event.answer;
      const sent = noted ? intent : { ...intent, unnoted: true };
      if (outcome === 'checking') return { ...sent, stage: { kind: 'checking', request: id } };
      return ended(sent, nowMs, { outcome, code, reasons, detail, late: null });
    }
    case 'refused': {
      const outcome = event.reasons.length > 0 ? 'refused' : 'rejected';
      const { code, reasons } = event;
      // Without reasons, the words are those of the code.
      const detail = reasons.length > 0 && reasons[0]?.words !== event.detail ? event.detail : null;
      return ended(intent, nowMs, { outcome, code, reasons, detail, late: null });
    }
    case 'away':
      return intent.stage.kind === 'sending'
        ? { ...intent, stage: { kind: 'checking', request: null } }
        : intent;
    case 'slow':
      return intent.stage.kind === 'sending'
        ? { ...intent, stage: { kind: 'sending', isSlow: true } }
        : intent;
    case 'picture': {
      const { request, outcome, reasons, detail, late } = event.last;
      if (requestOf(intent) !== request) return intent;
      return ended(intent, nowMs, { outcome, code: outcome, reasons, detail, late });
    }
    case 'row':
      return afterRow(intent, event.row, nowMs);
    case 'given-up':
      return ended(intent, nowMs, { outcome: 'unknown', code: '', reasons: [], detail: null, late: null });
    case 'no-row':
      if (nowMs - intent.atMs < NOT_SENT_AFTER_MS) return intent;
      return ended(intent, nowMs, { outcome: 'not-sent', code: '', reasons: [], detail: null, late: null });
  }
}

/** @param nowMs server time. */
export function nextStep(intent: Intent, nowMs: number): NextStep {
  const { stage, command, atMs } = intent;
  if (stage.kind !== 'checking') return 'nothing';
  if (nowMs - atMs >= CHECK_FOR_MS) return 'give-up';
  if (stage.request !== null) return 'ask-by-id';
  return isStopOrHold(command) && nowMs - atMs < SEND_AGAIN_FOR_MS ? 'send' : 'look-for-it';
}

export function isStopOrHold(command: OrderCommand): command is 'line.stop' | 'line.hold' {
  return command === 'line.stop' || command === 'line.hold';
}

/** What the line does or leaves says nothing any more once it has gone on. */
const OF_ITS_MOMENT: ReadonlySet<Told['outcome']> = new Set(['done', 'refused', 'rejected'] as const);

/** How far two messages of the same moment may be apart by the time they are here: one of a start, one of the line that runs. */
export const SAME_MOMENT_MS = 2_000;

/**
 * Whether what came of it is told no longer, since the line stands otherwise by now. What failed is told for its time:
 * the line stands otherwise because of it.
 *
 * @param stateSinceMs since when the line is in its present state, server time.
 */
export function isPast({ stage }: Pick<Intent, 'stage'>, stateSinceMs: number): boolean {
  if (stage.kind !== 'ended' || !OF_ITS_MOMENT.has(stage.told.outcome)) return false;
  return stage.atMs + SAME_MOMENT_MS < stateSinceMs;
}

/** @returns under which id the server has it; null: not known. */
export function requestOf({ stage }: Intent): string | null {
  return stage.kind === 'checking' ? stage.request : null;
}

function afterRow(intent: Intent, row: OrderRow, nowMs: number): Intent {
  const { id, outcome, reasons, detail, late } = row;
  if (outcome === 'checking') return { ...intent, stage: { kind: 'checking', request: id } };
  return ended(intent, nowMs, { outcome, code: outcome, reasons, detail, late });
}

function ended(intent: Intent, nowMs: number, told: Told): Intent {
  return { ...intent, stage: { kind: 'ended', told, atMs: nowMs } };
}
