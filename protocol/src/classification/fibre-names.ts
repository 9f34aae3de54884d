/** What spectra tell apart, and the groups of it that outlets ask for. */
import { FIBRES } from '../material.ts';

/**
 * `cellulosic`: cotton, flax, ramie or viscose, which a spectrum from 900 to 1700 nm does not tell apart.
 * A model names those that it knows; programmes may name any.
 */
export const RECOGNISED_FIBRES = [...FIBRES, 'cellulosic', 'acetate', 'polyvinyl-chloride'] as const;
export type RecognisedFibre = (typeof RECOGNISED_FIBRES)[number];

/**
 * Groups of fibres, by Regulation (EU) 1007/2011: `synthetic` is made of monomers, `artificial` of regenerated or
 * modified natural polymers. `cellulosic` counts as natural: what hides in it is said where it matters.
 */
export const FIBRE_GROUPS = {
  natural: ['cotton', 'flax', 'wool', 'cellulosic'],
  cellulosics: ['cotton', 'flax', 'viscose', 'cellulosic'],
  artificial: ['viscose', 'acetate'],
  synthetic: ['polyester', 'polyamide', 'acrylic', 'polypropylene', 'elastane', 'polyvinyl-chloride'],
} as const satisfies Record<string, readonly RecognisedFibre[]>;
export type FibreGroup = keyof typeof FIBRE_GROUPS;
