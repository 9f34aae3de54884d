/**
 * How the control of a line stands, said by its edge on `…/control` (QoS 0, not retained): at each change, at most four
 * times a second (and once between two of those when a command has ended), and every {@link CONTROL_REPEAT_MS}. A picture that is older than {@link CONTROL_STALE_MS} is shown as
 * such, and no command is given on it.
 */
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { ACTOR_REF_PATTERN, OPAQUE_ID_PATTERN } from '../ledger-event.ts';
import { LINE_STATES } from '../ledger-payloads.ts';
import { STATION_STATES } from '../line-description.ts';
import { closed, literals, nullable } from '../schema.ts';
import { ID_PATTERN } from '../topics.ts';
import { CommandReason } from './control-events.ts';
import {
  COMMAND_OUTCOMES,
  COMMAND_PHASES,
  LINE_COMMANDS,
  LINE_MODES,
  MOTION_COMMANDS,
  type LineCommand,
} from './control-names.ts';

export const CONTROL_REPEAT_MS = 2_000;
export const CONTROL_STALE_MS = 6_000;
/** Largest picture, bytes: whoever says it shortens words before it is larger. */
export const CONTROL_BYTES_MAX = 128 * 1024;

const Id = Type.String({ pattern: ID_PATTERN });
const Label = Type.String({ minLength: 1, maxLength: 80 });
const Words = Type.String({ maxLength: 500 });
const Actor = Type.String({ pattern: ACTOR_REF_PATTERN });
const TimeMs = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });

export const InterlockState = Type.Object(
  {
    id: Id,
    /** The words shown. */
    words: Words,
    /** It forbids now: its condition holds, or nobody knows. */
    forbidding: Type.Boolean(),
    /** Its value is bad or missing, so it forbids. */
    unknown: Type.Boolean(),
    forbids: Type.Array(literals(MOTION_COMMANDS), { maxItems: MOTION_COMMANDS.length }),
  },
  closed,
);
export type InterlockState = Static<typeof InterlockState>;

export const SetpointState = Type.Object(
  {
    id: Id,
    label: Label,
    unit: nullable(Type.String({ maxLength: 16 })),
    min: Type.Number(),
    max: Type.Number(),
    step: Type.Number(),
    /** As the device says it; null: not known. */
    value: nullable(Type.Number()),
  },
  closed,
);
export type SetpointState = Static<typeof SetpointState>;

export const SortProgrammeName = Type.Object(
  { id: Id, label: Label, version: Type.Integer({ minimum: 0 }) },
  closed,
);
export type SortProgrammeName = Static<typeof SortProgrammeName>;

export const ControlPicture = Type.Object(
  {
    v: Type.Literal(1),
    boot: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    /** From 1, one more in each picture of this boot. */
    n: Type.Integer({ minimum: 1 }),
    /** The edge's clock. */
    at: TimeMs,
    /** False: no PLC is commanded on this line (hands and tables). */
    commanded: Type.Boolean(),
    state: literals(LINE_STATES),
    /** Since when, the edge's clock. */
    stateSince: TimeMs,
    mode: nullable(literals(LINE_MODES)),
    modes: Type.Array(literals(LINE_MODES), { maxItems: LINE_MODES.length }),
    emergencyStop: nullable(Type.Boolean()),
    /** The switch at the line; null: it has none, or does not say. */
    remote: nullable(Type.Boolean()),
    /** How long the local enable still counts, ms; 0: it does not; null: this line has none. */
    enableLeftMs: nullable(Type.Integer({ minimum: 0, maximum: 60_000 })),
    /** Who has the line in hand: an opaque reference. */
    holder: nullable(Actor),
    /** Who asks for it, and when it passes without an answer. */
    asking: nullable(Type.Object({ actor: Actor, passesAt: TimeMs }, closed)),
    /** What is being carried out. */
    busy: nullable(
      Type.Object(
        {
          request: Type.String({ pattern: OPAQUE_ID_PATTERN }),
          command: literals(MOTION_COMMANDS),
          phase: literals(COMMAND_PHASES),
          /** Station that is waited for. */
          station: nullable(Id),
          since: TimeMs,
        },
        closed,
      ),
    ),
    last: nullable(
      Type.Object(
        {
          request: Type.String({ pattern: OPAQUE_ID_PATTERN }),
          command: literals(MOTION_COMMANDS),
          outcome: literals(COMMAND_OUTCOMES),
          reasons: Type.Array(CommandReason, { maxItems: 16 }),
          late: nullable(Type.String({ maxLength: 80 })),
          detail: nullable(Words),
          at: TimeMs,
        },
        closed,
      ),
    ),
    /** For each command of the line why it would be refused now, whoever asks; empty: it would be followed. */
    refusals: Type.Unsafe<Record<LineCommand, CommandReason[]>>(
      Type.Record(literals(LINE_COMMANDS), Type.Array(CommandReason, { maxItems: 16 })),
    ),
    interlocks: Type.Array(InterlockState, { maxItems: 64 }),
    /** Stations in the order in which material meets them. `late`: it did not come within its bound. */
    stations: Type.Array(
      Type.Object({ id: Id, state: nullable(literals(STATION_STATES)), late: Type.Boolean() }, closed),
      { maxItems: 64 },
    ),
    setpoints: Type.Array(SetpointState, { maxItems: 32 }),
    sorter: nullable(
      Type.Object(
        {
          /** Read back from the sorter; null: not known. */
          active: nullable(
            Type.Object({ programme: Type.String({ maxLength: 64 }), version: Type.Integer() }, closed),
          ),
          programmes: Type.Array(SortProgrammeName, { maxItems: 32 }),
          /** Outlets that are led elsewhere: `to` null: not diverted. */
          diverters: Type.Array(Type.Object({ outlet: Id, to: nullable(Id) }, closed), { maxItems: 64 }),
        },
        closed,
      ),
    ),
    /** Scales that can be asked to tare or zero. */
    scales: Type.Array(Type.Object({ id: Id, tare: Type.Boolean(), zero: Type.Boolean() }, closed), {
      maxItems: 16,
    }),
    /** Presses, as followed: how far the present bale is, and what it holds. */
    presses: Type.Array(
      Type.Object(
        {
          id: Id,
          outlet: nullable(Id),
          phase: nullable(
            literals(['idle', 'filling', 'compressing', 'tying', 'ejecting', 'waiting'] as const),
          ),
          bales: nullable(Type.Integer({ minimum: 0 })),
        },
        closed,
      ),
      { maxItems: 16 },
    ),
  },
  closed,
);
export type ControlPicture = Static<typeof ControlPicture>;

const validator = Compile(ControlPicture);

/** @returns null when these bytes are no such picture. */
export function decodeControlPicture(bytes: Uint8Array): ControlPicture | null {
  if (bytes.length > CONTROL_BYTES_MAX) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return validator.Check(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}
