/**
 * One alarm as it is watched: its inputs with their delays, its state, and how often it changed lately. One that changes
 * too often (a loose cable) is calmed: from {@link CHANGES_A_MINUTE} changes in a minute on it goes back, and is suppressed
 * by design, only after {@link CALM_MS} in which that holds. So a minute holds at most that many changes and a few more;
 * both the beginning and what was left out are told, in the words of the change.
 */
import { nextAlarm, type AlarmChange, type AlarmState } from './alarm-machine.ts';
import { nextHeld, startHeld, type HeldInput, type InputDelays } from './held-input.ts';
import type { Instant } from '../tag-state.ts';

export const CHANGES_A_MINUTE = 12;
export const CALM_MS = 30_000;
const MINUTE_MS = 60_000;

export interface AlarmRun {
  readonly state: AlarmState;
  readonly condition: HeldInput;
  readonly design: HeldInput;
  /** When it changed by itself in the last minute, monotonic ms, oldest first; at most {@link CHANGES_A_MINUTE}. */
  readonly changedAtMs: readonly number[];
  /** Null: it is not calmed. Else how often its condition came back meanwhile without being told. */
  readonly calmed: number | null;
}

export interface AlarmInputs {
  /** Null: not known. */
  readonly condition: boolean | null;
  readonly suppressed: boolean | null;
}

export interface AlarmRules {
  readonly onDelayMs: number;
  readonly offDelayMs: number;
  readonly latching: boolean;
}

export interface RunStep {
  readonly run: AlarmRun;
  readonly change: AlarmChange | null;
  /** What is said with the change. */
  readonly comment: string | null;
}

/** @param state as it was kept. */
export function startAlarm(state: AlarmState, nowMs: number): AlarmRun {
  return {
    state,
    condition: startHeld(state.stands, state.known, nowMs),
    design: startHeld(state.suppressed, true, nowMs),
    changedAtMs: [],
    calmed: null,
  };
}

/** Takes what is seen now, through the delays. The state does not change by it. @param nowMs monotonic. */
export function feelInputs(run: AlarmRun, seen: AlarmInputs, rules: AlarmRules, nowMs: number): AlarmRun {
  const calmMs = run.calmed === null ? 0 : CALM_MS;
  const onCondition: InputDelays = { onMs: rules.onDelayMs, offMs: Math.max(rules.offDelayMs, calmMs) };
  const condition = nextHeld(run.condition, seen.condition, onCondition, nowMs);
  const design = nextHeld(run.design, seen.suppressed, { onMs: calmMs, offMs: 0 }, nowMs);
  if (condition === run.condition && design === run.design) return run;
  const cameBack = run.condition.pending?.value === false && condition.pending === null && condition.value;
  const calmed = run.calmed !== null && cameBack ? run.calmed + 1 : run.calmed;
  return { ...run, condition, design, calmed };
}

/** Whether looking again changes nothing as long as nothing that is seen does. */
export function isSettled({ condition, design, state }: AlarmRun, { latching }: AlarmRules): boolean {
  const isTold = state.stands === condition.value && state.known === condition.known;
  const isIdle = condition.pending === null && design.pending === null && state.untilMs === null;
  return isIdle && isTold && state.suppressed === design.value && (latching || !state.latched);
}

/** What follows from the inputs as they were felt last. @param isFirst should it come up now, it is the first of its group. */
export function settleAlarm(run: AlarmRun, rules: AlarmRules, at: Instant, isFirst: boolean): RunStep {
  const { condition, design } = run;
  const step = nextAlarm(
    run.state,
    {
      kind: 'look',
      stands: condition.known ? condition.value : null,
      suppressed: design.known ? design.value : null,
    },
    { latching: rules.latching, isFirst, nowMs: at.wallMs },
  );
  if (step.kind === 'refused') throw new Error(`a look at an alarm was refused: ${step.detail}`);
  if (step.kind === 'quiet') return { run: { ...run, state: step.state }, change: null, comment: null };
  return tellCalm({ ...run, state: step.state }, step.change, at.monotonicMs);
}

/** @returns whether a change tells only what the condition of an alarm does that a person put aside. */
export function isUnseen({ from, to, because }: AlarmChange): boolean {
  return from === to && because === 'condition' && (to === 'shelved' || to === 'out-of-service');
}

function tellCalm(run: AlarmRun, change: AlarmChange, nowMs: number): RunStep {
  const changedAtMs = [...run.changedAtMs.filter((ms) => nowMs - ms < MINUTE_MS), nowMs].slice(
    -CHANGES_A_MINUTE,
  );
  const isTooMuch = changedAtMs.length >= CHANGES_A_MINUTE;
  // What a person said of putting it aside stays.
  const kept = isUnseen(change) ? run.state.comment : null;
  const says = (comment: string, calmed: number | null): RunStep => ({
    run: { ...run, changedAtMs, calmed, state: { ...run.state, comment: kept ?? comment } },
    change,
    comment,
  });
  // Either had to hold for so long.
  const isCalm = !run.condition.value || change.to === 'suppressed';
  if (run.calmed !== null && isCalm) return says(calmOverWords(run.calmed), null);
  if (run.calmed !== null || isTooMuch) return says(CALMED_WORDS, run.calmed ?? 0);
  return { run: { ...run, changedAtMs }, change, comment: kept === null ? run.state.comment : null };
}

const CALMED_WORDS = `Change trop souvent : à partir d'ici, un retour à la normale n'est enregistré qu'après ${CALM_MS / 1000} s de calme.`;

function calmOverWords(leftOut: number): string {
  return `Changeait trop souvent : ${leftOut} retour${leftOut > 1 ? 's' : ''} de l'alarme n'${leftOut > 1 ? 'ont' : 'a'} pas été enregistré${leftOut > 1 ? 's' : ''}. Calme depuis ${CALM_MS / 1000} s.`;
}
