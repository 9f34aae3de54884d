/** `sortProgrammes:` of dashboard.yaml. */
import { Type, type Static } from 'typebox';

/** One person may answer for a programme, as a site with one supervisor must be able to. */
export const APPROVALS_DEFAULT = 1;

export const ProgrammeSettings = Type.Object(
  {
    /** How many accounts have to agree before a line is told to follow a programme. */
    approvals: Type.Optional(Type.Union([Type.Literal(1), Type.Literal(2)])),
  },
  { additionalProperties: false },
);
export type ProgrammeSettings = Static<typeof ProgrammeSettings>;
