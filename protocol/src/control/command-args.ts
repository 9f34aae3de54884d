/** What each command is asked with: one schema for the page, the server and the edge. */
import { Type, type Static, type TSchema } from 'typebox';
import { closed, literals, nullable } from '../schema.ts';
import { ID_PATTERN } from '../topics.ts';
import { LINE_MODES, type LEASE_COMMANDS, type MotionCommand } from './control-names.ts';

const Id = Type.String({ pattern: ID_PATTERN });
const Nothing = Type.Object({}, closed);

export const ModeArgs = Type.Object({ mode: literals(LINE_MODES) }, closed);
export type ModeArgs = Static<typeof ModeArgs>;
/** In the set-point's own unit. */
export const SetpointArgs = Type.Object({ setpoint: Id, value: Type.Number() }, closed);
export type SetpointArgs = Static<typeof SetpointArgs>;
export const ProgrammeArgs = Type.Object({ programme: Id }, closed);
export type ProgrammeArgs = Static<typeof ProgrammeArgs>;
/** `to` null or left out: the outlet is led nowhere else. */
export const DiverterArgs = Type.Object({ outlet: Id, to: Type.Optional(nullable(Id)) }, closed);
export type DiverterArgs = Static<typeof DiverterArgs>;
export const ScaleArgs = Type.Object({ scale: Id }, closed);
export type ScaleArgs = Static<typeof ScaleArgs>;
export const AnswerArgs = Type.Object({ grant: Type.Boolean() }, closed);
export type AnswerArgs = Static<typeof AnswerArgs>;

export const COMMAND_ARGS = {
  'line.start': Nothing,
  'line.stop': Nothing,
  'line.hold': Nothing,
  'line.unhold': Nothing,
  'line.reset': Nothing,
  'line.mode': ModeArgs,
  'setpoint.write': SetpointArgs,
  'programme.download': ProgrammeArgs,
  'diverter.set': DiverterArgs,
  'scale.tare': ScaleArgs,
  'scale.zero': ScaleArgs,
  'control.take': Nothing,
  'control.answer': AnswerArgs,
  'control.release': Nothing,
} as const satisfies Readonly<Record<MotionCommand | (typeof LEASE_COMMANDS)[number], TSchema>>;
