/** How the pieces of a line are sorted one by one by their spectra, after `sorting:` was read and checked. */

/** What is named by its file, or by an id among those that the program brings along. */
export type NamedPart =
  | { readonly kind: 'file'; /** Absolute. */ readonly path: string }
  | { readonly kind: 'shipped'; readonly id: string };

export interface SortingConfig {
  /** Device whose ring holds the spectra. */
  readonly nir: string;
  /** Device that takes verdicts. */
  readonly sorter: string;
  readonly model: NamedPart;
  /** Of the first start; later the one that was activated last. */
  readonly programme: NamedPart;
  /** Where pieces go of which nothing can be said: one of `outlets`. */
  readonly fallback: string;
  /** The sorter's number of each outlet, from 1. Where two have one number, what falls there is said of the first. */
  readonly outlets: Readonly<Record<string, number>>;
  /** How many pieces, and how many spectra of the latest, the edge keeps. */
  readonly keep: { readonly pieces: number; readonly spectra: number };
}

/** @returns what the bin with a number is called: the first of the outlets that have it. */
export function outletAt(
  { outlets, fallback }: Pick<SortingConfig, 'outlets' | 'fallback'>,
  number: number,
): string {
  return Object.entries(outlets).find(([, each]) => each === number)?.[0] ?? fallback;
}

export const DEFAULT_KEPT_PIECES = 200_000;
export const DEFAULT_KEPT_SPECTRA = 20_000;
