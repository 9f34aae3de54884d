/** A request that records something: it moves nothing, so it never expires. */
import type { AlarmRefusal } from '@trame/protocol/alarms/alarm-names';
import type { SortingRefusal } from '@trame/protocol/classification/item-names';
import type { CommandRequest } from '@trame/protocol/command';
import type { TSchema } from 'typebox';
import type { LedgerRecord } from '../ports/ledger.ts';

export interface RecordCommand {
  /** `scale.verify`. */
  readonly command: string;
  /** What its arguments must be; checked before {@link record}. */
  readonly args: TSchema;
  /**
   * @param args as {@link args} says.
   * @returns what to record, all of it or nothing: key and actor are set by the desk, so that it is recorded once; or
   * why it cannot be.
   */
  record(args: unknown, request: CommandRequest): CommandVerdict;
  /** It is on the disk. Not told again for the same request; after a restart the marks of the record tell. */
  recorded?(records: readonly LedgerRecord[]): void;
  /** What {@link record} gave is not on the disk, and never will be. */
  notRecorded?(): void;
}

export type CommandVerdict =
  /** At least one. */
  | { readonly kind: 'records'; readonly records: readonly LedgerRecord[] }
  /** It was decided without knowing what was recorded since. */
  | { readonly kind: 'stale'; readonly detail: string }
  /** What happened before is not on the disk yet: it may be asked again. */
  | { readonly kind: 'not-stored'; readonly detail: string }
  /** In words for a person, and by its own code where it has one; `data` goes with the answer. */
  | {
      readonly kind: 'refused';
      readonly refusal?: AlarmRefusal | SortingRefusal;
      readonly detail: string;
      readonly data?: unknown;
    };

/** Under this key the ledger keeps that a request was done: with the first event of what it recorded. */
export function requestKey(id: string): string {
  return `request:${id}`;
}
