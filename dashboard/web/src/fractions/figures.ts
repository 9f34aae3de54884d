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

/** Whole kilograms where the margin is wider than one, tenths below. */
export function estimatedKg(grams: number): string {
  const kg = grams / 1_000;
  return t('fractions.kilograms', {
    figure: formatNumber(kg, kg !== 0 && Math.abs(kg) < FINE_BELOW ? 1 : 0),
  });
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
