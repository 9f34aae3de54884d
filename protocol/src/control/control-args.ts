/** Arguments of each request that controls a line: over HTTP and to the edge the same members. */
import { Type, type Static, type TSchema } from 'typebox';
import { ACTOR_REF_PATTERN } from '../ledger-event.ts';
import { closed, literals, nullable } from '../schema.ts';
import { ID_PATTERN } from '../topics.ts';
import { LINE_MODES, type LEASE_COMMANDS, type MotionCommand } from './control-names.ts';

const Id = Type.String({ pattern: ID_PATTERN });

/** Of `line.start`, `line.stop`, `line.hold`, `line.unhold`, `line.reset`, `control.take`, `control.release`. */
export const NoArgs = Type.Object({}, closed);

/** Of `line.mode`. */
export const ModeArgs = Type.Object({ mode: literals(LINE_MODES) }, closed);
export type ModeArgs = Static<typeof ModeArgs>;

/** Of `setpoint.write`: `value` in the set-point's own unit. */
export const SetpointArgs = Type.Object({ setpoint: Id, value: Type.Number() }, closed);
export type SetpointArgs = Static<typeof SetpointArgs>;

/** Of `programme.download`. */
export const ProgrammeArgs = Type.Object({ programme: Id }, closed);
export type ProgrammeArgs = Static<typeof ProgrammeArgs>;

/** Of `diverter.set`: where the outlet is led; null: not diverted. In the ledger, null is the empty text. */
export const DiverterArgs = Type.Object({ outlet: Id, to: nullable(Id) }, closed);
export type DiverterArgs = Static<typeof DiverterArgs>;

/** Of `scale.tare` and `scale.zero`. */
export const ScaleArgs = Type.Object({ scale: Id }, closed);
export type ScaleArgs = Static<typeof ScaleArgs>;

/** Of `control.answer`: whether the holder agrees that the line passes to who asks, as `asking.actor` of the picture names them. */
export const AnswerArgs = Type.Object(
  { grant: Type.Boolean(), to: Type.String({ pattern: ACTOR_REF_PATTERN }) },
  closed,
);
export type AnswerArgs = Static<typeof AnswerArgs>;

export const CONTROL_ARGS = {
  'line.start': NoArgs,
  'line.stop': NoArgs,
  'line.hold': NoArgs,
  'line.unhold': NoArgs,
  'line.reset': NoArgs,
  'line.mode': ModeArgs,
  'setpoint.write': SetpointArgs,
  'programme.download': ProgrammeArgs,
  'diverter.set': DiverterArgs,
  'scale.tare': ScaleArgs,
  'scale.zero': ScaleArgs,
  'control.take': NoArgs,
  'control.answer': AnswerArgs,
  'control.release': NoArgs,
} as const satisfies Readonly<Record<MotionCommand | (typeof LEASE_COMMANDS)[number], TSchema>>;
