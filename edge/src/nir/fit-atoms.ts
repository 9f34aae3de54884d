/** The shapes of materials, from swatches of them. */
import type { Atom } from '../domain/nir/model-file.ts';
import { wavelengthsOf } from '../domain/nir/spectrum.ts';
import { unitShape, type Pretreatment } from '../domain/nir/unit-shape.ts';
import {
  fibresOf,
  isBackground,
  LABEL_COLUMNS,
  LABEL_FIBRES,
  onlyFibre,
  type LabelFibre,
} from './labelled-row.ts';
import { LEARN_MEAN_MAX, LEAST_SWATCHES, WATER_BANDS } from './recipe.ts';
import type { ShapedRow } from './shaped-row.ts';
import { groupBy, meanOf, median, unitLength } from './statistics.ts';

export const BACKGROUND = 'background';
export type Material = LabelFibre | typeof BACKGROUND;
const MATERIALS: readonly Material[] = [...LABEL_COLUMNS, BACKGROUND];
/** The fibre that the others' strength is told against, where it is there. */
const REFERENCE: Material = 'cotton';

/** What a row shows a shape of, or null: of a blend none is learnt. */
export function materialOf({ row }: ShapedRow): Material | null {
  return isBackground(row) ? BACKGROUND : onlyFibre(row);
}

/** Whether a shape may be learnt from it: one material, and the sensor saw it. */
export function isLearnt(shaped: ShapedRow, excluded: ReadonlySet<string>): boolean {
  const material = materialOf(shaped);
  if (material === null || shaped.shaped === null || excluded.has(shaped.row.sample)) return false;
  return material === BACKGROUND || shaped.shaped.mean <= LEARN_MEAN_MAX;
}

/** @returns why nothing is learnt from a row that could be read; null: it is, or it could not be read. */
export function whyNotLearnt(shaped: ShapedRow, excluded: ReadonlySet<string>): string | null {
  if (shaped.shaped === null || isLearnt(shaped, excluded)) return null;
  if (excluded.has(shaped.row.sample)) return 'kept out by --exclude';
  if (materialOf(shaped) !== null) return 'so dark that mostly the background was seen';
  return fibresOf(shaped.row.label).length > 1
    ? 'a blend, of which no fibre is learnt'
    : 'no fibre in its label, and no background in its class';
}

/** Physical swatches by material. */
export function swatchCounts(learnt: readonly ShapedRow[]): Partial<Record<Material, number>> {
  const counts: Partial<Record<Material, number>> = {};
  for (const material of MATERIALS) {
    const rows = learnt.filter((row) => materialOf(row) === material);
    if (rows.length > 0) counts[material] = new Set(rows.map(({ row }) => row.sample)).size;
  }
  return counts;
}

/** Fibres that may be named: of one swatch nobody knows how much the next one differs. */
export function namedFibres(learnt: readonly ShapedRow[]): Set<Material> {
  const counts = swatchCounts(learnt);
  return new Set(LABEL_COLUMNS.filter((fibre) => (counts[fibre] ?? 0) >= LEAST_SWATCHES));
}

/**
 * For each material the mean over its swatches of their mean unit shapes, so that a swatch with many reads weighs as
 * one; and the shapes of water.
 *
 * @param learnt rows of one material each
 * @param named which of the fibres may be named
 */
export function fitAtoms(
  learnt: readonly ShapedRow[],
  named: ReadonlySet<Material>,
  pretreatment: Pretreatment,
): Atom[] {
  const fitted = MATERIALS.flatMap((material) => {
    const rows = learnt.filter((row) => materialOf(row) === material);
    return rows.length === 0 ? [] : [{ material, strength: strengthOf(rows), shape: meanShape(rows) }];
  });
  const reference = fitted.find(({ material }) => material === REFERENCE) ?? fitted[0];
  const atoms = fitted.map(({ material, strength, shape }): Atom => {
    const isFibre = material !== BACKGROUND;
    const role = !isFibre ? 'background' : named.has(material) ? 'fibre' : 'other';
    const amplitude = isFibre ? strength / (reference?.strength ?? strength) : 1;
    return {
      id: material,
      role,
      fibre: isFibre ? LABEL_FIBRES[material] : null,
      amplitude: written(amplitude),
      shape: Array.from(shape, written),
    };
  });
  return [...atoms, ...waterAtoms(pretreatment)];
}

function shapesOf(rows: readonly ShapedRow[]): Float64Array[] {
  return rows.flatMap(({ shaped }) => (shaped === null ? [] : [shaped.shape]));
}

function meanShape(rows: readonly ShapedRow[]): Float64Array {
  const bySwatch = groupBy(rows, ({ row }) => row.sample);
  return unitLength(meanOf([...bySwatch.values()].map((reads) => meanOf(shapesOf(reads)))));
}

function strengthOf(rows: readonly ShapedRow[]): number {
  return median(rows.flatMap(({ shaped }) => (shaped === null ? [] : [shaped.amplitude])));
}

function waterAtoms(pretreatment: Pretreatment): Atom[] {
  const nm = wavelengthsOf(pretreatment.grid);
  return WATER_BANDS.map(({ id, centreNm, widthNm }) => {
    const band = nm.map((at) => Math.exp(-0.5 * ((at - centreNm) / widthNm) ** 2));
    const { shape } = unitShape(band, { ...pretreatment, standardisation: null });
    return { id, role: 'water', fibre: null, amplitude: 1, shape: Array.from(shape, written) };
  });
}

/** Seven digits: rounding moves a share by a millionth. */
export function written(value: number): number {
  return Number(value.toPrecision(7));
}
