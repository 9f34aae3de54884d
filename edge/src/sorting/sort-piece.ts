/** From the spectrum of a piece to where it goes, and why. Pure. */
import type { FibreVerdict } from '@trame/protocol/classification/fibre-verdict';
import type { CompiledProgramme } from '@trame/protocol/sort-programmes/compile-programme';
import { decideOutlet } from '@trame/protocol/sort-programmes/decide-outlet';
import { factsOfVerdict } from '@trame/protocol/sort-programmes/facts-of-verdict';
import type { PieceFacts } from '@trame/protocol/sort-programmes/programme-inputs';
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

export function sortPiece(spectrum: Spectrum, { model, programme, fallback }: SortingBy): SortedPiece {
  const verdict = judgeSpectrum(model, spectrum);
  const facts = factsOfVerdict(verdict, {});
  if (programme === null) return { verdict, facts, decided: fallback, rule: null, programme: null };
  const { outlet, rule } = decidedOn(facts, programme.compiled, fallback);
  return { verdict, facts, decided: outlet, rule, programme: programme.ref };
}

/**
 * A programme decides on what was read. Of a piece whose spectrum is none, or that no model could read, nobody knows what it is: it
 * goes to hand sorting even where a rule for the rest would take it.
 * @returns `rule` null: none had a say.
 */
export function decidedOn(
  facts: PieceFacts,
  programme: CompiledProgramme,
  fallback: string,
): { readonly outlet: string; readonly rule: string | null } {
  if (facts.reading === 'unreadable' || facts.reading === 'none') return { outlet: fallback, rule: null };
  return decideOutlet(programme, facts);
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
