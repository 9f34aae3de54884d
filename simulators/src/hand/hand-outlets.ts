/** Where material leaves a hand line: bins beside the tables, each emptied into one kind of output. */
export const handBinIds = [
  'creme',
  'reemploi',
  'essuyage',
  'effilochage',
  'polymere',
  'buchettes',
  'csr',
] as const;
export const handOutletIds = [...handBinIds, 'elimination'] as const;
export type HandBinId = (typeof handBinIds)[number];
export type HandOutletId = (typeof handOutletIds)[number];

export type OutputUnit = 'bale' | 'sack' | 'crate';

/** Masses in grams. */
export interface HandBinPlan {
  readonly unit: OutputUnit;
  /** So much goes into one output; it is made as soon as the bin holds it. */
  readonly portionG: number;
  /** Full: nobody drops anything more into it. */
  readonly capacityG: number;
  /** Content before the plant's first second; never part of what the line put out. */
  readonly initialG: number;
  /** What is wrapped around an output: wire and sheet, a sack, a crate. */
  readonly packagingG: number;
}

/**
 * The vertical press takes 80 to 250 kg a bale; reuse leaves in sacks, the crème in crates. Bins start part-filled so
 * that a first output comes within five simulated minutes and others soon after, before anything was sorted.
 */
export const handBinPlans: Readonly<Record<HandBinId, HandBinPlan>> = {
  creme: { unit: 'crate', portionG: 12_000, capacityG: 40_000, initialG: 10_000, packagingG: 1_900 },
  reemploi: { unit: 'sack', portionG: 26_000, capacityG: 110_000, initialG: 54_000, packagingG: 200 },
  essuyage: { unit: 'bale', portionG: 82_000, capacityG: 180_000, initialG: 74_000, packagingG: 900 },
  effilochage: { unit: 'bale', portionG: 120_000, capacityG: 260_000, initialG: 112_000, packagingG: 900 },
  polymere: { unit: 'bale', portionG: 95_000, capacityG: 200_000, initialG: 58_000, packagingG: 900 },
  buchettes: { unit: 'bale', portionG: 80_000, capacityG: 170_000, initialG: 31_000, packagingG: 900 },
  csr: { unit: 'bale', portionG: 140_000, capacityG: 300_000, initialG: 112_000, packagingG: 900 },
};

/** The skip of what must be eliminated: carted off when it is nearly full. Grams. */
export const handSkip = { callG: 340_000, initialG: 20_000 };

/** One value for every bin. */
export function byHandBin<Value>(value: (id: HandBinId) => Value): Record<HandBinId, Value> {
  return Object.fromEntries(handBinIds.map((id) => [id, value(id)])) as Record<HandBinId, Value>;
}

/** One value for every outlet, the skip included. */
export function byHandOutlet<Value>(value: (id: HandOutletId) => Value): Record<HandOutletId, Value> {
  return Object.fromEntries(handOutletIds.map((id) => [id, value(id)])) as Record<HandOutletId, Value>;
}
