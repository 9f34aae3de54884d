/**
 * What comes of an act: events to record, or a refusal. Decisions read the book and change nothing; whoever runs them
 * (`material-desk.ts`) sees to it that nothing was recorded in between.
 */
import type { MaterialRefusalCode } from '@trame/protocol/material/material-names';
import type { MaterialEventType, MaterialPayloads } from '@trame/protocol/material/material-payloads';
import type { OutletNames } from '@trame/protocol/sort-programmes/outlet-names';
import type { ProgrammeFinding, SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import type { MaterialBook } from './material-book.ts';
import type { Reference } from './reference.ts';

/** One event to record. */
export type Draft = {
  [K in MaterialEventType]: {
    readonly type: K;
    /** ms since 1970 UTC. */
    readonly occurredAt: number;
    readonly payload: MaterialPayloads[K];
  };
}[MaterialEventType];

export interface Recording {
  readonly kind: 'record';
  /** Of what it makes or changes. */
  readonly id: string;
  readonly number: number | null;
  readonly drafts: readonly Draft[];
  /** What somebody should look at; stable words. */
  readonly warnings: readonly string[];
  /** Of a sort programme. */
  readonly findings?: readonly ProgrammeFinding[];
}

export interface Refused {
  readonly kind: 'refused';
  readonly code: MaterialRefusalCode;
  /** In words for whoever wrote the program that asks; pages have words of their own for the code. */
  readonly detail: string;
  /** Figures and names that the words need. */
  readonly params: Readonly<Record<string, string | number>>;
  /** Of a sort programme. */
  readonly findings?: readonly ProgrammeFinding[];
}

export type Decision = Recording | Refused;

/** What every decision may look at. */
export interface ActContext {
  readonly site: string;
  readonly book: MaterialBook;
  readonly reference: Reference;
  readonly nowMs: number;
  /** Who asks: the opaque reference that its events will carry. */
  readonly actorRef: string;
  /** When it happened, by whoever asks; now when nothing is said. Already checked: not in the future, no closed month. */
  readonly occurredAt: number;
  /** Local day of the site, `YYYY-MM-DD`. */
  readonly dayOf: (atMs: number) => string;
  readonly checkProgramme: CheckProgramme;
}

/** Everything that can be said of a programme, worst first. It may take seconds. @param outlets null: not known, not checked. @param names for the words. */
export type CheckProgramme = (
  programme: SortProgramme,
  outlets: readonly string[] | null,
  names: OutletNames,
) => Promise<readonly ProgrammeFinding[]>;

/** One kind of act: the body as it was validated, and the things its address names (`lot`, `bale`, `line`…). */
export type Decide<Body> = (context: ActContext, body: Body, target: string) => Promise<Decision>;

export function refused(
  code: MaterialRefusalCode,
  detail: string,
  params: Readonly<Record<string, string | number>> = {},
): Refused {
  return { kind: 'refused', code, detail, params };
}

export function recording(
  id: string,
  drafts: readonly Draft[],
  more: Partial<Pick<Recording, 'number' | 'warnings' | 'findings'>> = {},
): Recording {
  const { number = null, warnings = [], findings } = more;
  return { kind: 'record', id, number, drafts, warnings, ...(findings === undefined ? {} : { findings }) };
}
