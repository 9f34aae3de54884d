/**
 * Watching a line come from one state to another after the PLC was asked: its state, its warning, its stations. It ends
 * within bounds, whatever the line does or does not, and says in words how the line stands then.
 */
import type { LineStateName } from '@trame/protocol/ledger-payloads';
import type { PlcCommand } from './control-config.ts';
import { infinitive, lineIs, seconds } from './control-words.ts';
import { isAborted, pathOf } from './packml.ts';
import type { ControlInputs } from './read-inputs.ts';
import { nextSequence, startSequence, type SequenceWatch } from './sequence-watch.ts';
import { hasWarned, nextWarning, SILENT, type WarningWatch } from './warning-watch.ts';

export interface LineWatch {
  readonly command: PlcCommand;
  /** State from which it was asked. */
  readonly from: LineStateName;
  /** When the PLC took it, monotonic ms; null: not yet, so that nothing is late. */
  readonly takenAtMs: number | null;
  /** Whether a state on the way, or the goal, was seen. */
  readonly hasLeft: boolean;
  readonly sequence: SequenceWatch | null;
  readonly warning: WarningWatch;
  /** Stations that were seen to stand: what still shows as running from before does not move now. */
  readonly still: readonly string[];
  /** The warning when the first station moved; null: none has. */
  readonly warningAtMove: WarningWatch | null;
  /** Since when all stations are there while the state is not, monotonic ms. */
  readonly completeAtMs: number | null;
}

export interface LineRule {
  /** Stations that the PLC starts and stops, in the order in which material meets them. */
  readonly stations: readonly string[];
  readonly stationWithinMs: number;
  /** How long the warning has to be seen, ms; null: this line's warning is not read. */
  readonly warningMs: number | null;
  /** Device that says the state. */
  readonly device: string;
}

export type LineVerdict =
  | { readonly kind: 'coming'; readonly phase: 'warning' | 'sequence'; readonly station: string | null }
  | { readonly kind: 'reached'; readonly note: string | null }
  | { readonly kind: 'failed'; readonly late: string | null; readonly detail: string };

/** A PLC that took a command shows within so long that it follows it, ms; a warning comes on top. */
export const REACT_WITHIN_MS = 5_000;

export function startLineWatch(command: PlcCommand, from: LineStateName): LineWatch {
  return {
    command,
    from,
    takenAtMs: null,
    hasLeft: false,
    sequence: null,
    warning: SILENT,
    still: [],
    warningAtMove: null,
    completeAtMs: null,
  };
}

/** The PLC took the command: from now on it is waited for. @param nowMs monotonic. */
export function taken(watch: LineWatch, rule: LineRule, nowMs: number): LineWatch {
  const direction = directionOf(watch.command);
  const bounds = {
    firstWithinMs: rule.stationWithinMs + leadMs(watch.command, rule),
    withinMs: rule.stationWithinMs,
  };
  const sequence = direction === null ? null : startSequence(direction, rule.stations, bounds, nowMs);
  return { ...watch, takenAtMs: nowMs, sequence };
}

/** @param nowMs monotonic. */
export function nextLineWatch(
  before: LineWatch,
  inputs: ControlInputs,
  rule: LineRule,
  nowMs: number,
): { readonly watch: LineWatch; readonly verdict: LineVerdict } {
  const { goals, via } = pathOf(before.command);
  const { state } = inputs;
  const isThere = goals.includes(state);
  const hasLeft = before.hasLeft || via.includes(state) || (isThere && state !== before.from);
  const watch = heard({ ...before, hasLeft }, inputs, rule, nowMs);
  const insists = watch.takenAtMs === null && (watch.command === 'stop' || watch.command === 'hold');
  // Whether a stop got through although the device seems away, its write tells.
  if (!inputs.online.has(rule.device) && !insists) return { watch, verdict: gone(inputs, rule) };
  if (strayed(watch, state)) return { watch, verdict: failed(straying(watch, state)) };
  if (watch.takenAtMs === null) return { watch, verdict: coming(watch, inputs, null) };
  return follow(watch, inputs, { rule, isThere, takenAtMs: watch.takenAtMs, nowMs });
}

interface Look {
  readonly rule: LineRule;
  readonly isThere: boolean;
  readonly takenAtMs: number;
  readonly nowMs: number;
}

function follow(
  before: LineWatch,
  inputs: ControlInputs,
  { rule, isThere, takenAtMs, nowMs }: Look,
): { readonly watch: LineWatch; readonly verdict: LineVerdict } {
  const reactMs = REACT_WITHIN_MS + warningMs(before.command, rule);
  if (!before.hasLeft && !isThere && nowMs - takenAtMs >= reactMs) {
    return {
      watch: before,
      verdict: failed(`L’automate a pris la commande et n’a rien fait. ${lineIs(inputs.state)}`),
    };
  }
  const step = before.sequence === null ? null : nextSequence(before.sequence, inputs.stations, nowMs);
  const watch = step === null ? before : { ...before, sequence: step.watch };
  switch (step?.verdict.kind) {
    case 'late':
    case 'fell-out':
      return { watch, verdict: stationFailed(watch, step.verdict, inputs.state) };
    case 'coming':
      return { watch, verdict: coming(watch, inputs, step.verdict.station) };
    case 'complete':
    case undefined:
      return isThere ? { watch, verdict: reached(watch, rule) } : waitForState(watch, inputs, rule, nowMs);
  }
}

