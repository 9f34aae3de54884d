/** What a verdict says of a piece, in words: pure. */
import type { FibreShare, FibreVerdict } from '@trame/protocol/classification/fibre-verdict';
import type { ItemRow } from '@trame/protocol/classification/item-requests';
import { formatNumber } from '../format/quantity.ts';
import { t } from '../messages/translate.ts';
import { FIBRE_WORDS, READING_WORDS, REFUSAL_WORDS } from './piece-words.ts';

/** Shares below this are not worth a word in a list, %. */
const TOLD_PERCENT = 1;

/** `coton 82 % ± 4`; the error is the same for each share. */
export function shareText({ fibre, percent }: FibreShare, errorPoints: number | null): string {
  const name = t(FIBRE_WORDS[fibre]);
  const figure = formatNumber(percent, 0);
  return errorPoints === null
    ? t('piece.share', { fibre: name, percent: figure })
    : t('piece.shareError', { fibre: name, percent: figure, error: errorText(errorPoints) });
}

/** Below 10 with a decimal: it is compared with what a guard band takes. */
export function errorText(points: number): string {
  return formatNumber(points, points < 10 ? 1 : 0);
}

/** Shares largest first; null: nothing can be said. */
export function compositionText({
  composition,
  errorPoints,
}: Pick<ItemRow, 'composition' | 'errorPoints'>): string | null {
  const told = composition
    .filter(({ percent }) => percent >= TOLD_PERCENT)
    .toSorted((a, b) => b.percent - a.percent)
    .map((share) => shareText(share, errorPoints));
  return told.length === 0 ? null : told.join(', ');
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

/** That the named fibre, or the most likely one, is right and alone; empty where nothing is known of it. */
export function probabilitySentence({
  probability,
  fibre,
  composition,
}: Pick<FibreVerdict, 'probability' | 'fibre' | 'composition'>): string {
  if (probability === null) return '';
  const percent = probabilityText(probability);
  const likely = fibre ?? composition.toSorted((a, b) => b.percent - a.percent)[0]?.fibre ?? null;
  return likely === null
    ? t('piece.probability', { percent })
    : t('piece.probabilityOf', { fibre: t(FIBRE_WORDS[likely]), percent });
}
