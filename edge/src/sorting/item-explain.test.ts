/** Explanations of pieces whose spectra are read on grids of any fineness: each fits into one reply. */
import { ItemExplainAnswer } from '@trame/protocol/classification/item-answers';
import { COMMAND_BYTES_MAX } from '@trame/protocol/command';
import type { ItemExplainData } from '@trame/protocol/classification/item-requests';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { judgeSpectrum } from '../domain/nir/judge-spectrum.ts';
import type { Spectrum } from '../domain/nir/spectrum.ts';
import { pretreatmentOf } from '../domain/nir/open-model.ts';
import { GRID, spectrum, unmixingModel } from '../domain/nir/test-spectra.ts';
import { itemId } from '../domain/sorting/item.ts';
import { item } from '../domain/sorting/test-item.ts';
import { ItemSite } from '../items/test-items.ts';
import { CURVE_POINTS_MAX, itemExplain } from './item-explain.ts';

/** As a laboratory instrument has it. */
const FINE = { from: 940, step: 0.37, count: 2001 };

/** The model of tests on another grid: shapes are drawn again with as many values as that one needs. */
function fineModel() {
  return unmixingModel((file) => {
    const fine = { ...file, input: { ...file.input, grid: FINE } };
    const channels: [number, number] = [FINE.from + 300 * FINE.step, FINE.from + 1700 * FINE.step];
    const pretreatment = { ...file.pretreatment, channels };
    const { first, last } = pretreatmentOf({ ...fine, pretreatment });
    const count = last - first + 1;
    const atoms = file.atoms.map((atom) => {
      const values = Array.from({ length: count }, (_, i) => {
        const at = Math.round((i * (atom.shape.length - 1)) / (count - 1));
        return atom.shape[at] ?? 0;
      });
      const norm = Math.hypot(...values);
      return { ...atom, shape: values.map((value) => value / norm) };
    });
    return { ...fine, pretreatment, atoms };
  });
}

describe('a piece that was read on a fine grid', () => {
  it('is explained with every third value or so, each list as long as its wavelengths, in one reply', async () => {
    using site = new ItemSite();
    const store = site.open();
    const model = fineModel();
    const piece = item(1, { verdict: { model: model.ref } });
    store.add(piece, spectrum({ of: { cotton: 1 } }, FINE));
    const question = itemExplain({ items: store, model, programme: () => null });
    const answer = await question.read({ item: itemId(piece) }, new AbortController().signal);
    if (answer.kind === 'refused') throw new Error(answer.detail);
    const { spectrum: told } = answer.data as ItemExplainData;
    expect(told?.gridNm.length).toBeGreaterThan(CURVE_POINTS_MAX / 2);
    expect(told?.gridNm.length).toBeLessThanOrEqual(CURVE_POINTS_MAX);
    expect(told?.absorbance).toHaveLength(told?.gridNm.length ?? -1);
    const { channelsNm, shape, fit, classMean } = told?.shape ?? {};
    expect(channelsNm?.length).toBeGreaterThan(CURVE_POINTS_MAX / 2);
    for (const curve of [shape, fit, classMean]) expect(curve).toHaveLength(channelsNm?.length ?? -1);
    expect(JSON.stringify(answer.data).length).toBeLessThan(COMMAND_BYTES_MAX / 2);
    store.close();
  });
});

const GOOD = spectrum({ of: { wool: 0.5, polyester: 0.5 } });
const VALUES = Array.from(GOOD.values);

describe('a piece that was read badly', () => {
  it.each<[string, Partial<Spectrum>]>([
    ['not at all', {}],
    ['without numbers', { values: VALUES.map(() => Number.NaN) }],
    ['with a hole', { values: VALUES.map((value, n) => (n === 90 ? Number.NaN : value)) }],
    ['endless', { values: VALUES.map((value, n) => (n === 90 ? Infinity : value)) }],
    ['flat', { values: VALUES.map(() => 0.4) }],
    ['too short', { values: VALUES.slice(0, 20) }],
    ['on a part of the grid', { wavelengthsNm: { ...GRID, from: 1400 } }],
    ['as another quantity', { quantity: 'reflectance' }],
  ])('%s is explained as pages expect it', async (_how, change) => {
    using site = new ItemSite();
    const store = site.open();
    const model = unmixingModel();
    const read = { ...GOOD, ...change };
    const piece = item(1, { verdict: judgeSpectrum(model, read) });
    store.add(piece, read);
    const question = itemExplain({ items: store, model, programme: () => null });
    const answer = await question.read({ item: itemId(piece) }, new AbortController().signal);
    if (answer.kind === 'refused') throw new Error(answer.detail);
    const told: unknown = JSON.parse(JSON.stringify(answer.data));
    expect([...Value.Errors(ItemExplainAnswer, told)]).toEqual([]);
    store.close();
  });
});