function waitForState(
  before: LineWatch,
  inputs: ControlInputs,
  rule: LineRule,
  nowMs: number,
): { readonly watch: LineWatch; readonly verdict: LineVerdict } {
  const watch = { ...before, completeAtMs: before.completeAtMs ?? nowMs };
  const stations = watch.sequence === null ? Math.max(1, rule.stations.length) : 1;
  const boundMs = REACT_WITHIN_MS + leadMs(watch.command, rule) + stations * rule.stationWithinMs;
  if (nowMs - watch.completeAtMs < boundMs) return { watch, verdict: coming(watch, inputs, null) };
  return { watch, verdict: failed(`L’état attendu n’a pas été atteint. ${lineIs(inputs.state)}`) };
}

/** The warning is heard until the first station moves: what sounds after that warns nobody. */
function heard(watch: LineWatch, inputs: ControlInputs, { stations }: LineRule, nowMs: number): LineWatch {
  if (watch.warningAtMove !== null) return watch;
  const warning = nextWarning(watch.warning, inputs.warning, nowMs);
  const known = inputs.stations.filter(({ id, state }) => stations.includes(id) && state !== null);
  const moves = known.some(({ id, state }) => state === 'running' && watch.still.includes(id));
  const standing = known.filter(({ id, state }) => state !== 'running' && !watch.still.includes(id));
  const still = [...watch.still, ...standing.map(({ id }) => id)];
  const hasMoved = moves || pathOf(watch.command).goals.includes(inputs.state);
  return { ...watch, warning, still, warningAtMove: hasMoved ? warning : null };
}

function reached(watch: LineWatch, rule: LineRule): LineVerdict {
  const warned = watch.warningAtMove ?? watch.warning;
  if (isSetInMotion(watch.command) && rule.warningMs !== null && !hasWarned(warned, rule.warningMs)) {
    const detail = `La ligne tourne, mais l’avertissement n’a été vu que ${seconds(warned.longestMs)} (${seconds(rule.warningMs)} demandées).`;
    return { kind: 'failed', late: 'warning', detail };
  }
  return { kind: 'reached', note: noteOf(watch.sequence) };
}

function noteOf(sequence: SequenceWatch | null): string | null {
  const disorder = sequence?.disorder ?? null;
  const unseen = sequence?.unseen ?? [];
  const words = [
    disorder === null ? '' : `« ${disorder.station} » est venu avant « ${disorder.before} ».`,
    unseen.length === 0 ? '' : `Sans nouvelles de : ${unseen.join(', ')}.`,
  ].filter((text) => text !== '');
  return words.length === 0 ? null : words.join(' ');
}

/** Leaves its way: an abort, a hold, a PLC that began anew. */
function strayed({ command, from, hasLeft }: LineWatch, state: LineStateName): boolean {
  const { goals, via } = pathOf(command);
  if (state === 'unknown' || goals.includes(state) || via.includes(state)) return false;
  if (command === 'stop' || command === 'hold')
    return hasLeft || isAborted(state) || standsStill(command, state);
  return hasLeft || state !== from;
}

/** Until the PLC follows, the states of a line that runs may change by themselves. */
function standsStill(command: 'stop' | 'hold', state: LineStateName): boolean {
  return command === 'hold' && (state === 'stopping' || state === 'stopped' || state === 'idle');
}

function straying({ command, hasLeft }: LineWatch, state: LineStateName): string {
  const began = state === 'stopped' && hasLeft && (command === 'start' || command === 'unhold');
  const why = began ? ' L’automate a arrêté la séquence, ou a redémarré.' : '';
  return `La commande « ${infinitive(command)} » n’est pas allée au bout. ${lineIs(state)}${why}`;
}

function stationFailed(
  { command }: LineWatch,
  { kind, station }: { readonly kind: 'late' | 'fell-out'; readonly station: string },
  state: LineStateName,
): LineVerdict {
  const verb = directionOf(command) === 'stop' ? 's’est pas arrêtée' : 'a pas démarré';
  const words =
    kind === 'late'
      ? `La station « ${station} » n’${verb} à temps.`
      : `La station « ${station} » est retombée.`;
  return { kind: 'failed', late: station, detail: `${words} ${lineIs(state)}` };
}

function gone({ away }: ControlInputs, { device }: LineRule): LineVerdict {
  const reason = away.get(device) ?? '';
  const why = reason === '' ? '' : ` (${reason})`;
  return failed(`L’automate ne répond plus${why} : l’état de la ligne n’est pas connu.`);
}

function coming(watch: LineWatch, { warning }: ControlInputs, station: string | null): LineVerdict {
  const sounds = isSetInMotion(watch.command) && warning === true && watch.warningAtMove === null;
  return { kind: 'coming', phase: sounds ? 'warning' : 'sequence', station: sounds ? null : station };
}

function failed(detail: string): LineVerdict {
  return { kind: 'failed', late: null, detail };
}

/** A hold may leave stations standing full: only its state tells. */
function directionOf(command: PlcCommand): 'start' | 'stop' | null {
  if (isSetInMotion(command)) return 'start';
  return command === 'stop' ? 'stop' : null;
}

function isSetInMotion(command: PlcCommand): boolean {
  return command === 'start' || command === 'unhold';
}

function warningMs(command: PlcCommand, { warningMs }: LineRule): number {
  return isSetInMotion(command) ? (warningMs ?? 0) : 0;
}

/** What comes before the first station. */
function leadMs(command: PlcCommand, rule: LineRule): number {
  return isSetInMotion(command) ? warningMs(command, rule) + REACT_WITHIN_MS : 0;
}
