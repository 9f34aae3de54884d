/** A request that reads: nothing is recorded of it, and it is answered anew each time. */
import type { SortingRefusal } from '@trame/protocol/classification/item-names';
import type { TSchema } from 'typebox';

export interface ReadCommand {
  /** `item.list`. */
  readonly command: string;
  /** What its arguments must be; checked before {@link read}. */
  readonly args: TSchema;
  /** @param signal ends a long one: what it then gives is not sent. Never rejects for what a disk or a file says. */
  read(args: unknown, signal: AbortSignal): Promise<ReadAnswer>;
}

export type ReadAnswer =
  /** JSON. What does not fit into a reply is refused. */
  | { readonly kind: 'data'; readonly data: unknown }
  /** In words for a person, and by its own code where it has one. */
  | { readonly kind: 'refused'; readonly refusal?: SortingRefusal; readonly detail: string };
