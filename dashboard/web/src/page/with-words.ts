/** Screens and parts that are fetched when they are opened, each with the words that it speaks in. */
import { addWords } from '../messages/translate.ts';

/** Each catalogue is a file of its own, fetched once however many screens share it. */
const WORDS = {
  control: () => import('../messages/fr-control.json'),
  fractions: () => import('../messages/fr-fractions.json'),
  health: () => import('../messages/fr-health.json'),
  kiosk: () => import('../messages/fr-kiosk.json'),
  material: () => import('../messages/fr-material.json'),
  pieces: () => import('../messages/fr-pieces.json'),
  programmes: () => import('../messages/fr-programmes.json'),
  sorting: () => import('../messages/fr-sorting.json'),
  stops: () => import('../messages/fr-stops.json'),
};

export function withWords<C>(
  names: readonly (keyof typeof WORDS)[],
  load: () => Promise<{ readonly default: C }>,
): () => Promise<C> {
  return async () => {
    const [part, ...words] = await Promise.all([load(), ...names.map((name) => WORDS[name]())]);
    for (const one of words) addWords(one.default);
    return part.default;
  };
}
