/** Asking the PLC for another unit mode: by a tag or a method, then waiting until it says that it is in it. */
import type { LineMode } from '@trame/protocol/control/control-names';
import type { PlcConfig } from './control-config.ts';
import type { ControlSetup } from './control-types.ts';
import {
  done,
  endOfForbidden,
  failed,
  refusedByDevice,
  type JobAsk,
  type JobEvent,
  type JobStep,
  type JobView,
} from './job.ts';

export interface ModeJob {
  readonly kind: 'mode';
  readonly mode: LineMode;
  readonly ask: JobAsk;
  /** Since when the PLC knows, monotonic ms; null: it was not asked yet. */
  readonly askedAtMs: number | null;
  /** Why it is not sure that it was asked; null: it is. */
  readonly doubt: string | null;
}

/** How long a PLC may take to say that it is in the mode, ms. */
export const MODE_WITHIN_MS = 5_000;

/** @returns whether no PLC says the mode, so that it is what a person says. */
export function isModeByHand({ control: { plc } }: ControlSetup): boolean {
  return plc === null || plc.mode === null;
}

/** @returns null: the PLC cannot be asked for it. */
export function modeJob({ device, mode: config }: PlcConfig, mode: LineMode): ModeJob | null {
  const number = config?.numbers[mode];
  if (config === null || config.ask === null || number === undefined) return null;
  const ask: JobAsk =
    config.ask.kind === 'tag'
      ? { kind: 'write', target: config.ask.tag, value: number }
      : { kind: 'call', device, method: config.ask.method, args: [number] };
  return { kind: 'mode', mode, ask, askedAtMs: null, doubt: null };
}

export function nextModeJob(job: ModeJob, event: JobEvent, view: JobView): JobStep<ModeJob> {
  switch (event.kind) {
    case 'begin':
      return { ...step(job), asks: [job.ask] };
    case 'forbidden':
      return { ...step(job), end: endOfForbidden(event.reasons) };
    case 'look':
      return job.askedAtMs === null ? step(job) : waitForMode(job, job.askedAtMs, view);
    case 'outcome': {
      const { outcome } = event;
      if (outcome.kind === 'refused') return { ...step(job), end: refusedByDevice(outcome.reason) };
      const doubt = outcome.kind === 'unconfirmed' ? outcome.reason : null;
      return waitForMode({ ...job, askedAtMs: view.nowMs, doubt }, view.nowMs, view);
    }
  }
}

function waitForMode(job: ModeJob, askedAtMs: number, { inputs, nowMs }: JobView): JobStep<ModeJob> {
  if (inputs.mode === job.mode) return { ...step(job), end: done() };
  if (nowMs - askedAtMs < MODE_WITHIN_MS) return step(job);
  const why = job.doubt === null ? '' : ` ${job.doubt}`;
  return { ...step(job), end: failed(`L’automate n’a pas changé de mode.${why}`) };
}

function step(job: ModeJob): JobStep<ModeJob> {
  const phase = job.askedAtMs === null ? 'requested' : 'readback';
  return { job, asks: [], phase, station: null, end: null };
}
