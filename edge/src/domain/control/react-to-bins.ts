/** Full bins, on each snapshot: what Trame does by itself, one thing at a time, and never into what a person runs. */
import { binAnswered, binAsked, EMPTY_BIN, isLedAlready, nextBin, type BinWatch } from './bin-reaction.ts';
import type { BinConfig } from './control-config.ts';
import { isMoving } from './packml.ts';
import { askOneself } from './take-request.ts';
import { change, inputsNow, type Turn } from './turn.ts';

/** Takes what bins say, and how Trame's own requests for them ended. */
export function lookAtBins(turn: Turn): Turn {
  const { setup, at } = turn;
  const inputs = inputsNow(turn);
  const watched = setup.control.bins.map((bin): readonly [string, BinWatch] => {
    const { outlet } = bin;
    const before = answered(turn, turn.state.bins.get(outlet) ?? EMPTY_BIN);
    const look = {
      full: inputs.full.get(outlet) ?? null,
      ledTo: inputs.sorter?.diverters.get(outlet) ?? null,
    };
    return [outlet, nextBin(before, bin, look, at.monotonicMs)];
  });
  return change(turn, { bins: new Map([...turn.state.bins, ...watched]) });
}

/** @param freshId of the request that Trame makes, if it makes one. */
export function reactToBins(turn: Turn, freshId: string): Turn {
  if (turn.state.running !== null) return turn;
  for (const bin of turn.setup.control.bins) {
    const watch = turn.state.bins.get(bin.outlet);
    if (watch === undefined || watch.todo === null || turn.at.monotonicMs < watch.notBeforeMs) continue;
    const decided = decide(turn, bin, watch);
    if (decided.kind === 'wait') continue;
    if (decided.kind === 'nothing') return withBin(turn, bin.outlet, { ...watch, todo: null });
    const asked = binAsked({ ...watch, todo: decided.kind }, freshId, turn.at.monotonicMs);
    const begun = withBin(turn, bin.outlet, asked);
    return decided.kind === 'divert'
      ? askOneself(begun, freshId, 'diverter.set', { outlet: bin.outlet, to: decided.to })
      : askOneself(begun, freshId, 'line.hold', {});
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
    if (isLedAlready(watch, turn.at.monotonicMs)) return { kind: 'nothing' };
    if (full.get(reaction.to) !== true) return { kind: 'divert', to: reaction.to };
  }
  return { kind: isMoving(state) ? 'hold' : 'nothing' };
}

function answered({ state: { running, last } }: Turn, watch: BinWatch): BinWatch {
  if (watch.request === null || running?.request === watch.request) return watch;
  return binAnswered(watch, last?.request === watch.request ? last.outcome === 'done' : null);
}

function withBin(turn: Turn, outlet: string, watch: BinWatch): Turn {
  return change(turn, { bins: new Map([...turn.state.bins, [outlet, watch]]) });
}
