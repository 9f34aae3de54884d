/**
 * Heat content of textile fibres.
 *
 * Moisture regain: agreed allowances of Regulation (EU) 1007/2011 annex IX. Lower heating value of dry fibre:
 * Channiwala–Parikh HHV = 0.3491C + 1.1783H + 0.1005S − 0.1034O − 0.0151N (mass %), minus 2.442·8.937·H/100.
 */
import { Type } from 'typebox';

interface FibreFactor {
  /** Agreed moisture regain, % of dry mass. */
  readonly regainPercent: number;
  /** Lower heating value of dry fibre, MJ/kg. */
  readonly lhvDryMJPerKg: number;
}

export const FIBRES = [
  'cotton',
  'flax',
  'wool',
  'viscose',
  'polyester',
  'polyamide',
  'acrylic',
  'polypropylene',
  'elastane',
] as const;
export type Fibre = (typeof FIBRES)[number];

const FACTORS: Readonly<Record<Fibre, FibreFactor>> = {
  cotton: { regainPercent: 8.5, lhvDryMJPerKg: 16.4 },
  flax: { regainPercent: 12, lhvDryMJPerKg: 16.4 },
  wool: { regainPercent: 18.25, lhvDryMJPerKg: 22 },
  viscose: { regainPercent: 13, lhvDryMJPerKg: 16.4 },
  polyester: { regainPercent: 1.5, lhvDryMJPerKg: 22.4 },
  polyamide: { regainPercent: 6.25, lhvDryMJPerKg: 30 },
  acrylic: { regainPercent: 2, lhvDryMJPerKg: 28.8 },
  polypropylene: { regainPercent: 2, lhvDryMJPerKg: 43.7 },
  elastane: { regainPercent: 1.5, lhvDryMJPerKg: 30.9 },
};

/** Assumed share of each fibre in an outlet, % of mass, adding up to 100. */
export const Composition = Type.Partial(
  Type.Object(Object.fromEntries(FIBRES.map((fibre) => [fibre, Type.Number({ minimum: 0, maximum: 100 })])), {
    additionalProperties: false,
  }),
);
export type Composition = Partial<Record<Fibre, number>>;

/** @returns agreed moisture regain of a fibre, % of its dry mass. */
export function regainPercentOf(fibre: Fibre): number {
  return FACTORS[fibre].regainPercent;
}

/** Heat taken to evaporate one kg of water at 25 °C, MJ. */
const EVAPORATION_MJ_PER_KG = 2.443;

/**
 * @returns lower heating value as received, MJ/kg, of fibre that holds its agreed moisture:
 * LHV_ar = LHV_dry·(1−M) − 2.443·M with M = R/(100+R).
 */
export function lhvAtRegainMJPerKg(fibre: Fibre): number {
  const { regainPercent, lhvDryMJPerKg } = FACTORS[fibre];
  const moisture = regainPercent / (100 + regainPercent);
  return lhvDryMJPerKg * (1 - moisture) - EVAPORATION_MJ_PER_KG * moisture;
}

/** @returns lower heating value of a mix as received, MJ/kg, or null for an empty mix. */
export function lhvOfMixMJPerKg(composition: Composition): number | null {
  let shares = 0;
  let heat = 0;
  for (const fibre of FIBRES) {
    const share = composition[fibre] ?? 0;
    shares += share;
    heat += share * lhvAtRegainMJPerKg(fibre);
  }
  return shares === 0 ? null : heat / shares;
}
