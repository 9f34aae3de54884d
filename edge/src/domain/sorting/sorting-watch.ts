/** What is watched of sorting by spectra, as alarms ask it. */
import type { DriftCondition } from './drift-condition.ts';

export interface SortingWatch {
  /** Of the spectra from their model. */
  readonly distance: DriftCondition;
  /** How many spectra are refused. */
  readonly refused: DriftCondition;
  /** What pieces are called. */
  readonly shares: DriftCondition;
  /** Reads that were missed lately. */
  readonly missed: number;
}
