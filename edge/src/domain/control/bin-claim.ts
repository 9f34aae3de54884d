/**
 * What Trame led elsewhere by itself, and therefore leads back: kept under a mark in the records of the request that
 * began or ended it, so that a restart knows what was Trame's doing and what a person's.
 */
import {
  claimedBin,
  claimForgotten,
  divertEnded,
  LEAD_BACK_AFTER_MS,
  leadBackEnded,
  type BinEnd,
  type BinWatch,
} from './bin-reaction.ts';
import { diverterAsked } from './command-targets.ts';
import type { Running } from './control-state.ts';
import { binMark, type ControlSetup } from './control-types.ts';
import type { JobEnd } from './job.ts';
import { isMoving, mayStartIn } from './packml.ts';
import { modeNow } from './refusals.ts';
import { change, inputsNow, record, type Turn } from './turn.ts';

type Marks = Readonly<Record<string, string>>;

/** @returns the bins whose outlets Trame had led elsewhere when the edge ended. */
export function claimedBins(
  { control }: ControlSetup,
  mark: (name: string) => string | null,
): ReadonlyMap<string, BinWatch> {
  return new Map(
    control.bins.flatMap(({ outlet }) => {
      const to = Number(mark(binMark(outlet)) ?? '');
      return Number.isSafeInteger(to) && to > 0 ? [[outlet, claimedBin(to)] as const] : [];
    }),
  );
}

/** @returns marks of the record of a request: what a person asks for is theirs from here on. */
export function marksOfRequest({ by, command, args }: Pick<Running, 'by' | 'command' | 'args'>): Marks {
  const outlet = by === 'person' && command === 'diverter.set' ? diverterAsked(args)?.outlet : undefined;
  return outlet === undefined ? {} : { [binMark(outlet)]: '' };
}

/** @returns what is claimed after a request has ended, and the marks that keep it. */
export function claimAtEnd(turn: Turn, running: Running, end: JobEnd): { turn: Turn; marks: Marks } {
  const asked = ownDivert(running);
  const watch = asked === null ? undefined : turn.state.bins.get(asked.outlet);
  if (asked === null || watch === undefined) return { turn, marks: {} };
  const how = howEnded(running, end);
  const nowMs = turn.at.monotonicMs;
  const after = asked.to === null ? leadBackEnded(watch, how, nowMs) : divertEnded(watch, how, nowMs);
  const text = after.claim.kind === 'held' ? String(after.claim.to) : '';
  return { turn: withBin(turn, asked.outlet, after), marks: { [binMark(asked.outlet)]: text } };
}

/** @returns whether this request leads elsewhere, or back, what is not, or not any more, to be moved. */
export function isOvertaken(turn: Turn, running: Running): boolean {
  const asked = ownDivert(running);
  if (asked === null) return false;
  return asked.to === null ? !isDueBack(turn, asked.outlet) : !mayMoveDiverters(turn);
}

/** Nobody asked for it: only where material falls, and nobody works at the machine. */
export function mayMoveDiverters(turn: Turn): boolean {
  const { state, mode } = inputsNow(turn);
  return isMoving(state) && mayStartIn(modeNow(turn.setup.control.plc, mode, turn.state.handMode));
}

/** @returns whether Trame led it elsewhere, it is seen to stand so still, and its bin has not been full for long. */
export function isDueBack(turn: Turn, outlet: string): boolean {
  const watch = turn.state.bins.get(outlet);
  if (watch?.claim.kind !== 'held' || watch.notFullSinceMs === null || watch.todo !== null) return false;
  const { full, sorter } = inputsNow(turn);
  if (!mayMoveDiverters(turn) || full.get(outlet) !== false) return false;
  if (sorter?.diverters.get(outlet) !== watch.claim.to) return false;
  return turn.at.monotonicMs - watch.notFullSinceMs >= LEAD_BACK_AFTER_MS;
}

const GIVEN_UP = 'Cette sortie n’est plus menée comme Trame l’avait fait : Trame ne la ramène pas.';

/** Records that an outlet is not Trame's any more: else a restart would take for its own what a person set since. */
export function giveUp(turn: Turn, outlet: string, watch: BinWatch, request: string): Turn {
  const ended = { request, command: 'diverter.set', outcome: 'refused', reasons: [], late: null } as const;
  return record(
    withBin(turn, outlet, claimForgotten(watch)),
    'command.ended',
    { ...ended, reasons: [], readBack: null, detail: GIVEN_UP, tookMs: 0 },
    { key: `ended:${request}`, marks: { [binMark(outlet)]: '' } },
  );
}

export function withBin(turn: Turn, outlet: string, watch: BinWatch): Turn {
  return change(turn, { bins: new Map([...turn.state.bins, [outlet, watch]]) });
}

function ownDivert({ by, command, args }: Running): ReturnType<typeof diverterAsked> {
  return by === 'bin-full' && command === 'diverter.set' ? diverterAsked(args) : null;
}

function howEnded({ stage }: Running, { outcome }: JobEnd): BinEnd {
  if (outcome === 'done') return 'done';
  return outcome === 'refused' || stage.kind === 'recording' ? 'nothing' : 'unclear';
}
