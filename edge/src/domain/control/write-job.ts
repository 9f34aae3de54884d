/** Commands that are one write, read back: a set-point, a diverter, a scale's tare and zero. */
import type { MotionCommand } from '@trame/protocol/control/control-names';
import type { TagValue } from '@trame/protocol/tag';
import type { TagRef } from '../tag-ref.ts';
import {
  diverterAsked,
  diverterTag,
  outletNumber,
  scaleOf,
  setpointOf,
  type CommandArgs,
} from './command-targets.ts';
import type { ControlSetup } from './control-types.ts';
import { endOfForbidden, endOfWrite, type JobEvent, type JobStep } from './job.ts';

export interface WriteJob {
  readonly kind: 'write';
  readonly target: TagRef;
  readonly value: TagValue;
}

/** @returns null: this command is no single write, or what it names does not exist. */
export function writeJob(setup: ControlSetup, command: MotionCommand, args: CommandArgs): WriteJob | null {
  switch (command) {
    case 'setpoint.write': {
      const { value } = args;
      return typeof value === 'number' ? write(setpointOf(setup, args)?.tag, value) : null;
    }
    case 'diverter.set':
      return diverterJob(setup, args);
    case 'scale.tare':
      return write(scaleOf(setup, args)?.tare, true);
    case 'scale.zero':
      return write(scaleOf(setup, args)?.zero, true);
    default:
      return null;
  }
}

export function nextWriteJob(job: WriteJob, event: JobEvent): JobStep<WriteJob> {
  const { target, value } = job;
  const rest = { job, phase: 'readback', station: null } as const;
  switch (event.kind) {
    case 'begin':
      return { ...rest, asks: [{ kind: 'write', target, value, settle: true }], end: null };
    case 'look':
      return { ...rest, asks: [], end: null };
    case 'outcome':
      return { ...rest, asks: [], end: endOfWrite(event.outcome) };
    case 'forbidden':
      return { ...rest, asks: [], end: endOfForbidden(event.reasons) };
  }
}

function diverterJob(setup: ControlSetup, args: CommandArgs): WriteJob | null {
  const asked = diverterAsked(args);
  if (asked === null) return null;
  const number = asked.to === null ? 0 : outletNumber(setup, asked.to);
  return number === null ? null : write(diverterTag(setup, asked.outlet), number);
}

function write(target: TagRef | null | undefined, value: TagValue): WriteJob | null {
  return target === null || target === undefined ? null : { kind: 'write', target, value };
}
