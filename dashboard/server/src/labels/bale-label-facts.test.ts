import type { BaleRow } from '@trame/protocol/material/material-answers';
import { readScan } from '@trame/protocol/scanned-code';
import { expect, test } from 'vitest';
import type { Reference } from '../material/reference.ts';
import { baleLabelFacts } from './bale-label-facts.ts';

const reference: Reference = {
  site: 'colmar',
  bookKeeper: 'ligne-1',
  lines: ['ligne-1'],
  countedInfeeds: new Set(),
  outlets: [
    {
      id: 'creme',
      label: 'Crème',
      pictogram: 'creme',
      group: null,
      family: null,
      unit: 'sack',
      packagingGrams: 0,
      usualGrams: null,
      wasteCode: null,
      operation: null,
    },
    {
      id: 'bottes',
      label: 'Bottes',
      pictogram: 'hand',
      group: null,
      family: null,
      unit: 'pairs',
      packagingGrams: 0,
      usualGrams: null,
      wasteCode: null,
      operation: null,
    },
  ],
  presses: [],
  zones: [],
  siteCeiling: { grams: null, litres: null, kgPerM3: 100 },
  scales: [],
  printers: [],
  containerTares: new Map(),
  gs1: { prefix: '3761303', extension: 3, demo: true },
  ownDomain: 'https://trame.example.org',
  demo: true,
  stopCauses: [],
  programmeApprovals: 1,
  lineOutlets: new Map(),
};

const bale: BaleRow = {
  id: 'B1042',
  number: 1042,
  line: 'ligne-1',
  press: 'presse-1',
  outlet: 'bottes',
  unit: 'pairs',
  status: 'stock',
  startedAt: 1_000,
  weighedAt: 2_000,
  grossGrams: 25_000,
  packagingGrams: 500,
  netGrams: 24_500,
  weightHow: 'scale',
  pieces: null,
  pairs: 40,
  unusual: false,
  damaged: false,
  code: '376130321109103420',
  zone: null,
  shipment: null,
  sheet: null,
};
const told = {
  bale,
  reference,
  siteName: 'Colmar',
  lineName: null,
  timeZone: 'Europe/Paris',
  reprint: false,
};

test('the records of a bale become its label', () => {
  const facts = baleLabelFacts(told);
  expect(facts).toMatchObject({
    number: 1042,
    unit: 'pairs',
    pairs: 40,
    outlet: { name: 'Bottes', pictogram: 'hand', pattern: 'lines' },
    weight: { kind: 'weighed', netGrams: 24_500, how: 'scale' },
    packedAtMs: 2_000,
    sscc: { code: '376130321109103420', prefix: 'demo' },
    demo: true,
    voided: false,
    reprint: false,
  });
  expect(readScan(facts.qrContent, [reference.ownDomain])).toEqual({ kind: 'output', id: 'B1042' });
});

test('what is not weighed, voided, printed before or without SSCC is told so', () => {
  const changed = {
    ...bale,
    netGrams: null,
    weighedAt: null,
    weightHow: null,
    code: 'R12-0007',
    status: 'voided',
  };
  const facts = baleLabelFacts({ ...told, bale: changed, reprint: true });
  expect(facts).toMatchObject({
    weight: { kind: 'to-weigh' },
    packedAtMs: 1_000,
    sscc: null,
    voided: true,
    reprint: true,
  });
});

test('an outlet that was taken out of the configuration keeps its id on the label', () => {
  const facts = baleLabelFacts({ ...told, bale: { ...bale, outlet: 'ancien' } });
  expect(facts.outlet).toEqual({ name: 'ancien', pictogram: 'recycle', pattern: 'plain' });
});

test('a weight whose origin is unknown is not passed off as the scale’s', () => {
  const facts = baleLabelFacts({ ...told, bale: { ...bale, weightHow: null } });
  expect(facts.weight).toMatchObject({ how: 'estimated' });
});
