/** How sorting piece by piece stands, as health and metrics say it. */
import type { ProgrammeRef } from '@trame/protocol/classification/classification-events';
import type { ModelRef } from '@trame/protocol/classification/fibre-verdict';
import type { SortingWatch } from '../domain/sorting/sorting-watch.ts';
import type { ItemStoreHealth } from './item-store.ts';

/** Since the start of the edge. */
export interface SortingCounts {
  sorted: number;
  /** Of these, sent to hand sorting by the programme, or for want of one. */
  toFallback: number;
  /** Verdicts that the sorter did not answer in time. */
  late: number;
  /** Verdicts that it refused, or that could not be given at all. */
  unwritten: number;
  /** Reads that could not be had. */
  missed: number;
  /** Spectra that could not be judged for a fault of this program. */
  failed: number;
}

export interface SortingStatus extends Readonly<SortingCounts> {
  /** Null: none can be used; `modelFault` says why. */
  readonly model: ModelRef | null;
  readonly modelFault: string | null;
  /** Null: none can be used; `programmeFault` says why. */
  readonly programme: ProgrammeRef | null;
  readonly programmeFault: string | null;
  readonly items: ItemStoreHealth;
  /** What is watched of it. */
  readonly watch: SortingWatch;
}
