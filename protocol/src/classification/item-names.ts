/** Pieces that a station read one by one. */

/** A life of a device's numbers, which ends when the device starts counting anew. Later lives are greater as texts. */
export const LIFE_PATTERN = '^[0-9a-f]{8}$';
/** Which piece: the device, which life of its numbers, the number. */
export const ITEM_ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._~-]{0,62}:[0-9a-f]{8}:[0-9]{1,10}$';

/** How the outlet of a piece came about. `in-time`: the sorter took the verdict before its gate. `late`: it did not answer in time. */
export const VERDICT_WRITES = ['in-time', 'late', 'refused', 'not-written'] as const;
export type VerdictWrite = (typeof VERDICT_WRITES)[number];

/** Why a person says otherwise. */
export const OVERRIDE_REASONS = [
  'label-says',
  'seen-by-hand',
  'soiled',
  'wrong-colour',
  'disruptor',
  'training',
  'other',
] as const;
export type OverrideReason = (typeof OVERRIDE_REASONS)[number];

/**
 * Why a request about pieces or their programme is refused. `items-away`: the edge cannot read what it keeps of pieces now.
 * `same-outlet`: it goes there already. `too-large`: the answer fits into no reply, so less must be asked for.
 */
export const SORTING_REFUSALS = [
  'not-sorting',
  'unknown-item',
  'unknown-outlet',
  'same-outlet',
  'too-many-overrides',
  'items-away',
  'bad-programme',
  'too-large',
] as const;
export type SortingRefusal = (typeof SORTING_REFUSALS)[number];
