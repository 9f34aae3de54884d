/** How full a place is against its ceilings, as it is shown: calm below 80 %, told by shape and word from there on. */
import type { StockAnswer } from '@trame/protocol/material/material-answers';
import { formatNumber } from '../format/quantity.ts';
import { t } from '../messages/translate.ts';

type Fill = StockAnswer['site'];

/** The permit's ceiling is warned of from here on, percent: the mark on the bar. */
export const WARN_PERCENT = 80;
const LITRES_PER_M3 = 1_000;
const GRAMS_PER_TONNE = 1_000_000;

export interface FillView {
  /** Null: nothing to be told. */
  readonly level: 1 | 2 | null;
  /** Empty when there is no ceiling. */
  readonly words: string;
  readonly tonnes: string;
  /** Null: no volume is known. */
  readonly volume: string | null;
  /** Null: no ceiling. */
  readonly percent: number | null;
}

export function fillView(fill: Fill): FillView {
  const { grams, litres, ceilingGrams, ceilingLitres, percent } = fill;
  return {
    level: fill.level === 'over' ? 1 : fill.level === 'warn' ? 2 : null,
    words: percent === null ? t('stock.noCeiling') : fillWords(fill.level, percent),
    tonnes: against(tonnesText(grams), ceilingGrams === null ? null : tonnesText(ceilingGrams)),
    volume:
      litres === null ? null : against(m3Text(litres), ceilingLitres === null ? null : m3Text(ceilingLitres)),
    percent,
  };
}

function fillWords(level: string, percent: number): string {
  const figure = formatNumber(Math.floor(percent), 0);
  if (level === 'over') return t('stock.over', { figure });
  return level === 'warn' ? t('stock.warn', { figure }) : t('stock.fine', { figure });
}

function against(figure: string, ceiling: string | null): string {
  return ceiling === null ? figure : t('stock.against', { figure, ceiling });
}

/** @returns `12,35 t`: the register of a permit counts in tonnes. */
export function tonnesText(grams: number): string {
  return t('stock.tonnes', { figure: formatNumber(grams / GRAMS_PER_TONNE, 2) });
}

function m3Text(litres: number): string {
  return t('stock.cubicMetres', { figure: formatNumber(litres / LITRES_PER_M3, 1) });
}
