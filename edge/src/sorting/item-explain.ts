/** `item.explain`: why a piece went where it went, with its spectrum beside those of its class. */
import {
  ITEM_EXPLAIN,
  ItemExplainArgs,
  type ItemExplainData,
  type ItemShape,
} from '@trame/protocol/classification/item-requests';
import { explainRules } from '@trame/protocol/sort-programmes/explain-rules';
import { explainSpectrum, type ExplainedShape } from '../domain/nir/explain-spectrum.ts';
import type { NirModel } from '../domain/nir/open-model.ts';
import { itemKey, type Item } from '../domain/sorting/item.ts';
import type { ItemStore, KeptItem } from '../ports/item-store.ts';
import type { ReadAnswer, ReadCommand } from '../ports/read-command.ts';
import { itemRow, overrideRows } from './item-row.ts';
import type { UsableProgramme } from './judge-programme.ts';

export interface ItemExplainOptions {
  readonly items: Pick<ItemStore, 'find' | 'spectrumOf'>;
  /** The present ones; null: none can be used. */
  readonly model: NirModel | null;
  readonly programme: () => UsableProgramme | null;
}

/** Digits that a curve on a screen needs. */
const DIGITS = 5;
/** Values of a curve that a screen needs; of a finer grid each second, third… is told, so that all fits into one reply. */
export const CURVE_POINTS_MAX = 600;

export function itemExplain(options: ItemExplainOptions): ReadCommand {
  return {
    command: ITEM_EXPLAIN,
    args: ItemExplainArgs,
    read: (args) => Promise.resolve(answerOf((args as ItemExplainArgs).item, options)),
  };
}

function answerOf(id: string, options: ItemExplainOptions): ReadAnswer {
  const key = itemKey(id);
  const kept = key === null ? null : options.items.find(key);
  if (kept === null) {
    return { kind: 'refused', refusal: 'unknown-item', detail: `${id} is no id of a piece` };
  }
  if (kept.kind === 'unavailable') return { kind: 'refused', refusal: 'items-away', detail: kept.reason };
  if (kept.found === null) {
    return { kind: 'refused', refusal: 'unknown-item', detail: `the piece ${id} is not kept here` };
  }
  return { kind: 'data', data: explained(kept.found, options) };
}

function explained(kept: KeptItem, options: ItemExplainOptions): ItemExplainData {
  const { verdict, facts, programme } = kept.item;
  return {
    item: itemRow(kept),
    verdict,
    facts,
    programme,
    rules: rulesOf(kept.item, options.programme()),
    ...spectrumOf(kept.item, options),
    overrides: overrideRows(kept),
  };
}

function rulesOf({ programme, facts }: Item, active: UsableProgramme | null): ItemExplainData['rules'] {
  if (active === null || programme?.hash !== active.ref.hash) return null;
  return explainRules(active.compiled, facts);
}

function spectrumOf(
  item: Item,
  { items, model }: ItemExplainOptions,
): Pick<ItemExplainData, 'spectrum' | 'noSpectrum'> {
  const kept = items.spectrumOf(item);
  if (kept.kind === 'unavailable' || kept.found === null) return { spectrum: null, noSpectrum: 'not-kept' };
  if (model === null || model.ref.sha256 !== item.verdict.model?.sha256) {
    return { spectrum: null, noSpectrum: 'another-model' };
  }
  const { gridNm, absorbance, shape } = explainSpectrum(model, kept.found);
  return {
    spectrum: {
      gridNm: curve(gridNm),
      absorbance: thinned(absorbance).map((value) => (value === null ? null : rounded(value))),
      shape: shape === null || !isWhole(shape) ? null : shapeOf(shape),
    },
    noSpectrum: null,
  };
}

function shapeOf({
  channelsNm,
  shape,
  fit,
  classMean,
  classFibre,
  residual,
  shares,
}: ExplainedShape): ItemShape {
  return {
    channelsNm: curve(channelsNm),
    shape: curve(shape),
    fit: curve(fit),
    classMean: curve(classMean),
    classFibre,
    residual,
    shares: shares.map(({ id, share }) => ({ id, share: rounded(share) })),
  };
}

/** What has no number somewhere is no curve: JSON knows none that is no number. */
function isWhole({ shape, fit, residual }: ExplainedShape): boolean {
  return [...shape, ...fit, residual].every(Number.isFinite);
}

function curve(values: readonly number[]): number[] {
  return thinned(values).map(rounded);
}

/** Lists of one length keep one length. */
function thinned<T>(values: readonly T[]): readonly T[] {
  const every = Math.ceil(values.length / CURVE_POINTS_MAX);
  return every <= 1 ? values : values.filter((_value, index) => index % every === 0);
}

function rounded(value: number): number {
  return Number(value.toFixed(DIGITS));
}
