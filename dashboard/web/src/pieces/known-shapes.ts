/** What the model made a shape of, in words: pure. */
import type { ItemShape } from '@trame/protocol/classification/item-requests';
import { formatNumber } from '../format/quantity.ts';
import { t, type MessageKey } from '../messages/translate.ts';
import { FIBRE_WORDS } from './piece-words.ts';

/** Less is within the noise of a fit. */
const TOLD_SHARE = 0.01;

/** @returns `coton 82 %, polyester 15 %`, largest first; empty where the model names none. Ids of no fibre stay as they are. */
export function knownShapes(shares: ItemShape['shares']): string {
  const words: Readonly<Record<string, MessageKey>> = FIBRE_WORDS;
  return shares
    .filter(({ share }) => share >= TOLD_SHARE)
    .toSorted((a, b) => b.share - a.share)
    .map(({ id, share }) => {
      const key = Object.hasOwn(words, id) ? words[id] : undefined;
      return t('piece.share', {
        fibre: key === undefined ? id : t(key),
        percent: formatNumber(share * 100, 0),
      });
    })
    .join(', ');
}
