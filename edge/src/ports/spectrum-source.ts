/** What a station that reads spectra gives, one read for each piece that passed it. */

export interface SpectrumRead {
  /** The station's own number of the read, UInt32: it wraps. */
  readonly seq: number;
  /** When the station says that it read, ms since 1970; null: it does not say. */
  readonly readAtMs: number | null;
  /** As the station gave them: their number, and whether they are finite, is not looked at. */
  readonly values: Float32Array | Float64Array;
}

/**
 * Why a read cannot be had any more. `overwritten`: its place in the station's memory holds a later one. `not-written`: the
 * station counted it and never laid it down. `unreadable`: the station gives no spectrum for it, or a bad one.
 */
export type SpectrumMiss = 'overwritten' | 'not-written' | 'unreadable';

export interface MissedReads {
  readonly fromSeq: number;
  /** So many in a row, at least 1. */
  readonly count: number;
  readonly why: SpectrumMiss;
}

/**
 * Why reading begins at a number. `first`: it was not read before. `went-back`: the station counts lower than it did, so
 * it was started anew. `jumped-ahead`: it counts higher than it can have read meanwhile.
 */
export type SpectrumLife = 'first' | 'went-back' | 'jumped-ahead';

/** Told in the order of the numbers: each read after `begun` comes exactly once, in `spectra` or in `missed`. */
export interface SpectrumSink {
  /** The next read is the one after `seq`. Numbers from before mean other pieces. */
  begun(device: string, life: { readonly seq: number; readonly why: SpectrumLife }): void;
  /**
   * Reads in order, at least one. Nothing more of this device comes before the promise is settled; what the station writes over
   * meanwhile is missed. A rejection is a broken invariant: it is logged, and counts as taken.
   */
  spectra(device: string, reads: readonly SpectrumRead[]): Promise<void>;
  missed(device: string, reads: MissedReads): void;
}
