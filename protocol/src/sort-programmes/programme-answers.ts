/** What the addresses below `/api/v1/sort-programmes` answer. Who did something is told of oneself alone. */
import { Type, type Static } from 'typebox';
import { literals, nullable } from '../schema.ts';
import { PROGRAMME_CHANGES } from './diff-programmes.ts';
import { ToldFinding } from './programme-finding.ts';
import { SortProgramme } from './sort-programme.ts';

const Time = Type.Integer();

/** A version on a line, and since when. */
const LineVersion = Type.Object({ line: Type.String(), version: Type.Integer(), at: Time });

/** A programme by its last version: `GET /sort-programmes`. */
export const ProgrammeRow = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  hash: Type.String(),
  label: Type.String(),
  example: Type.Boolean(),
  note: Type.String(),
  savedAt: Time,
  /** Lines that follow a version of it. */
  followed: Type.Array(LineVersion),
  /** Versions of it for which another account has to agree. */
  waiting: Type.Array(Type.Object({ ...LineVersion.properties, byYou: Type.Boolean() })),
});
export type ProgrammeRow = Static<typeof ProgrammeRow>;

/** `GET /sort-programmes/{id}/versions`, latest first. */
export const ProgrammeVersionRow = Type.Object({
  version: Type.Integer(),
  hash: Type.String(),
  label: Type.String(),
  note: Type.String(),
  savedAt: Time,
  byYou: Type.Boolean(),
});
export type ProgrammeVersionRow = Static<typeof ProgrammeVersionRow>;

/** `GET /sort-programmes/{id}`. */
export const ProgrammeAnswer = Type.Object({
  ...ProgrammeVersionRow.properties,
  /** Greatest version there is. */
  lastVersion: Type.Integer(),
  programme: SortProgramme,
});
export type ProgrammeAnswer = Static<typeof ProgrammeAnswer>;

/** What a line does with programmes: `GET /sort-programmes/lines`. */
export const LineProgrammeRow = Type.Object({
  line: Type.String(),
  /** Outlets to which its programmes may lead; empty: not known. */
  outlets: Type.Array(Type.String()),
  /** Null: none that is known here. */
  follows: nullable(
    Type.Object({
      /** Null, and the version: something that no programme of this site could be called. */
      programme: nullable(Type.String()),
      version: nullable(Type.Integer()),
      /** Null: the line follows something that is not of this site. */
      hash: nullable(Type.String()),
      /** Of the version with this hash here; null: no such version was saved here. */
      label: nullable(Type.String()),
      at: Time,
      /** `line`: its edge says so. `approval`: its edge never says what it follows, so what was approved counts. */
      by: literals(['line', 'approval'] as const),
    }),
  ),
  /** What was approved last. Not what it follows: the line was not told, or did not take it. */
  approved: nullable(
    Type.Object({ programme: Type.String(), version: Type.Integer(), hash: Type.String(), at: Time }),
  ),
  /** What waits for another account. */
  waiting: nullable(
    Type.Object({
      programme: Type.String(),
      version: Type.Integer(),
      hash: Type.String(),
      note: Type.String(),
      at: Time,
      byYou: Type.Boolean(),
    }),
  ),
});
export type LineProgrammeRow = Static<typeof LineProgrammeRow>;

/** `GET /sort-programmes/lines`. */
export const LineProgrammes = Type.Object({
  /** How many accounts have to agree. */
  approvals: Type.Integer({ minimum: 1, maximum: 2 }),
  rows: Type.Array(LineProgrammeRow),
  next: Type.Null(),
});
export type LineProgrammes = Static<typeof LineProgrammes>;

/** `GET /sort-programmes/{id}/diff`. */
export const ProgrammeDiff = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  rows: Type.Array(
    Type.Object({
      kind: literals(PROGRAMME_CHANGES),
      about: Type.String(),
      /** What is asked for, of tests only. */
      input: nullable(Type.String()),
      /** As it stands in the programme; null: it is not there. */
      before: Type.Unknown(),
      after: Type.Unknown(),
      /** In French. */
      words: Type.String(),
    }),
  ),
  next: Type.Null(),
});
export type ProgrammeDiff = Static<typeof ProgrammeDiff>;

/** `POST /sort-programmes/check`: looks, saves nothing. */
export const CheckProgrammeBody = Type.Object(
  {
    /** Whatever the editor holds: what is no programme is told as findings. */
    programme: Type.Unknown(),
    /** Whose outlets it may lead to; left out: all of the site. */
    line: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
export type CheckProgrammeBody = Static<typeof CheckProgrammeBody>;

/** Worst first. */
export const ProgrammeFindings = Type.Object({ rows: Type.Array(ToldFinding), next: Type.Null() });
export type ProgrammeFindings = Static<typeof ProgrammeFindings>;

/** `GET /sort-programmes/examples`. */
export const ProgrammeExamples = Type.Object({ rows: Type.Array(SortProgramme), next: Type.Null() });
export type ProgrammeExamples = Static<typeof ProgrammeExamples>;
