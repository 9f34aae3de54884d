/** A model that was made on one instrument, brought to another by swatches that were measured on both. */
import { judgeSpectrum } from '../domain/nir/judge-spectrum.ts';
import type { ModelFile } from '../domain/nir/model-file.ts';
import { prepare, pretreatmentOf, sealModel, type NirModel } from '../domain/nir/open-model.ts';
import type { Quantity } from '../domain/nir/spectrum.ts';
import { fitOffsetSlope, fitStandardisation } from '../domain/nir/standardise.ts';
import { secondDerivative } from '../domain/nir/unit-shape.ts';
import { written } from './fit-atoms.ts';
import { rowKind, type LabelledRow } from './labelled-row.ts';
import { sha256 } from './sha256.ts';
import { shapeRows, unreadWords, type ShapedRow } from './shaped-row.ts';
import { groupBy, meanOf } from './statistics.ts';
import { isRight, rmsePoints } from './tally.ts';

export interface TransferSource {
  readonly model: NirModel;
  readonly id: string;
  readonly instrument: ModelFile['instrument'];
  readonly by: 'pds' | 'offset-slope';
  readonly quantity: Quantity;
  /** Of both instruments; those of the model's are told by its data sets. */
  readonly rows: readonly LabelledRow[];
  /** Swatch to verify with; null: the last by name. */
  readonly verify: string | null;
  readonly provenance: Pick<ModelFile['provenance'], 'trainedAt' | 'program' | 'command' | 'files'>;
}

export type FittedTransfer =
  | { readonly kind: 'fitted'; readonly file: ModelFile; readonly swatches: readonly string[] }
  | { readonly kind: 'not-verified'; readonly sample: string; readonly n: number; readonly right: number };

/** A ratio is confirmed when it is read within so many of its errors. */
const RATIO_TOLERANCE_RMSE = 2;

/** @throws RangeError when too few swatches were measured on both */
export function fitTransfer(source: TransferSource): FittedTransfer {
  const { model, instrument } = source;
  const own = source.rows.filter(({ dataset }) => model.file.instrument.dataset.includes(dataset));
  const other = source.rows.filter(({ dataset }) => instrument.dataset.includes(dataset));
  const reading = { ...model.file, transfer: null };
  const masters = groupBy(shapeRows(own, reading, source.quantity), ({ row }) => row.sample);
  const slaves = groupBy(shapeRows(other, reading, source.quantity), ({ row }) => row.sample);
  const shared = [...masters.keys()].filter((sample) => slaves.has(sample)).sort();
  const sample = source.verify ?? shared.at(-1) ?? '';
  const swatches = shared.filter((one) => one !== sample);
  if (!shared.includes(sample) || swatches.length === 0) {
    throw new RangeError(
      `${shared.length} swatches were measured on both instruments: at least one to fit and one to verify are needed`,
    );
  }
  const pairs = swatches.flatMap((one) => {
    const [master, slave] = [meanAbsorbance(masters.get(one)), meanAbsorbance(slaves.get(one))];
    return master === null || slave === null ? [] : [{ master, slave }];
  });
  if (pairs.length === 0) {
    const all = [...masters.values(), ...slaves.values()].flat();
    throw new RangeError(
      [
        'none of the shared swatches could be read on both instruments',
        ...unreadWords(all, reading, source.quantity),
      ].join('\n'),
    );
  }
  const draft = withTransfer(source, transferOf(source, pairs), { swatches, sample, n: 0, right: 0 });
  const verified = verify(draft, slaves.get(sample) ?? []);
  if (2 * verified.right <= verified.n) return { kind: 'not-verified', sample, ...verified };
  const content = withTransfer(source, transferOf(source, pairs), { swatches, sample, ...verified });
  return { kind: 'fitted', file: sealModel<ModelFile>(content, sha256), swatches };
}

interface Pair {
  readonly master: Float64Array;
  readonly slave: Float64Array;
}
type Way =
  | { readonly kind: 'pds'; readonly weights: number[][] }
  | { readonly kind: 'offset-slope'; readonly offset: number; readonly slope: number };

function transferOf({ model, by }: TransferSource, pairs: readonly Pair[]): Way {
  if (by === 'offset-slope') {
    const { offset, slope } = fitOffsetSlope(pairs);
    return { kind: by, offset: written(offset), slope: written(slope) };
  }
  const pretreatment = pretreatmentOf({ ...model.file, transfer: null });
  const { weights } = fitStandardisation(
    pairs.map(({ master, slave }) => ({
      master: secondDerivative(master, pretreatment),
      slave: secondDerivative(slave, pretreatment),
    })),
  );
  return { kind: by, weights: weights.map((own) => Array.from(own, written)) };
}

function withTransfer(
  { model, id, instrument, provenance }: TransferSource,
  way: Way,
  { swatches, sample, n, right }: { swatches: string[]; sample: string; n: number; right: number },
): Omit<ModelFile, 'sha256'> {
  const { sha256: from, ...content } = model.file;
  const transfer = { ...way, from, swatches, verified: { sample, n, right } };
  return { ...content, id, instrument, transfer, provenance: { ...content.provenance, ...provenance } };
}

function meanAbsorbance(reads: readonly ShapedRow[] | undefined): Float64Array | null {
  const read = (reads ?? []).flatMap(({ shaped }) => (shaped === null ? [] : [shaped.absorbance]));
  return read.length === 0 ? null : meanOf(read);
}

function verify(
  content: Omit<ModelFile, 'sha256'>,
  reads: readonly ShapedRow[],
): { n: number; right: number } {
  const opened = prepare({ ...content, sha256: '0'.repeat(64) } as ModelFile);
  if (opened.kind === 'refused')
    throw new RangeError(`the standardised model does not open: ${opened.reason}`);
  const { model } = opened;
  const right = reads.filter(({ row, spectrum }) => {
    const verdict = judgeSpectrum(model, spectrum);
    if (model.kind === 'unmixing' && rowKind(row) === 'known') return isRight({ row, verdict });
    const error = rmsePoints([{ row, verdict }]);
    return (
      error !== null && verdict.errorPoints !== null && error <= RATIO_TOLERANCE_RMSE * verdict.errorPoints
    );
  });
  return { n: reads.length, right: right.length };
}
