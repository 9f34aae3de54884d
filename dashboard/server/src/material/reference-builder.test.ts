/** What decisions and pages choose from, made of a configuration and of what the lines say. */
import type { LineDescription } from '@trame/protocol/line-description';
import type { LiveLine } from '@trame/protocol/live-state';
import { describe, expect, it } from 'vitest';
import type { MaterialSettings } from './material-config.ts';
import { referenceAnswer } from './reference-answer.ts';
import { buildReference, type LineFacts, type SeenScale, type SiteFacts } from './reference-builder.ts';

const DESCRIPTION: LineDescription = {
  stations: [
    { id: 'pesee', kind: 'scale', label: 'Pesée', device: 'bale-scale', gross: 'brut', stable: 'stable' },
    { id: 'presse', kind: 'press', label: 'Presse', device: 'plc' },
  ],
  outlets: [
    { id: 'wipers', label: 'Essuyage', route: 'recycling', device: 'plc', total: 'wipers-total' },
    { id: 'reuse', label: 'Réemploi', route: 'reuse' },
  ],
};
const EMPTY: LineDescription = { stations: [], outlets: [] };

function line(name: string, more: Partial<LineFacts> = {}): LineFacts {
  return { site: 'caux', line: name, description: EMPTY, countsInfeed: false, ...more };
}

function facts(lines: readonly LineFacts[], more: Partial<SiteFacts> = {}): SiteFacts {
  return { ownSite: null, installation: 'real', lines, scales: () => [], ...more };
}

const keeperOf = (settings: MaterialSettings, given: SiteFacts) => {
  const reference = buildReference(settings, given);
  return reference === null ? null : `${reference.site}/${reference.bookKeeper}`;
};

describe('the book is kept by', () => {
  it.each<[string, MaterialSettings, SiteFacts, string | null]>([
    ['the only line', {}, facts([line('tri-1')]), 'caux/tri-1'],
    ['nobody, of two lines', {}, facts([line('tri-1'), line('tri-2')]), null],
    ['nobody, of none', {}, facts([]), null],
    ['the one that is named', { bookKeeper: 'tri-2' }, facts([line('tri-1'), line('tri-2')]), 'caux/tri-2'],
    ['nobody, when the one that is named is unknown', { bookKeeper: 'x' }, facts([line('tri-1')]), null],
    [
      'the one that is named, before it was ever heard',
      { bookKeeper: 'bureau' },
      facts([line('tri-1')], { ownSite: 'caux' }),
      'caux/bureau',
    ],
    [
      'the only one of one’s own site',
      {},
      facts([line('tri-1'), line('tri-9', { site: 'rouen' })], { ownSite: 'rouen' }),
      'rouen/tri-9',
    ],
    [
      'nobody, when two sites have a line of that name',
      { bookKeeper: 'tri-1' },
      facts([line('tri-1'), line('tri-1', { site: 'rouen' })]),
      null,
    ],
  ])('%s', (_, settings, given, keeper) => {
    expect(keeperOf(settings, given)).toBe(keeper);
  });
});

const SEEN: SeenScale = { scale: 'bale-scale', line: 'tri-1', use: 'bale', intervalGrams: 100 };

