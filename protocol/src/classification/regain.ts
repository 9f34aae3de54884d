/**
 * Moisture that fibres are agreed to hold when mass is dealt in: Regulation (EU) 1007/2011 annex IX. Regain is of the dry mass,
 * moisture of the mass as it is: M = R/(100 + R).
 */
import { regainPercentOf } from '../material.ts';
import type { RecognisedFibre } from './fibre-names.ts';
import type { FibreShare } from './fibre-verdict.ts';

/** Annex IX: acetate (19), and chlorofibre (27), which is what the law calls polyvinyl chloride. */
const ACETATE_PERCENT = 9;
const CHLOROFIBRE_PERCENT = 2;

/** What a spectrum cannot tell apart is taken for cotton: most of it is, and viscose and flax hold more. */
export function agreedRegainPercent(fibre: RecognisedFibre): number {
  if (fibre === 'cellulosic') return regainPercentOf('cotton');
  if (fibre === 'acetate') return ACETATE_PERCENT;
  return fibre === 'polyvinyl-chloride' ? CHLOROFIBRE_PERCENT : regainPercentOf(fibre);
}

/** @param shares of the dry mass. @returns % of the dry mass; null: nothing is known of it. */
export function regainOfMixPercent(shares: readonly FibreShare[]): number | null {
  const total = shares.reduce((sum, { percent }) => sum + percent, 0);
  if (!(total > 0)) return null;
  return shares.reduce((sum, { fibre, percent }) => sum + (percent / total) * agreedRegainPercent(fibre), 0);
}

/** @returns % of the mass as it is. */
export function moistureOfRegain(regainPercent: number): number {
  return (100 * regainPercent) / (100 + regainPercent);
}

/** @returns dry mass of so much as it is. */
export function dryMass(mass: number, moisturePercent: number): number {
  return mass * (1 - moisturePercent / 100);
}

/** @returns mass of so much dry mass with its agreed moisture. */
export function conventionalMass(dry: number, regainPercent: number): number {
  return dry * (1 + regainPercent / 100);
}
