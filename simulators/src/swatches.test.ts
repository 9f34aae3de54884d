import { describe, expect, it } from 'vitest';
import { readsEach, swatchDataset, swatchesEach, swatchTable } from './swatches.ts';

interface Row {
  readonly sample: string;
  readonly fabric: string;
  readonly label: readonly number[];
  readonly spectrum: readonly number[];
}

const [header = '', ...lines] = swatchTable(1).trimEnd().split('\n');
const rows = lines.map((line): Row => {
  const cells = line.split(',');
  return {
    sample: cells[1] ?? '',
    fabric: cells[2] ?? '',
    label: cells.slice(3, 10).map(Number),
    spectrum: cells.slice(11).map(Number),
  };
});

function labelOf(fabric: string): readonly number[] | undefined {
  return rows.find((row) => row.fabric === fabric)?.label;
}

function meanOf({ spectrum }: Row): number {
  return spectrum.reduce((sum, value) => sum + value, 0) / spectrum.length;
}

describe('swatches of the simulated NIR station', () => {
  it('are a table of labels and 186 values, with every read under a name of its own', () => {
    const titles = header.split(',');
    expect(titles.slice(0, 11)).toEqual([
      'dataset',
      'sample',
      'class',
      'cotton',
      'polyester',
      'nylon',
      'wool',
      'acetate',
      'acrylic',
      'polypropylene',
      'file',
    ]);
    expect([titles[11], titles.at(-1), titles.length]).toEqual(['940', '1680', 197]);
    for (const line of lines) {
      const cells = line.split(',');
      expect(cells).toHaveLength(titles.length);
      expect(cells[0]).toBe(swatchDataset);
    }
    expect(new Set(lines.map((line) => line.split(',')[10])).size).toBe(lines.length);
    expect(rows.flatMap(({ spectrum }) => spectrum).every(Number.isFinite)).toBe(true);
  });

  it('are a dozen of each fabric, read five times each, and the belt', () => {
    const fabrics = Map.groupBy(rows, ({ fabric }) => fabric);
    expect(fabrics.size).toBe(14);
    expect(fabrics.get('belt_background')).toHaveLength(swatchesEach);
    fabrics.delete('belt_background');
    for (const reads of fabrics.values()) {
      const samples = Map.groupBy(reads, ({ sample }) => sample);
      expect(samples.size).toBe(swatchesEach);
      for (const same of samples.values()) {
        expect(same).toHaveLength(readsEach);
        expect(new Set(same.map(({ spectrum }) => spectrum.join())).size).toBe(readsEach);
      }
    }
  });

  it('say by percentages what they are made of, as far as there is a column for it', () => {
    expect(labelOf('flax')).toEqual([100, 0, 0, 0, 0, 0, 0]);
    expect(labelOf('cotton-stretch')).toEqual([96, 0, 0, 0, 0, 0, 0]);
    expect(labelOf('cotton-rich')).toEqual([65, 35, 0, 0, 0, 0, 0]);
    expect(labelOf('wool-polyamide')).toEqual([0, 0, 30, 70, 0, 0, 0]);
    expect(labelOf('acrylic-wool')).toEqual([0, 0, 0, 40, 0, 60, 0]);
    expect(labelOf('polypropylene')).toEqual([0, 0, 0, 0, 0, 0, 100]);
    expect(labelOf('belt_background')).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('are cloth that a lamp sees, and the belt is darker than any of it', () => {
    const cloth = rows.filter(({ fabric }) => fabric !== 'belt_background').map(meanOf);
    const belt = rows.filter(({ fabric }) => fabric === 'belt_background').map(meanOf);
    expect(Math.max(...cloth)).toBeLessThan(0.9);
    expect(Math.min(...belt)).toBeGreaterThan(1.2);
  });
});
