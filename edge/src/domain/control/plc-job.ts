/** Asking the PLC for a state, by a method or by its handshake, and watching the line until it is there. */
import type { LineStateName } from '@trame/protocol/ledger-payloads';
import type { PlcCommand, PlcConfig } from './control-config.ts';
import {
  mayBeSet,
  nextHandshake,
  startHandshake,
  type Handshake,
  type HandshakeEvent,
  type HandshakeStep,
} from './handshake.ts';
import {
  done,
  failed,
  refusedByDevice,
  unconfirmed,
  type JobAsk,
  type JobEnd,
  type JobEvent,
  type JobStep,
  type JobView,
} from './job.ts';
import {
  nextLineWatch,
  startLineWatch,
  taken,
  type LineRule,
  type LineVerdict,
  type LineWatch,
} from './line-watch.ts';
import { isAborted } from './packml.ts';
import type { HandshakeBits } from './read-inputs.ts';
import { deviceOffline, reason } from './refusals.ts';

export interface PlcJob {
  readonly kind: 'plc';
  readonly command: PlcCommand;
  readonly watch: LineWatch;
  readonly channel: Channel;
  /** What there is to say although the line is where it was asked; undefined: it is not there yet. */
  readonly reached: string | null | undefined;
  /** What is waited for, for the picture. */
  readonly coming: { readonly phase: 'warning' | 'sequence'; readonly station: string | null } | null;
}

type Channel =
  /** `doubt`: why it is not sure that the PLC was asked; null: it is. */
  | { readonly kind: 'call'; readonly method: string; readonly doubt: string | null }
  | { readonly kind: 'handshake'; readonly code: number; readonly state: Handshake };

const NO_BITS: HandshakeBits = { request: null, acknowledge: null, done: null, refused: null };

/** @returns null: the PLC has no such command. */
export function plcJob(
  { channel }: PlcConfig,
  command: PlcCommand,
  { inputs, nowMs }: JobView,
): PlcJob | null {
  const made = (channel: Channel): PlcJob => ({
    kind: 'plc',
    command,
    watch: startLineWatch(command, inputs.state),
    channel,
    reached: undefined,
    coming: null,
  });
  if (channel.kind === 'methods') {
    const method = channel.methods[command];
    return method === undefined ? null : made({ kind: 'call', method, doubt: null });
  }
  const code = channel.codes[command];
  return code === undefined
    ? null
    : made({ kind: 'handshake', code, state: startHandshake(false, nowMs).state });
}

export function nextPlcJob(job: PlcJob, event: JobEvent, plc: PlcConfig, view: JobView): JobStep<PlcJob> {
  if (event.kind === 'forbidden') {
    const detail = 'La demande n’a pas été envoyée : elle est interdite depuis.';
    return ended(job, plc, failed(detail, { outcome: 'refused', reasons: event.reasons }));
  }
  const { state } = view.inputs;
  if (event.kind === 'look' && view.inputs.emergencyStop === true && isEndedByIt(job, state)) {
    const detail = 'L’arrêt d’urgence a été ouvert pendant la commande.';
    return ended(job, plc, failed(detail, { reasons: [reason('emergency-stop', state)] }));
  }
  const asked =
    job.channel.kind === 'call' ? nextCall(job, event, plc, view) : nextBits(job, event, plc, view);
  if (asked.end !== null || asked.job.reached !== undefined) return asked;
  return watched(asked, plc, view);
}

/** A stop or a hold goes on while the line is not seen to abort: the circuit may read open and the line move. */
function isEndedByIt({ command }: PlcJob, state: LineStateName): boolean {
  return (command !== 'stop' && command !== 'hold') || isAborted(state);
}

/** @param asked how it stands with the PLC: nothing ended yet. */
function watched(asked: JobStep<PlcJob>, plc: PlcConfig, view: JobView): JobStep<PlcJob> {
  const { watch, verdict } = nextLineWatch(asked.job.watch, view.inputs, ruleOf(plc, view), view.nowMs);
  const job: PlcJob = { ...asked.job, watch };
  switch (verdict.kind) {
    case 'coming':
      return { ...step({ ...job, coming: verdict }), asks: asked.asks };
    case 'failed':
      return ended(job, plc, endOfVerdict(job, verdict));
    case 'reached':
      break;
  }
  if (job.channel.kind === 'call') return ended(job, plc, done(verdict.note));
  const after = nextBits({ ...job, reached: verdict.note }, { kind: 'look' }, plc, view);
  return { ...after, asks: [...asked.asks, ...after.asks] };
}

function endOfVerdict({ channel }: PlcJob, { late, detail }: LineVerdict & { kind: 'failed' }): JobEnd {
  if (channel.kind === 'handshake' || channel.doubt === null) return failed(detail, { late });
  return unconfirmed(`${detail} ${channel.doubt}`);
}

