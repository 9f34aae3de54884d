/** What the ledger keeps of controlling a line. Times are ms since 1970 UTC. */
import { Type, type Static } from 'typebox';
import { ACTOR_REF_PATTERN, OPAQUE_ID_PATTERN } from '../ledger-event.ts';
import { closed, literals, nullable } from '../schema.ts';
import { ID_PATTERN } from '../topics.ts';
import { COMMAND_OUTCOMES, COMMAND_REFUSALS, LINE_MODES, MOTION_COMMANDS } from './control-names.ts';

const Id = Type.String({ pattern: ID_PATTERN });
const Words = Type.String({ maxLength: 500 });
const RequestId = Type.String({ pattern: OPAQUE_ID_PATTERN });
/** Numbers, yes-or-no and short texts: what a register may hold. */
const Value = Type.Union([Type.Number(), Type.Boolean(), Type.String({ maxLength: 200 })]);

/** Why not, for a person and for a program. */
export const CommandReason = Type.Object(
  {
    code: literals(COMMAND_REFUSALS),
    /** An interlock, a station, a set-point, a state; null when the code says all. */
    ref: nullable(Type.String({ maxLength: 80 })),
    /** As configured (interlocks), the step of a set-point, why a device is away; or empty: pages have their own. */
    words: Words,
  },
  closed,
);
export type CommandReason = Static<typeof CommandReason>;

/** Recorded before anything is written. The actor of the event is who asked; null: Trame itself (`by`). */
export const CommandRequested = Type.Object(
  {
    request: RequestId,
    command: literals(MOTION_COMMANDS),
    args: Type.Record(Type.String({ maxLength: 64 }), Value),
    /** `person`, or what made Trame ask by itself. */
    by: literals(['person', 'bin-full', 'life-lost'] as const),
  },
  closed,
);
export type CommandRequested = Static<typeof CommandRequested>;

export const CommandEnded = Type.Object(
  {
    request: RequestId,
    command: literals(MOTION_COMMANDS),
    outcome: literals(COMMAND_OUTCOMES),
    reasons: Type.Array(CommandReason, { maxItems: 16 }),
    /** What was read back; null: nothing. */
    readBack: nullable(Value),
    /** Station or step that did not come within its bound; null when all did. */
    late: nullable(Type.String({ maxLength: 80 })),
    detail: nullable(Words),
    /** From the request to the end. */
    tookMs: Type.Integer({ minimum: 0, maximum: 3_600_000 }),
  },
  closed,
);
export type CommandEnded = Static<typeof CommandEnded>;

/** Who has the line in hand. */
export const ControlChanged = Type.Object(
  {
    holder: nullable(Type.String({ pattern: ACTOR_REF_PATTERN })),
    /** `granted`: the holder before agreed; `timed-out`: it did not answer; `lapsed`: no command for long. */
    why: literals(['taken', 'granted', 'timed-out', 'released', 'lapsed'] as const),
  },
  closed,
);
export type ControlChanged = Static<typeof ControlChanged>;

/** The unit mode, as the PLC says it or, without one, as a person set it; null: it says nothing known. */
export const ModeChanged = Type.Object({ mode: nullable(literals(LINE_MODES)) }, closed);
export type ModeChanged = Static<typeof ModeChanged>;

/**
 * The sorter follows this programme from here on: read back from it, whoever loaded it. Programme and version are null
 * together: it names one that none of ours could be called.
 */
export const ProgrammeActive = Type.Object(
  {
    programme: nullable(Id),
    version: nullable(Type.Integer({ minimum: 0, maximum: 1_000_000_000 })),
    /** SHA-256 of its canonical JSON; null: not one of ours. */
    hash: nullable(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  },
  closed,
);
export type ProgrammeActive = Static<typeof ProgrammeActive>;

/** A press gave out a bale: followed, never commanded. */
export const PressEjected = Type.Object(
  {
    press: Id,
    /** Which outlet it holds, as the press says; null: it does not. */
    outlet: nullable(Id),
    /** Its own count. */
    bales: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    /** Bales that it gave out while nobody read it, this one not included. */
    missed: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  },
  closed,
);
export type PressEjected = Static<typeof PressEjected>;

export const CONTROL_PAYLOADS = {
  'command.requested': CommandRequested,
  'command.ended': CommandEnded,
  'control.changed': ControlChanged,
  'mode.changed': ModeChanged,
  'programme.active': ProgrammeActive,
  'press.ejected': PressEjected,
} as const;
export type ControlEventType = keyof typeof CONTROL_PAYLOADS;
