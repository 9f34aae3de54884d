/** Which fibre a spectrum shows, or why none is named. */
import type { FibreVerdict, ModelRef } from '@trame/protocol/classification/fibre-verdict';
import { GateLog } from './gate-log.ts';
import { judgeRatio } from './judge-ratio.ts';
import { judgeUnmixing } from './judge-unmixing.ts';
import type { NirModel } from './open-model.ts';
import { readSpectrum, summary } from './read-spectrum.ts';
import { NOTHING_SAID, type Said } from './said.ts';
import type { Spectrum } from './spectrum.ts';
import { unitShape } from './unit-shape.ts';

/** @param model null: none could be opened, and every piece goes to a person */
export function judgeSpectrum(model: NirModel | null, spectrum: Spectrum): FibreVerdict {
  const log = new GateLog();
  if (!log.take('no-model', model !== null) || model === null) return verdict(log, NOTHING_SAID, null);
  const read = readSpectrum(model, spectrum, log);
  const shape = read === null ? null : shapeToJudge(model, read, log);
  return verdict(log, shape === null ? NOTHING_SAID : judgeShape(model, shape, log), model.ref);
}

/**
 * Several reads of one piece: their shapes are averaged and judged once, which names more than any one read does.
 * Reads that are refused before they have a shape do not count, unless all are.
 */
export function judgeReads(model: NirModel | null, reads: readonly Spectrum[]): FibreVerdict {
  const [first, ...others] = reads;
  if (first === undefined) throw new RangeError('a piece needs at least one read');
  if (model === null || others.length === 0) return judgeSpectrum(model, first);
  const shaped = reads.flatMap((spectrum) => {
    const log = new GateLog();
    log.take('no-model', true);
    const read = readSpectrum(model, spectrum, log);
    const shape = read === null ? null : shapeToJudge(model, read, log);
    return shape === null ? [] : [{ shape, log }];
  });
  const [one] = shaped;
  if (one === undefined) return judgeSpectrum(model, first);
  const mean = one.shape.map((_, i) => shaped.reduce((sum, { shape }) => sum + (shape[i] ?? 0), 0));
  const length = Math.hypot(...mean);
  // Shapes that cancel out are not of one piece: what is left is far from everything.
  const shape = length === 0 ? mean : mean.map((value) => value / length);
  return verdict(one.log, judgeShape(model, shape, one.log), model.ref);
}

/** The unit shape, unless the sensor mostly saw nothing, or there is no shape. */
function shapeToJudge(model: NirModel, absorbance: Float64Array, log: GateLog): Float64Array | null {
  const { mean } = summary(absorbance);
  const { meanMax } = model.file.gate;
  if (mean > meanMax) {
    log.take('background', false, mean, meanMax);
    return null;
  }
  const { shape, amplitude } = unitShape(absorbance, model.pretreatment);
  if (amplitude > 0) return shape;
  // A straight line is no flat spectrum to the eye, and has no shape.
  log.take('distance', false, 1, model.file.limits.residual);
  return null;
}

function judgeShape(model: NirModel, shape: Float64Array, log: GateLog): Said {
  return model.kind === 'ratio' ? judgeRatio(model, shape, log) : judgeUnmixing(model, shape, log);
}

function verdict(log: GateLog, said: Said, model: ModelRef | null): FibreVerdict {
  return { ...said, refusal: log.refusal, gates: log.results, model };
}
