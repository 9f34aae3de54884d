/** One act that somebody did at this screen, kept until the server has answered it. */
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import type { Attachment } from '@trame/protocol/material/move';

/** A file that goes to the server before the act that names it. */
export interface EntryFile {
  readonly blob: Blob;
  readonly name: string;
  readonly kind: Attachment['kind'];
}

/** What an act is about, for people: the list shows it, and the kiosk finds its last bale again by it. */
export type EntryAbout =
  | {
      readonly kind: 'bale';
      readonly press: string | null;
      readonly outlet: string;
      /** As the scale or the keypad said; null: to be weighed. */
      readonly grossGrams: number | null;
      /** Number of a bale that already was there; null: the answer brings it. */
      readonly number: number | null;
    }
  | { readonly kind: 'void' | 'label'; readonly of: string; readonly number: number | null }
  | {
      readonly kind: 'paper';
      readonly sheet: string;
      readonly outlet: string;
      readonly grossGrams: number | null;
    }
  | { readonly kind: 'lot'; readonly collector: string | null; readonly grossGrams: number }
  | { readonly kind: 'refuse'; readonly of: string }
  | { readonly kind: 'restart'; readonly line: string }
  /** Any other act, in the words of whoever did it. */
  | { readonly kind: 'act'; readonly words: string };

export interface EntryDraft {
  /** Path from the origin; `{id}` in it becomes the id that the act `after` answered. */
  readonly path: string;
  /** Key of the act that has to be answered first; null: none. */
  readonly after: string | null;
  /** With `occurredAt`: when it happened, whenever it is sent. */
  readonly body: Readonly<Record<string, unknown>> & { readonly occurredAt: number };
  readonly files: readonly EntryFile[];
  readonly about: EntryAbout;
}

/** Code of a refusal that is not the server's: the act before it was not recorded. */
export const NOT_BEFORE = 'act-before-missing';

export interface Refusal {
  readonly status: number;
  readonly code: string;
  /** Figures and names that the words of the code need. */
  readonly params: Readonly<Record<string, unknown>>;
}

export interface Entry extends EntryDraft {
  /** `Idempotency-Key`, a UUID of version 7. */
  readonly key: string;
  /** Place in the queue: the store gives it. */
  readonly order: number;
  /** Null: waiting to be sent. */
  readonly refusal: Refusal | null;
}

/** An act that the server has recorded. */
export interface Answered {
  readonly key: string;
  readonly order: number;
  readonly about: EntryAbout;
  /** When it happened, ms since 1970 UTC. */
  readonly occurredAt: number;
  readonly answer: ActAnswer;
}