function nextCall(job: PlcJob, event: JobEvent, plc: PlcConfig, view: JobView): JobStep<PlcJob> {
  if (job.channel.kind !== 'call') return step(job);
  const { method } = job.channel;
  if (event.kind === 'begin') {
    return { ...step(job), asks: [{ kind: 'call', device: plc.device, method, args: [] }] };
  }
  if (event.kind !== 'outcome') return step(job);
  const { outcome } = event;
  if (outcome.kind === 'refused') return ended(job, plc, notTaken(outcome.reason, plc, view));
  const doubt = outcome.kind === 'unconfirmed' ? outcome.reason : null;
  const watch = taken(job.watch, ruleOf(plc, view), view.nowMs);
  return step({ ...job, channel: { ...job.channel, doubt }, watch });
}

function nextBits(job: PlcJob, event: JobEvent, plc: PlcConfig, view: JobView): JobStep<PlcJob> {
  if (job.channel.kind !== 'handshake' || plc.channel.kind !== 'handshake') return step(job);
  const { pulseMs, refused } = plc.channel;
  const bits = view.inputs.bits ?? NO_BITS;
  if (event.kind === 'begin') {
    const begun = startHandshake(view.mayStand || bits.request !== false, view.nowMs);
    return begun.writes.length > 0
      ? withBits(job, plc, begun)
      : nextBits(withBits(job, plc, begun).job, { kind: 'look' }, plc, view);
  }
  const told: HandshakeEvent =
    event.kind === 'outcome' ? event : { kind: job.reached === undefined ? 'look' : 'reached' };
  const insists = job.command === 'stop' || job.command === 'hold';
  const rule = { pulseMs, hasRefused: refused !== null, insists };
  const after = nextHandshake(job.channel.state, told, bits, rule, view.nowMs);
  const next = withBits(job, plc, after);
  switch (after.says?.kind) {
    case undefined:
      return next;
    case 'taken':
      return { ...next, job: { ...next.job, watch: taken(job.watch, ruleOf(plc, view), view.nowMs) } };
    case 'finished':
      return { ...next, end: done(job.reached ?? null) };
    case 'refused':
      return { ...next, end: endOfRefusal(job, notTaken(after.says.words, plc, view)) };
    case 'failed':
      return { ...next, end: failed(after.says.words) };
  }
}

/** Nothing was written: a PLC that is away has refused nothing. Only a stop or a hold is asked of one at all. */
function notTaken(words: string, { device }: PlcConfig, { inputs }: JobView): JobEnd {
  if (inputs.online.has(device)) return refusedByDevice(words);
  return failed(words, { outcome: 'refused', reasons: [deviceOffline(device, inputs)] });
}

/** Refused after the line had begun to follow is not refused, it is not carried to its end. */
function endOfRefusal({ watch }: PlcJob, end: JobEnd): JobEnd {
  return watch.hasLeft ? { ...end, outcome: 'failed' } : end;
}

function withBits(job: PlcJob, plc: PlcConfig, { state, writes }: HandshakeStep): JobStep<PlcJob> {
  if (job.channel.kind !== 'handshake' || plc.channel.kind !== 'handshake') return step(job);
  const { code, request } = plc.channel;
  const value = job.channel.code;
  const asks = writes.map((what): JobAsk => {
    if (what === 'code') return { kind: 'write', target: code, value };
    if (what === 'request') return { kind: 'write', target: request, value: true };
    return { kind: 'take-back', target: request };
  });
  return { ...step({ ...job, channel: { ...job.channel, state } }), asks };
}

/** The request bit is taken back however it ends. */
function ended(job: PlcJob, plc: PlcConfig, end: JobEnd): JobStep<PlcJob> {
  return { ...step(job), asks: takeBackOf(job, plc), end };
}

/** @returns the write by which the request bit falls; none when it cannot be set. */
export function takeBackOf({ channel }: PlcJob, plc: PlcConfig): readonly JobAsk[] {
  if (channel.kind !== 'handshake' || plc.channel.kind !== 'handshake' || !mayBeSet(channel.state)) return [];
  return [{ kind: 'take-back', target: plc.channel.request }];
}

/** A request bit that nobody has acknowledged for so long may be raised anew, ms. */
const UNHEEDED_AFTER_MS = 1_000;

/** @returns whether the PLC was asked and the line has not begun to follow. @param nowMs monotonic. */
export function isUnheeded({ channel, watch, reached }: PlcJob, nowMs: number): boolean {
  if (watch.hasLeft || reached !== undefined) return false;
  if (watch.takenAtMs !== null) return true;
  if (channel.kind !== 'handshake' || channel.state.phase !== 'acknowledge') return false;
  return nowMs - channel.state.sinceMs >= UNHEEDED_AFTER_MS;
}

function ruleOf(plc: PlcConfig, { setup }: JobView): LineRule {
  return {
    stations: setup.stations.filter(({ inSequence }) => inSequence).map(({ id }) => id),
    stationWithinMs: plc.stationWithinMs,
    warningMs: plc.warning?.atLeastMs ?? null,
    device: plc.device,
  };
}

function step(job: PlcJob): JobStep<PlcJob> {
  const { coming, watch, reached } = job;
  if (reached !== undefined) return { job, asks: [], phase: 'readback', station: null, end: null };
  if (watch.takenAtMs === null || coming === null) {
    return { job, asks: [], phase: 'requested', station: null, end: null };
  }
  return { job, asks: [], phase: coming.phase, station: coming.station, end: null };
}
