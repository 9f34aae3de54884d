/** A model from shapes: the same for the one that is kept and for those that leave swatches out. */
import type { Atom, UnmixingFile } from '../domain/nir/model-file.ts';
import { prepare, pretreatmentOf, type UnmixingModel } from '../domain/nir/open-model.ts';
import { fitAtoms, type Material } from './fit-atoms.ts';
import { DEFAULT_PURITY, LIMITS } from './recipe.ts';
import type { Reading, ShapedRow } from './shaped-row.ts';

/** All of a file but what is found from the swatches. */
export type UnmixingBase = Omit<UnmixingFile, 'sha256' | 'atoms' | 'limits'> & Reading;

/** Limits of the shapes that are there. */
export function limitsFor(atoms: readonly Atom[]): UnmixingFile['limits'] {
  const ids = new Set(atoms.map(({ id }) => id));
  const here = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([id]) => ids.has(id)));
  const fibres = atoms.filter(({ role }) => role === 'fibre');
  return {
    ...LIMITS,
    purity: Object.fromEntries(fibres.map(({ id }) => [id, LIMITS.purity[id] ?? DEFAULT_PURITY])),
    guard: Object.fromEntries(Object.entries(here(LIMITS.guard)).map(([id, guards]) => [id, here(guards)])),
  };
}

/**
 * @param learnt rows that shapes are learnt from
 * @returns a model that was never written; its checksum is none
 * @throws when nothing that may be named is left
 */
export function unmixingModel(
  learnt: readonly ShapedRow[],
  named: ReadonlySet<Material>,
  base: UnmixingBase,
): UnmixingModel {
  const atoms = fitAtoms(learnt, named, pretreatmentOf(base));
  const opened = prepare({ ...base, atoms, limits: limitsFor(atoms), sha256: '0'.repeat(64) });
  if (opened.kind === 'refused') throw new RangeError(`these swatches give no model: ${opened.reason}`);
  if (opened.model.kind !== 'unmixing') throw new Error('a model of another kind was made');
  return opened.model;
}
