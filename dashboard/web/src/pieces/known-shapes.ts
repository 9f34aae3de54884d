/** What the model made a shape of, in words: pure. */
import type { ItemShape } from '@trame/protocol/classification/item-requests';
import { formatNumber } from '../format/quantity.ts';
import { t, type MessageKey } from '../messages/translate.ts';
import { FIBRE_WORDS } from './piece-words.ts';

/** Less is within the noise of a fit. */
const TOLD_SHARE = 0.01;

/** Shapes of models that are no fibre, or a fibre by its name in English. */
const OTHER_SHAPES: Readonly<Record<string, MessageKey>> = {
  nylon: FIBRE_WORDS.polyamide,
  background: 'piece.shapeBackground',
};
/** `water-1450`: what water takes at this wavelength. */
const WATER = /^water-(?<nm>\d{3,4})$/u;

/** @returns `coton 82 %, eau (1450 nm) 5 %`, largest first; empty where the model names none. Unknown ids stay as they are. */
export function knownShapes(shares: ItemShape['shares']): string {
  return shares
    .filter(({ share }) => share >= TOLD_SHARE)
    .toSorted((a, b) => b.share - a.share)
    .map(({ id, share }) => t('piece.share', { fibre: shapeName(id), percent: formatNumber(share * 100, 0) }))
    .join(', ');
}

function shapeName(id: string): string {
  const words: Readonly<Record<string, MessageKey>> = { ...FIBRE_WORDS, ...OTHER_SHAPES };
  const key = Object.hasOwn(words, id) ? words[id] : undefined;
  if (key !== undefined) return t(key);
  const nm = WATER.exec(id)?.groups?.['nm'];
  return nm === undefined ? id : t('piece.shapeWater', { nm: formatNumber(Number(nm), 0) });
}
