/** Pieces of this folder's tests. */
import type { ItemExplainData, ItemRow } from '@trame/protocol/classification/item-requests';
import type { LookedAtRule } from './rule-story.ts';

export function testItem(changes: Partial<ItemRow>): ItemRow {
  return {
    id: 'nir:0000002a:117',
    readAt: 1_795_000_000_000,
    reading: 'pure',
    fibre: 'cotton',
    refusal: null,
    probability: 0.97,
    composition: [
      { fibre: 'cotton', percent: 96 },
      { fibre: 'polyester', percent: 4 },
    ],
    errorPoints: 3.4,
    decided: 'effilochage',
    rule: 'coton',
    wrote: 'in-time',
    outlet: 'effilochage',
    overrides: 0,
    overriddenTo: null,
    ...changes,
  };
}

export function testRules(): readonly LookedAtRule[] {
  return [
    { id: 'dechet', label: 'Déchet', outlet: 'elimination', failed: { why: 'not-known', input: 'grade' } },
    {
      id: 'laine',
      label: 'Laine',
      outlet: 'effilochage',
      failed: { why: 'under', input: 'fibre.wool', measured: 0, limit: 73.4 },
    },
    { id: 'coton', label: 'Coton', outlet: 'effilochage', failed: null },
    {
      id: 'melange',
      label: 'Mélange',
      outlet: 'csr',
      failed: { why: 'another-word', input: 'reading', measured: 'pure', asked: ['blend'] },
    },
    { id: 'reste', label: 'Tout le reste', outlet: 'manuel', failed: null },
  ];
}

export function testExplained(changes: Partial<ItemExplainData>): ItemExplainData {
  const channelsNm = [1100, 1104, 1108, 1112];
  return {
    item: testItem({}),
    verdict: {
      fibre: 'cotton',
      refusal: null,
      probability: 0.97,
      composition: testItem({}).composition,
      errorPoints: 3.4,
      background: 0.05,
      gates: [
        { gate: 'no-model', passed: true, measured: null, limit: null },
        { gate: 'distance', passed: true, measured: 0.1, limit: 0.4 },
      ],
      model: { id: 'sim-v1', sha256: 'ab'.repeat(32) },
    },
    facts: {
      reading: 'pure',
      composition: { cotton: 96, polyester: 4 },
      errorPoints: 3.4,
      colour: null,
      moisturePercent: null,
      disruptors: null,
      grade: null,
      weightG: null,
      category: null,
      family: null,
    },
    programme: { id: 'ligne-automatique', version: 1, hash: 'cd'.repeat(32) },
    rules: testRules(),
    spectrum: {
      gridNm: [1096, ...channelsNm, 1116],
      absorbance: [null, 0.4, 0.42, 0.41, 0.39, null],
      shape: {
        channelsNm,
        shape: [0.1, -0.2, 0.05, 0.3],
        fit: [0.1, -0.19, 0.05, 0.29],
        classMean: [0.12, -0.2, 0.03, 0.3],
        classFibre: 'cotton',
        residual: 0.1,
        shares: [{ id: 'cotton', share: 1 }],
      },
    },
    noSpectrum: null,
    overrides: [],
    ...changes,
  };
}
