/** What a page shows beside a verdict: the spectrum, its shape, what explains it, and how its class looks. */
import type { RecognisedFibre } from '@trame/protocol/classification/fibre-names';
import type { FibreVerdict } from '@trame/protocol/classification/fibre-verdict';
import { GateLog } from './gate-log.ts';
import { readRatio } from './judge-ratio.ts';
import { judgeSpectrum } from './judge-spectrum.ts';
import type { Atom } from './model-file.ts';
import type { NirModel } from './open-model.ts';
import { readSpectrum } from './read-spectrum.ts';
import { wavelengthsOf, type Spectrum } from './spectrum.ts';
import { unitShape } from './unit-shape.ts';
import { unmix } from './unmix.ts';

export interface ExplainedShape {
  /** Wavelengths of the values below, nm. */
  readonly channelsNm: readonly number[];
  readonly shape: readonly number[];
  /** What the model makes of it; the rest is the residual. */
  readonly fit: readonly number[];
  /** Mean shape of the fibre that it is most like; of all its blends for a model of a ratio. */
  readonly classMean: readonly number[];
  readonly classFibre: RecognisedFibre | null;
  readonly residual: number;
  /** Share of each known shape in the fit, of all their coefficients 0…1; none for a model of a ratio. */
  readonly shares: readonly {
    readonly id: string;
    readonly role: Atom['role'];
    readonly fibre: RecognisedFibre | null;
    readonly share: number;
  }[];
}

export interface Explanation {
  readonly verdict: FibreVerdict;
  /** Wavelengths of `absorbance`, nm. */
  readonly gridNm: readonly number[];
  /** On the model's grid; null where the source does not reach; empty when it could not be read. */
  readonly absorbance: readonly (number | null)[];
  /** Null when there is no shape to speak of. */
  readonly shape: ExplainedShape | null;
}

export function explainSpectrum(model: NirModel, spectrum: Spectrum): Explanation {
  const absorbance = readSpectrum(model, spectrum, new GateLog());
  return {
    verdict: judgeSpectrum(model, spectrum),
    gridNm: [...wavelengthsOf(model.pretreatment.grid)],
    absorbance:
      absorbance === null ? [] : Array.from(absorbance, (value) => (Number.isNaN(value) ? null : value)),
    shape: absorbance === null ? null : explainedShape(model, absorbance),
  };
}

function explainedShape(model: NirModel, absorbance: Float64Array): ExplainedShape | null {
  const { shape, amplitude } = unitShape(absorbance, model.pretreatment);
  if (amplitude === 0) return null;
  const { grid, first, last } = model.pretreatment;
  const channelsNm = [...wavelengthsOf(grid)].slice(first, last + 1);
  const common = { channelsNm, shape: [...shape] };
  if (model.kind === 'ratio') {
    const { fit, residual } = readRatio(model, shape);
    return { ...common, fit: [...fit], classMean: [...model.mean], classFibre: null, residual, shares: [] };
  }
  const { coefficients, residual, top } = unmix(model, shape);
  const total = coefficients.reduce((sum, share) => sum + share, 0);
  return {
    ...common,
    fit: Array.from(shape, (_, channel) =>
      coefficients.reduce((sum, share, i) => sum + share * (model.shapes[i]?.[channel] ?? 0), 0),
    ),
    classMean: [...top.shape],
    classFibre: top.fibre,
    residual,
    shares: model.file.atoms.map(({ id, role, fibre }, i) => ({
      id,
      role,
      fibre,
      share: total > 0 ? (coefficients[i] ?? 0) / total : 0,
    })),
  };
}
