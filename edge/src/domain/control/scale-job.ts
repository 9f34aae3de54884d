/**
 * Pressing a key of a scale: tare or zero. A key springs back, so there is nothing of it to read: what the indicator
 * shows afterwards says whether it was followed.
 */
import type { MotionCommand } from '@trame/protocol/control/control-names';
import type { TagRef } from '../tag-ref.ts';
import { scaleOf, type CommandArgs } from './command-targets.ts';
import type { ControlSetup, StepOutcome } from './control-types.ts';
import { figure } from './control-words.ts';
import {
  done,
  endOfForbidden,
  refusedByDevice,
  unconfirmed,
  type JobEvent,
  type JobStep,
  type JobView,
} from './job.ts';
import type { ShownMass } from './read-inputs.ts';

export interface ScaleJob {
  readonly kind: 'scale';
  readonly key: 'tare' | 'zero';
  readonly scale: string;
  readonly target: TagRef;
  /** The key had not sprung back, and is being released: what is down already cannot be pressed. */
  readonly isReleasing: boolean;
  /** Since when the indicator knows, monotonic ms; null: it was not asked yet. */
  readonly pressedAtMs: number | null;
  /** Why it is not sure that it was asked; null: it is. */
  readonly doubt: string | null;
}

/** How long an indicator may take to show it, ms: some wait until the load stands still. */
export const SHOWN_WITHIN_MS = 5_000;

/** @returns null: no key of a scale, or of one that does not show what it brings about. */
export function scaleJob(setup: ControlSetup, command: MotionCommand, args: CommandArgs): ScaleJob | null {
  const keys = scaleOf(setup, args);
  const shows = keys === null ? undefined : setup.scales.get(keys.scale);
  if (keys === null || shows === undefined || shows.gross === null) return null;
  const asked = {
    kind: 'scale',
    scale: keys.scale,
    isReleasing: false,
    pressedAtMs: null,
    doubt: null,
  } as const;
  if (command === 'scale.zero') {
    return keys.zero === null ? null : { ...asked, key: 'zero', target: keys.zero };
  }
  if (command !== 'scale.tare' || shows.tare === null || keys.tare === null) return null;
  return { ...asked, key: 'tare', target: keys.tare };
}

export function nextScaleJob(job: ScaleJob, event: JobEvent, view: JobView): JobStep<ScaleJob> {
  switch (event.kind) {
    case 'begin':
      return view.inputs.scales.get(job.scale)?.isDown[job.key] === true ? release(job) : press(job);
    case 'forbidden':
      return { ...step(job), end: endOfForbidden(event.reasons) };
    case 'look':
      return job.pressedAtMs === null ? step(job) : look(job, job.pressedAtMs, view);
    case 'outcome': {
      const { outcome } = event;
      if (outcome.kind === 'refused') return { ...step(job), end: refusedByDevice(outcome.reason) };
      if (job.isReleasing) return released(job, outcome);
      const doubt = outcome.kind === 'unconfirmed' ? outcome.reason : null;
      return step({ ...job, pressedAtMs: view.nowMs, doubt });
    }
  }
}

function press(job: ScaleJob): JobStep<ScaleJob> {
  return { ...step(job), asks: [{ kind: 'write', target: job.target, value: true, expect: null }] };
}

function release(job: ScaleJob): JobStep<ScaleJob> {
  const releasing = { ...job, isReleasing: true };
  return { ...step(releasing), asks: [{ kind: 'write', target: job.target, value: false }] };
}

type Sent = Exclude<StepOutcome, { readonly kind: 'refused' }>;

function released(job: ScaleJob, outcome: Sent): JobStep<ScaleJob> {
  if (outcome.kind === 'confirmed') return press({ ...job, isReleasing: false });
  const detail = `La touche est restée enfoncée : elle n’a pas été pressée de nouveau. ${outcome.reason}`;
  return { ...step(job), end: unconfirmed(detail, outcome.readBack) };
}

function look(job: ScaleJob, pressedAtMs: number, { setup, inputs, nowMs }: JobView): JobStep<ScaleJob> {
  const shown = inputs.scales.get(job.scale);
  const since = (mass: ShownMass | null | undefined): number | null =>
    mass !== null && mass !== undefined && mass.toldAtMs > pressedAtMs ? mass.grams : null;
  const gross = since(shown?.gross);
  const tare = since(shown?.tare);
  const interval = setup.scales.get(job.scale)?.intervalGrams ?? 0;
  const brought = job.key === 'zero' ? zeroed(gross, interval) : tared(gross, tare, interval);
  if (brought !== null) return { ...step(job), end: done(null, brought / 1000) };
  if (nowMs - pressedAtMs < SHOWN_WITHIN_MS) return step(job);
  const why = job.doubt === null ? '' : ` ${job.doubt}`;
  const grams = job.key === 'zero' ? gross : tare;
  const detail = `${shows(job.key, gross, tare)}${why}`;
  return { ...step(job), end: unconfirmed(detail, grams === null ? null : grams / 1000) };
}

/** @returns what it shows when that is zero: less than half an interval. */
function zeroed(gross: number | null, interval: number): number | null {
  return gross !== null && Math.abs(gross) <= interval / 2 ? gross : null;
}

/** @returns the tare when it is all that stands there, to one interval. */
function tared(gross: number | null, tare: number | null, interval: number): number | null {
  return gross !== null && tare !== null && Math.abs(gross - tare) <= interval ? tare : null;
}

function shows(key: ScaleJob['key'], gross: number | null, tare: number | null): string {
  if (gross === null || (key === 'tare' && tare === null)) {
    return 'La demande est partie, mais la bascule ne dit plus ce qu’elle affiche.';
  }
  const onIt = `${figure(gross / 1000)} kg`;
  if (key === 'zero' || tare === null) return `La bascule affiche ${onIt} au lieu de zéro.`;
  return `La bascule affiche une tare de ${figure(tare / 1000)} kg pour une charge de ${onIt}.`;
}

function step(job: ScaleJob): JobStep<ScaleJob> {
  const phase = job.pressedAtMs === null ? 'requested' : 'readback';
  return { job, asks: [], phase, station: null, end: null };
}
