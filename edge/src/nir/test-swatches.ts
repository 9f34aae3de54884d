/** Swatches that nobody wove, as a file of labelled spectra: two or more of each fibre, each a little different. */
import { absorbanceAt, GRID, type Material } from '../domain/nir/test-spectra.ts';
import { wavelengthsOf } from '../domain/nir/spectrum.ts';
import { seeded, type Seeded } from './seeded.ts';

export const HEADER = 'dataset,sample,class,cotton,polyester,nylon,wool,acetate,acrylic,file';

interface SwatchSpec {
  readonly dataset: string;
  readonly sample: string;
  readonly className: string;
  readonly label: Readonly<Partial<Record<'cotton' | 'polyester' | 'nylon' | 'wool', number>>>;
  /** Shares of materials in absorbance; without it, by label. */
  readonly of?: Readonly<Partial<Record<Material, number>>>;
}

export const PURE: readonly SwatchSpec[] = [
  ...swatches('Cotton', 'cotton', 3),
  ...swatches('Polyester', 'polyester', 7),
  ...swatches('Nylon', 'nylon', 3),
  ...swatches('Wool', 'wool', 1),
  { dataset: 'S', sample: 'belt', className: 'Belt_background', label: {}, of: { belt: 1 } },
  blend('CoPes', { cotton: 55, polyester: 45 }),
  blend('PaPes', { nylon: 30, polyester: 70 }),
];

export const RATIO: readonly SwatchSpec[] = [28, 33, 37, 41, 45, 50].flatMap((cotton) =>
  [1, 2].map((specimen) => ({
    ...blend(`F${cotton}-${specimen}`, { cotton, polyester: 100 - cotton }),
    dataset: 'R',
  })),
);

function swatches(
  className: string,
  fibre: 'cotton' | 'polyester' | 'nylon' | 'wool',
  count: number,
): SwatchSpec[] {
  return Array.from({ length: count }, (_, i) => ({
    dataset: 'S',
    sample: `${className}-${i + 1}`,
    className,
    label: { [fibre]: 100 },
  }));
}

function blend(sample: string, label: SwatchSpec['label']): SwatchSpec {
  return { dataset: 'S', sample, className: 'Blend', label };
}

/** @param warp of the wavelengths and the signal: another instrument */
export function csvOf(
  specs: readonly SwatchSpec[],
  {
    reads = 4,
    seed = 5,
    warp = (value) => value,
  }: {
    reads?: number;
    seed?: number;
    warp?: (value: number, index: number, all: Float64Array) => number;
  } = {},
): string {
  const chance = seeded(seed);
  const nm = wavelengthsOf(GRID);
  const lines = specs.flatMap((spec) => {
    const own = nm.map((at) => swatchAbsorbance(spec, at));
    const bump = between(chance, 1150, 1600);
    const height = between(chance, -0.004, 0.004);
    return Array.from({ length: reads }, (_, read) => {
      const [gain, offset, slope] = [
        between(chance, 0.7, 1.3),
        between(chance, 0, 0.2),
        between(chance, -0.1, 0.1),
      ];
      const values = own
        .map((value, i) => {
          const at = nm[i] ?? 0;
          const ripple = height * Math.exp(-0.5 * ((at - bump) / 30) ** 2);
          return gain * (value + ripple) + offset + (slope * (at - 940)) / 740 + between(chance, -2e-4, 2e-4);
        })
        .map((value, i, all) => warp(value, i, all));
      const { cotton = 0, polyester = 0, nylon = 0, wool = 0 } = spec.label;
      const head = [
        spec.dataset,
        spec.sample,
        spec.className,
        cotton,
        polyester,
        nylon,
        wool,
        0,
        0,
        `${spec.sample}-${read}`,
      ];
      return [...head, ...Array.from(values, (value) => value.toFixed(5))].join(',');
    });
  });
  return `${[`${HEADER},${nm.join(',')}`, ...lines].join('\n')}\n`;
}

function swatchAbsorbance({ label, of }: SwatchSpec, nm: number): number {
  const shares = of ?? Object.fromEntries(Object.entries(label).map(([id, percent]) => [id, percent / 100]));
  return (Object.entries(shares) as [Material, number][]).reduce(
    (sum, [id, share]) => sum + share * absorbanceAt(nm, id),
    0.02 * ((nm - 940) / 740) ** 2,
  );
}

function between({ next }: Seeded, low: number, high: number): number {
  return low + (high - low) * next();
}
