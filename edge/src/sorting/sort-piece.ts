/** From the spectrum of a piece to where it goes, and why. Pure. */
import type { FibreVerdict } from '@trame/protocol/classification/fibre-verdict';
import { decideOutlet } from '@trame/protocol/sort-programmes/decide-outlet';
import { factsOfVerdict } from '@trame/protocol/sort-programmes/facts-of-verdict';
import { judgeSpectrum } from '../domain/nir/judge-spectrum.ts';
import type { NirModel } from '../domain/nir/open-model.ts';
import type { Spectrum } from '../domain/nir/spectrum.ts';
import type { OpcuaRing } from '../domain/line-config.ts';
import type { Item } from '../domain/sorting/item.ts';
import type { UsableProgramme } from './judge-programme.ts';

export interface SortingBy {
  /** Null: none can be used. */
  readonly model: NirModel | null;
  /** Null: none can be used, and every piece goes to `fallback`. */
  readonly programme: UsableProgramme | null;
  readonly fallback: string;
}

export type SortedPiece = Pick<Item, 'verdict' | 'facts' | 'decided' | 'rule' | 'programme'>;

/** Without a model nothing is read, which a programme decides on as on any other piece. */
export function sortPiece(spectrum: Spectrum, { model, programme, fallback }: SortingBy): SortedPiece {
  const verdict = judgeSpectrum(model, spectrum);
  const facts = factsOfVerdict(verdict, {});
  if (programme === null) return { verdict, facts, decided: fallback, rule: null, programme: null };
  const { outlet, rule } = decideOutlet(programme.compiled, facts);
  return { verdict, facts, decided: outlet, rule, programme: programme.ref };
}

/** A piece of which nothing can be said, because saying it failed. */
export function unjudgedPiece(fallback: string): SortedPiece {
  const verdict: FibreVerdict = {
    fibre: null,
    refusal: 'no-model',
    probability: null,
    composition: [],
    errorPoints: null,
    background: null,
    gates: [],
    model: null,
  };
  return { verdict, facts: factsOfVerdict(verdict, {}), decided: fallback, rule: null, programme: null };
}

export function spectrumOfRing(
  { wavelengths: { fromNm, stepNm, count }, quantity }: Pick<OpcuaRing, 'wavelengths' | 'quantity'>,
  values: ArrayLike<number>,
): Spectrum {
  return { quantity, wavelengthsNm: { from: fromNm, step: stepNm, count }, values, instrument: null };
}
