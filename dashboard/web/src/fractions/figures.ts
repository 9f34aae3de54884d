/** Estimated figures as people read them: a share with its margin, a rate with its interval. */
import { ASSUMED_ERROR_PERCENT } from '@trame/protocol/classification/composition-names';
import type { SortingError } from '@trame/protocol/classification/classification-answers';
import { formatNumber } from '../format/quantity.ts';
import { t } from '../messages/translate.ts';

/** Standard errors either side that hold the true value 95 times of 100. */
const SPREAD_95 = 1.96;
/** Below this a figure is written with a decimal. */
const FINE_BELOW = 10;
/** Half of the last digit that is written: what is less is no margin that can be read. */
const FINEST = 0.05;

/** @returns «62 %», «4,2 %»: as fine as its margin lets it be. */
export function percentText(percent: number, marginPoints: number | null = null): string {
  const isFine =
    marginPoints === null ? !Number.isInteger(percent) && percent < FINE_BELOW : marginPoints < 1;
  return t('fractions.percent', { figure: formatNumber(percent, isFine ? 1 : 0) });
}

/** @returns margin of 95 %, points, of a standard error. */
export function margin95(errorPoints: number): number {
  return SPREAD_95 * errorPoints;
}

/** @returns «± 3 points», «± 0,4 point», «± moins de 0,1 point». */
export function marginText(marginPoints: number): string {
  if (marginPoints < FINEST) return t('fractions.marginLess', { figure: formatNumber(0.1, 1) });
  const decimals = marginPoints < 1 ? 1 : 0;
  const shown = formatNumber(marginPoints, decimals);
  // French: the plural begins at two.
  return t('fractions.margin', { figure: shown, count: Math.floor(Number(marginPoints.toFixed(decimals))) });
}

/** Whole kilograms; tenths of what is less than ten. */
export function estimatedKg(grams: number): string {
  return kgText(grams, grams % 1_000 !== 0 && Math.abs(grams) < FINE_BELOW * 1_000 ? 1 : 0);
}

/**
 * @returns «± 3 points»; a margin that reaches past nothing or past the whole is told by the end that says something: «au plus
 * 20 %», «au moins 80 %»; past both «à peine connu».
 */
export function spreadText(percent: number, errorPoints: number): string {
  const margin = margin95(errorPoints);
  const isBelow = percent - margin < 0;
  const isAbove = percent + margin > 100;
  if (isBelow && isAbove) return t('fractions.hardlyKnown');
  if (isBelow) return t('fractions.atMost', { most: percentText(percent + margin, margin) });
  if (isAbove) return t('fractions.atLeast', { least: percentText(percent - margin, margin) });
  return marginText(margin);
}

/**
 * @param errorGrams standard error; null: not known.
 * @returns «281 kg ± 43 kg», both as fine as the margin lets them be, «3,4 kg ± 1,6 kg» of what is little.
 */
export function massText(grams: number, errorGrams: number | null): string {
  if (errorGrams === null) return estimatedKg(grams);
  const marginGrams = margin95(errorGrams);
  // Parts of little are added up by whoever reads them: rounded to kilograms they would not make the whole.
  const decimals = marginGrams < 1_000 || grams < FINE_BELOW * 1_000 ? 1 : 0;
  if (grams + marginGrams < FINEST * 1_000) {
    return t('fractions.massLess', { most: kgText(100, 1) });
  }
  if (marginGrams > grams) {
    const most = kgText(grams + marginGrams, decimals);
    return t('fractions.massAtMost', { mass: kgText(grams, decimals), most });
  }
  return t('fractions.massMargin', {
    mass: kgText(grams, decimals),
    margin: kgText(marginGrams, decimals),
  });
}

function kgText(grams: number, decimals: 0 | 1): string {
  return t('fractions.kilograms', { figure: formatNumber(grams / 1_000, decimals) });
}

/** @returns «12,5 %»: as it was measured, to the hundredth; what is only agreed on, to the tenth. */
export function moistureText(percent: number, source: 'measured' | 'conventional'): string {
  const hundredths = source === 'measured' ? Math.round(percent * 100) : Math.round(percent * 10) * 10;
  const decimals = hundredths % 100 === 0 ? 0 : hundredths % 10 === 0 ? 1 : 2;
  return t('fractions.percent', { figure: formatNumber(hundredths / 100, decimals) });
}

/** @returns «entre 2,1 % et 7,9 %». */
export function intervalText(low: number, high: number): string {
  return t('fractions.between', { low: percentText(low), high: percentText(high) });
}

/** The sorting error of an outlet and month in one sentence; the assumed one where nobody looked. */
export function errorSentence(error: SortingError | null): string {
  return error === null
    ? t('fractions.noAudit', { assumed: percentText(ASSUMED_ERROR_PERCENT) })
    : t('fractions.audited', {
        rate: percentText(error.percent),
        interval: intervalText(error.lowPercent, error.highPercent),
        sampled: estimatedKg(error.sampledGrams),
        count: error.audits,
      });
}
