/** Who keeps what people say of single pieces, as whoever is asked to record it sees it. */
import type { VerdictChanged } from '@trame/protocol/classification/classification-events';
import type { SortingRefusal } from '@trame/protocol/classification/item-names';
import type { ItemOverrideArgs } from '@trame/protocol/classification/item-requests';

export type OverrideVerdict =
  | {
      readonly kind: 'change';
      readonly change: VerdictChanged;
      /** UTC ms. */
      readonly atMs: number;
      /** Goes into the ledger with it, under this name. */
      readonly mark: string;
      readonly markName: string;
    }
  | { readonly kind: 'refused'; readonly refusal: SortingRefusal; readonly detail: string };

export interface ItemOverriding {
  /** Nothing is changed by it. @param actorRef who says so. */
  judge(args: ItemOverrideArgs, actorRef: string | null): OverrideVerdict;
  /** It is in the ledger: kept beside the piece as well, now or a little later. @param mark of {@link judge}. */
  recorded(mark: string): void;
}
