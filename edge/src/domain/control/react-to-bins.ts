/** Full bins, on each snapshot: what Trame does by itself, one thing at a time, and never into what a person runs. */
import { giveUp, isDueBack, mayMoveDiverters, withBin } from './bin-claim.ts';
import {
  binAnswered,
  binAsked,
  divertAsked,
  EMPTY_BIN,
  isLagging,
  isLedAlready,
  leadBackAsked,
  nextBin,
  type BinWatch,
} from './bin-reaction.ts';
import { outletNumber } from './command-targets.ts';
import type { BinConfig } from './control-config.ts';
import { isMoving } from './packml.ts';
import { refusals } from './refusals.ts';
import { askOneself } from './take-request.ts';
import { change, inputsNow, refusalView, type Turn } from './turn.ts';

/** Takes what bins say, and how Trame's own requests for them ended. */
export function lookAtBins(turn: Turn): Turn {
  const { setup, at } = turn;
  const inputs = inputsNow(turn);
  const watched = setup.control.bins.map((bin): readonly [string, BinWatch] => {
    const { outlet } = bin;
    const before = answered(turn, turn.state.bins.get(outlet) ?? EMPTY_BIN);
    const { running } = turn.state;
    const look = {
      isRecording: running?.stage.kind === 'recording' && running.request === before.request,
      full: inputs.full.get(outlet) ?? null,
      ledTo: inputs.sorter?.diverters.get(outlet) ?? null,
    };
    return [outlet, nextBin(before, bin, look, at.monotonicMs)];
  });
  return change(turn, { bins: new Map([...turn.state.bins, ...watched]) });
}

/** @param freshId of the request that Trame makes, if it makes one. */
export function reactToBins(turn: Turn, freshId: string): Turn {
  const lost = [...turn.state.bins].find(([, { claim }]) => claim.kind === 'given-up');
  if (lost !== undefined) return giveUp(turn, ...lost, freshId);
  if (turn.state.running !== null) return turn;
  for (const bin of turn.setup.control.bins) {
    const watch = turn.state.bins.get(bin.outlet);
    if (watch === undefined || watch.todo === null || turn.at.monotonicMs < watch.notBeforeMs) continue;
    const decided = decide(turn, bin, watch);
    if (decided.kind === 'wait') continue;
    if (decided.kind === 'nothing') return withBin(turn, bin.outlet, { ...watch, todo: null });
    const asked = binAsked({ ...watch, todo: decided.kind }, freshId, turn.at.monotonicMs);
    if (decided.kind !== 'divert') {
      return askOneself(withBin(turn, bin.outlet, asked), freshId, 'line.hold', {});
    }
    const { outlet } = bin;
    const seen = inputsNow(turn).sorter?.diverters.get(outlet) ?? null;
    const claiming = divertAsked(asked, outletNumber(turn.setup, decided.to), seen);
    return askOneself(withBin(turn, outlet, claiming), freshId, 'diverter.set', { outlet, to: decided.to });
  }
  return leadOneBack(turn, freshId);
}

/** Nothing is asked, and recorded, that would be refused now: it waits. */
function leadOneBack(turn: Turn, freshId: string): Turn {
  const nowMs = turn.at.monotonicMs;
  for (const { outlet } of turn.setup.control.bins) {
    const watch = turn.state.bins.get(outlet);
    if (watch?.claim.kind !== 'held' || nowMs < watch.claim.notBeforeMs || !isDueBack(turn, outlet)) continue;
    const asked = { command: 'diverter.set', args: { outlet, to: null }, isInControl: null } as const;
    if (refusals(turn.setup, refusalView(turn), asked).length > 0) continue;
    const begun = withBin(turn, outlet, leadBackAsked(watch, watch.claim.to, freshId, nowMs));
    return askOneself(begun, freshId, asked.command, asked.args);
  }
  return turn;
}

type Decided =
  | { readonly kind: 'wait' | 'nothing' | 'hold' }
  | { readonly kind: 'divert'; readonly to: string };

function decide(turn: Turn, { reaction }: BinConfig, watch: BinWatch): Decided {
  const { state, full } = inputsNow(turn);
  // A line that is not to be seen is neither moving nor standing.
  if (state === 'unknown') return { kind: 'wait' };
  if (watch.todo === 'divert' && reaction.kind === 'divert') {
    if (!mayMoveDiverters(turn)) return { kind: 'wait' };
    if (isLagging(watch, turn.at.monotonicMs)) return { kind: 'wait' };
    if (isLedAlready(watch, turn.at.monotonicMs)) return { kind: 'nothing' };
    if (full.get(reaction.to) !== true) return { kind: 'divert', to: reaction.to };
  }
  // A line that was asked to hold and stands has been held; one that stands by itself is held once it moves.
  if (!isMoving(state)) return { kind: watch.vainHolds > 0 ? 'nothing' : 'wait' };
  const hold = { command: 'line.hold', args: {}, isInControl: null } as const;
  return { kind: refusals(turn.setup, refusalView(turn), hold).length > 0 ? 'wait' : 'hold' };
}

function answered({ state: { running, last } }: Turn, watch: BinWatch): BinWatch {
  if (watch.request === null || running?.request === watch.request) return watch;
  // A filling that began while the outlet was led back is still to be seen to.
  if (watch.isLeadingBack) return { ...watch, request: null, isLeadingBack: false };
  return binAnswered(watch, last?.request === watch.request ? last.outcome === 'done' : null);
}