describe('without a configuration', () => {
  const reference = buildReference(
    {},
    facts([line('tri-1', { description: DESCRIPTION, countsInfeed: true })], { scales: () => [SEEN] }),
  );

  it('outlets and scales are the line’s own, with one press and one zone', () => {
    expect(reference).toMatchObject({
      outlets: [
        { id: 'wipers', label: 'Essuyage', pictogram: 'wipers', unit: 'bale', packagingGrams: 0 },
        { id: 'reuse', label: 'Réemploi' },
      ],
      presses: [{ id: 'presse-1', line: 'tri-1', scale: 'bale-scale', outlets: ['wipers', 'reuse'] }],
      zones: [{ id: 'stock', label: 'Stock', ceilingGrams: null }],
      scales: [{ id: 'bale-scale', label: 'Pesée', use: 'bale', intervalGrams: 100 }],
      printers: [],
      gs1: null,
      ownDomain: 'https://trame.invalid',
      demo: false,
    });
    expect([...(reference?.countedInfeeds ?? [])]).toEqual(['tri-1']);
  });

  it('pages are told which live values a scale shows, once it shows them', () => {
    if (reference === null) throw new Error('no reference');
    const live: LiveLine = {
      id: 'tri-1',
      site: 'caux',
      line: 'tri-1',
      state: 'online',
      since: 0,
      lastMessageAt: null,
      description: DESCRIPTION,
      devices: {},
      control: null,
      controlAt: null,
    };
    expect(referenceAnswer(reference, () => live)).toMatchObject({
      profile: 'automatic',
      scales: [{ id: 'bale-scale', live: null }],
    });
    const tag = { value: 1, unit: 'kg', quality: 'good', reason: null, sourceTime: 1, edgeTime: 1 } as const;
    live.devices['bale-scale'] = { state: 'online', since: 0, tags: { brut: tag, stable: tag, net: tag } };
    const root = 'tri-1/bale-scale';
    expect(referenceAnswer(reference, () => live).scales[0]?.live).toEqual({
      gross: `${root}/brut`,
      net: `${root}/net`,
      stable: `${root}/stable`,
    });
    expect(referenceAnswer(reference, () => null)).toMatchObject({ profile: 'automatic' });
  });
});

describe('a configuration', () => {
  it('is taken in grams and litres, and what it leaves out has a default', () => {
    const settings: MaterialSettings = {
      outlets: [
        { id: 'a', label: 'A', unit: 'sack', packagingKg: 0.25, usualKg: { min: 8.5, max: 12 } },
        { id: 'b', label: 'B', pictogram: 'chaussures', group: 'G', family: 'shoes', wasteCode: '19 12 08' },
      ],
      presses: [
        { id: 'p', label: 'P' },
        { id: 'q', label: 'Q', line: 'tri-2', scale: 's', outlets: ['b'] },
      ],
      zones: [{ id: 'z', label: 'Z', ceilingT: 2.5, ceilingM3: 1.5, kgPerM3: 250, holds: 'outputs' }],
      siteCeiling: { t: 100 },
      scales: [{ id: 's', label: 'S', use: 'any', intervalKg: 0.2 }],
      printers: [
        { id: 'i', label: 'I', url: 'tcp://10.0.0.9:9101', presses: ['p'] },
        { id: 'j', label: 'J', url: 'tcp://[::1]:9100' },
      ],
      containerKinds: [{ kind: 'cage', tareKg: 61.5 }],
      gs1: { prefix: '3012345', demo: true },
      ownDomain: 'https://trame.example.org',
      bookKeeper: 'tri-1',
    };
    const reference = buildReference(
      settings,
      facts([line('tri-1'), line('tri-2')], { installation: 'demo' }),
    );
    expect(reference).toMatchObject({
      lines: ['tri-1', 'tri-2'],
      outlets: [
        { id: 'a', unit: 'sack', packagingGrams: 250, usualGrams: { min: 8_500, max: 12_000 } },
        { id: 'b', pictogram: 'chaussures', unit: 'bale', family: 'shoes', usualGrams: null },
      ],
      presses: [
        { id: 'p', line: 'tri-1', scale: 's', outlets: ['a', 'b'] },
        { id: 'q', line: 'tri-2', scale: 's', outlets: ['b'] },
      ],
      zones: [{ id: 'z', ceilingGrams: 2_500_000, ceilingLitres: 1_500, kgPerM3: 250, holds: 'outputs' }],
      siteCeiling: { grams: 100_000_000, litres: null, kgPerM3: 100 },
      scales: [{ id: 's', line: 'tri-1', intervalGrams: 200 }],
      printers: [
        { id: 'i', host: '10.0.0.9', port: 9101, presses: ['p'] },
        { id: 'j', host: '::1', port: 9100, presses: [] },
      ],
      gs1: { prefix: '3012345', extension: 0, demo: true },
      ownDomain: 'https://trame.example.org',
      demo: true,
    });
    expect(reference?.containerTares.get('cage')).toBe(61_500);
    if (reference === null) throw new Error('no reference');
    const answer = referenceAnswer(reference, () => null);
    expect(answer.profile).toBe('manual');
    expect(answer.containerKinds).toContainEqual({ kind: 'cage', tareGrams: 61_500 });
  });
});
