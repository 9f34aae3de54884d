/** What a verdict says of a piece, in words: pure. */
import type { FibreShare, FibreVerdict } from '@trame/protocol/classification/fibre-verdict';
import type { ItemRow } from '@trame/protocol/classification/item-requests';
import { formatNumber } from '../format/quantity.ts';
import { t } from '../messages/translate.ts';
import { FIBRE_WORDS, READING_WORDS, REFUSAL_WORDS } from './piece-words.ts';

/** Shares below this are not worth a word in a list, %. */
const TOLD_PERCENT = 1;

/** `coton 82 %`. */
function shareText({ fibre, percent }: FibreShare): string {
  return t('piece.share', { fibre: t(FIBRE_WORDS[fibre]), percent: formatNumber(percent, 0) });
}

/** `coton 82 % ± 3,4`; the error is the same for each share. */
export function shareErrorText(share: FibreShare, errorPoints: number | null): string {
  return errorPoints === null
    ? shareText(share)
    : t('piece.shareError', { share: shareText(share), error: errorText(errorPoints) });
}

/** Below 10 with a decimal: it is compared with what a guard band takes. */
export function errorText(points: number): string {
  return formatNumber(points, Math.round(points * 10) < 100 ? 1 : 0);
}

/** Shares largest first, and the error that each of them has; null: nothing can be said. */
export function compositionText({
  composition,
  errorPoints,
}: Pick<ItemRow, 'composition' | 'errorPoints'>): string | null {
  const told = composition
    .filter(({ percent }) => percent >= TOLD_PERCENT)
    .toSorted((a, b) => b.percent - a.percent)
    .map(shareText);
  if (told.length === 0) return null;
  const shares = told.join(', ');
  return errorPoints === null ? shares : t('piece.sharesError', { shares, error: errorText(errorPoints) });
}

/** The fibre, or why none is named. */
export function fibreText({
  fibre,
  refusal,
  reading,
}: Pick<ItemRow, 'fibre' | 'refusal' | 'reading'>): string {
  if (fibre !== null) return t(FIBRE_WORDS[fibre]);
  return t(refusal === null ? READING_WORDS[reading] : REFUSAL_WORDS[refusal]);
}

/** `97 %`; never 100 % of something that is not certain. */
export function probabilityText(probability: number): string {
  const percent = probability * 100;
  if (percent > 99 && percent < 100) return t('piece.over99');
  return t('piece.percent', { percent: formatNumber(percent, 0) });
}

/** Below this the named fibre was more often wrong, or not alone. */
const MORE_OFTEN_NOT = 0.5;

/**
 * How often the named fibre was right and alone in the trials of the model; where none is named, how often there was only
 * one. Empty: it is not known.
 */
export function probabilitySentence({
  probability,
  fibre,
}: Pick<FibreVerdict, 'probability' | 'fibre'>): string {
  if (probability === null) return '';
  const percent = probabilityText(probability);
  if (fibre === null) return t('piece.probability', { percent });
  const sentence = t('piece.probabilityOf', { fibre: t(FIBRE_WORDS[fibre]), percent });
  return probability < MORE_OFTEN_NOT ? t('piece.probabilityLow', { sentence }) : sentence;
}

/** Whether a verdict speaks of what a spectrum does not tell apart: then that is said once beside it. */
export function namesCellulosic({ fibre, composition }: Pick<ItemRow, 'fibre' | 'composition'>): boolean {
  return (
    fibre === 'cellulosic' ||
    composition.some((share) => share.fibre === 'cellulosic' && share.percent >= TOLD_PERCENT)
  );
}
