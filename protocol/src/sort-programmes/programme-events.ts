/**
 * What people do with sort programmes. It goes where all acts of people go: to the ledger of the site's book-keeper. That a line
 * follows one is said by its own edge (`programme.active`).
 */
import { Type, type Static } from 'typebox';
import { happening } from '../material/act-parts.ts';
import { Id, Words } from '../material/move.ts';
import { HASH_PATTERN } from '../ledger-event.ts';
import { closed, literals } from '../schema.ts';
import { SortProgramme } from './sort-programme.ts';

const Version = Type.Integer({ minimum: 1, maximum: 1_000_000 });
/** Of the programme: SHA-256 of its canonical JSON. */
const Hash = Type.String({ pattern: HASH_PATTERN });

/** A version is written once and never changed. */
export const ProgrammeSaved = Type.Object({ programme: SortProgramme, hash: Hash, note: Words }, closed);
export type ProgrammeSaved = Static<typeof ProgrammeSaved>;

/**
 * `asked`: somebody wants the line to follow it. `approved`: enough accounts agree, the edge is told. `withdrawn`: by who asked, or
 * by who does not agree.
 */
export const PROGRAMME_STEPS = ['asked', 'approved', 'withdrawn'] as const;
export const ProgrammeStepped = Type.Object(
  { line: Id, programme: Id, version: Version, hash: Hash, step: literals(PROGRAMME_STEPS), note: Words },
  closed,
);
export type ProgrammeStepped = Static<typeof ProgrammeStepped>;

export const PROGRAMME_PAYLOADS = {
  'programme.saved': ProgrammeSaved,
  'programme.stepped': ProgrammeStepped,
} as const;

/**
 * `POST /sort-programmes`: a new programme, or the next version of one; its `version` is given by the server. `basedOn`, what it was
 * made from: null when it is new (refused `programme-exists` when there is one of that id), a version of the same id (refused
 * `programme-moved-on` when there is a later one that says something else); left out: the next version of whatever is there.
 */
export const SaveProgrammeBody = Type.Object(
  {
    ...happening,
    programme: SortProgramme,
    basedOn: Type.Optional(Type.Union([Type.Object({ version: Version }, closed), Type.Null()])),
    note: Type.Optional(Words),
  },
  closed,
);
export type SaveProgrammeBody = Static<typeof SaveProgrammeBody>;

/** `POST /sort-programmes/{id}/activate|withdraw`: of a version, on a line. */
export const StepProgrammeBody = Type.Object(
  { ...happening, line: Id, version: Version, note: Type.Optional(Words) },
  closed,
);
export type StepProgrammeBody = Static<typeof StepProgrammeBody>;
