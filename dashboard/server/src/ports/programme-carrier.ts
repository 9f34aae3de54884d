/** Tells the edge of a line which sort programme to follow from now on. */
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';

export interface CarriedTo {
  readonly site: string;
  readonly line: string;
}

export type CarryOutcome =
  /** The edge has it and sorts by it. */
  | { readonly kind: 'taken' }
  /** It sorts no pieces, or is no edge: who sorts there looks at the programme itself. */
  | { readonly kind: 'not-needed' }
  /** The edge says no: a stable code and words. */
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string | null }
  /** Nobody answered, and it may have been taken; or the edge could not record it just now. It is sent again. */
  | { readonly kind: 'no-reply' };

export interface ProgrammeCarrier {
  /**
   * @param hash of the programme: what does not have it is not sent.
   * @param approval the event by which it was approved. Sent twice for one, the edge takes it once.
   */
  send(to: CarriedTo, programme: SortProgramme, hash: string, approval: string): Promise<CarryOutcome>;
}
