/** A finding of a check as it is told over HTTP: `ProgrammeFinding` of `sort-programme.ts`. */
import { Type, type Static } from 'typebox';
import { literals } from '../schema.ts';
import { PROGRAMME_FAULTS } from './sort-programme.ts';

export const ToldFinding = Type.Object({
  fault: literals(PROGRAMME_FAULTS),
  weight: literals(['error', 'warning', 'note'] as const),
  /** Rules or thresholds that it is about, by their ids; empty: the programme. */
  about: Type.Array(Type.String()),
  /** Where in the JSON, as a path: `rules[2].when.weight.atLeast`. */
  at: Type.String(),
  /** In French, for who edits it. */
  words: Type.String(),
});
export type ToldFinding = Static<typeof ToldFinding>;
