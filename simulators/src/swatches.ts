/**
 * Swatches that somebody laid under the simulated NIR station one after the other, as comma-separated values with
 * their labels: what a model of that station can be fitted to. The same pieces never come on the line.
 */
import { clothOf } from './plant/cloth.ts';
import { wavelengthsNm } from './plant/fibre-bands.ts';
import { fabrics, type Fabric, type Fibre, type FibreMix } from './plant/materials.ts';
import { soundStation } from './plant/nir-condition.ts';
import { poseOf } from './plant/pose.ts';
import { spectrumOf } from './plant/spectrum.ts';
import type { NirResult } from './plant/step-events.ts';

/** Swatches of each fabric, and reads of each swatch: turned, moved, another day. */
export const swatchesEach = 12;
export const readsEach = 5;
export const swatchDataset = 'SIM';

/**
 * Columns of labels as collections of spectra of textiles have them, and what a label says of a fibre. Flax and viscose
 * are labelled as the cellulose that they are, under cotton; what has no column stands under the class alone.
 */
const labelColumns = ['cotton', 'polyester', 'nylon', 'wool', 'acetate', 'acrylic', 'polypropylene'] as const;
const columnOf: Readonly<Partial<Record<Fibre, (typeof labelColumns)[number]>>> = {
  cotton: 'cotton',
  flax: 'cotton',
  viscose: 'cotton',
  polyester: 'polyester',
  polyamide: 'nylon',
  wool: 'wool',
  acrylic: 'acrylic',
  polypropylene: 'polypropylene',
};

/** A garment of several layers is no swatch. */
const swatchFabrics = (Object.keys(fabrics) as Fabric[]).filter((fabric) => fabric !== 'multilayer');
/** Beyond every garment of a line's life. */
const firstIndex = 0x4000_0000;
const beltClass = 'belt_background';

/** Thick enough, neither coated nor black with carbon. */
function isSwatch(seed: number, index: number, fabric: Fabric): boolean {
  const { thickness, coating, shade } = clothOf(seed, index, fabric);
  return thickness === 'opaque' && coating === 0 && shade !== 'carbon';
}

function firstFrom(from: number, holds: (number: number) => boolean): number {
  let found = from;
  while (!holds(found)) found += 1;
  return found;
}

function resultOf(fabric: Fabric, index: number, seq: number): NirResult {
  return {
    seq,
    atMs: 0,
    lot: seq,
    index,
    fabric,
    massG: 250,
    dampG: 0,
    condition: soundStation,
    called: fabric,
  };
}

function labelOf(mix: FibreMix): string[] {
  const percent = (column: string): number =>
    (Object.entries(mix) as [Fibre, number][])
      .filter(([fibre]) => columnOf[fibre] === column)
      .reduce((sum, [, share]) => sum + 100 * share, 0);
  return labelColumns.map((column) => String(Math.round(percent(column))));
}

function line(
  seed: number,
  sample: string,
  read: number,
  of: string,
  label: string[],
  result: NirResult,
): string {
  const spectrum = Array.from(spectrumOf(seed, result), (value) => value.toFixed(5));
  return [swatchDataset, sample, of, ...label, `${sample}_${read}`, ...spectrum].join(',');
}

/** Reads of one swatch laid flat under the lamp, with nothing on it. */
function swatchLines(seed: number, fabric: Fabric, number: number, index: number): string[] {
  const sample = `SIM_${fabric}_${String(number).padStart(2, '0')}`;
  let seq = 0;
  return Array.from({ length: readsEach }, (_, read) => {
    seq = firstFrom(seq + 1, (each) => {
      const { placement, trim, glare } = poseOf(seed, each, index);
      return placement === 'whole' && trim === 'none' && glare === 0;
    });
    return line(seed, sample, read + 1, fabric, labelOf(fabrics[fabric]), resultOf(fabric, index, seq));
  });
}

/** Reads of the belt with nothing on it. */
function beltLines(seed: number): string[] {
  const blank = { ...soundStation, upsets: ['blank'] as const };
  return Array.from({ length: swatchesEach }, (_, read) => {
    const result = { ...resultOf('cotton', firstIndex, read + 1), condition: blank };
    return line(seed, 'SIM_belt', read + 1, beltClass, labelOf({}), result);
  });
}

/** The whole table, the names of its columns first. A pure function of the seed. */
export function swatchTable(seed: number): string {
  const header = ['dataset', 'sample', 'class', ...labelColumns, 'file', ...wavelengthsNm].join(',');
  let index = firstIndex;
  const lines = swatchFabrics.flatMap((fabric) =>
    Array.from({ length: swatchesEach }, (_, number) => {
      index = firstFrom(index + 1, (each) => isSwatch(seed, each, fabric));
      return swatchLines(seed, fabric, number + 1, index);
    }).flat(),
  );
  return `${[header, ...lines, ...beltLines(seed)].join('\n')}\n`;
}
