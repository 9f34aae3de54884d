/** Where material leaves the line. The eight bins are pressed; the skip is carried away. */
export const binIds = [
  'creme',
  'reemploi',
  'essuyage',
  'effilochage',
  'polymere',
  'buchettes',
  'csr',
  'manuel',
] as const;
export const outletIds = [...binIds, 'elimination'] as const;
export type BinId = (typeof binIds)[number];
export type OutletId = (typeof outletIds)[number];

/** Masses in grams. */
export interface OutletPlan {
  /** Full: the line may drop nothing more into it. */
  readonly capacityG: number;
  /** The crew calls the press (or the lorry, for the skip) from this content on. */
  readonly callG: number;
  /** Content before the plant's first second; never part of what the line put out. */
  readonly initialG: number;
}

/**
 * Reuse leaves in sacks of 25–50 kg, the rest in bales of a vertical press (80–250 kg). Bins start
 * part-filled so that a first output comes within five simulated minutes and others soon after.
 */
export const outletPlans: Readonly<Record<OutletId, OutletPlan>> = {
  creme: { capacityG: 60_000, callG: 25_000, initialG: 13_000 },
  reemploi: { capacityG: 75_000, callG: 26_000, initialG: 17_500 },
  essuyage: { capacityG: 90_000, callG: 40_000, initialG: 31_000 },
  effilochage: { capacityG: 190_000, callG: 120_000, initialG: 109_000 },
  polymere: { capacityG: 190_000, callG: 120_000, initialG: 92_000 },
  buchettes: { capacityG: 130_000, callG: 80_000, initialG: 47_000 },
  csr: { capacityG: 190_000, callG: 120_000, initialG: 101_000 },
  manuel: { capacityG: 110_000, callG: 60_000, initialG: 22_000 },
  elimination: { capacityG: 400_000, callG: 340_000, initialG: 64_000 },
};
