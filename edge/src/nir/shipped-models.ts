/** The models that the program brings along, and those of a site. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  MAX_MODEL_CHARACTERS,
  openModel,
  type NirModel,
  type OpenedModel,
} from '../domain/nir/open-model.ts';
import { sha256 } from './sha256.ts';

export const SHIPPED_FOLDER = fileURLToPath(new URL('../../models', import.meta.url));
/** Judges what no other model is for. */
export const DEFAULT_MODEL_ID = 'nirscan-nano-2026-11';

/** Reads and checks one file; a file that cannot be read is refused in the same words. */
export function readModelFile(path: string): OpenedModel {
  try {
    // Before it is read: a file of any size must not fill the memory.
    if (statSync(path).size > 4 * MAX_MODEL_CHARACTERS) {
      return { kind: 'refused', reason: `larger than ${4 * MAX_MODEL_CHARACTERS} bytes` };
    }
    return openModel(readFileSync(path, 'utf8'), sha256);
  } catch (error) {
    return { kind: 'refused', reason: error instanceof Error ? error.message : String(error) };
  }
}

export type ModelSet =
  | { readonly kind: 'models'; readonly models: readonly NirModel[]; readonly fallback: NirModel }
  | { readonly kind: 'refused'; readonly path: string; readonly reason: string };

/** @param paths of models; without any, those that are shipped. The first of them is the default. */
export function readModels(paths: readonly string[]): ModelSet {
  const files = paths.length > 0 ? paths : shippedPaths();
  const models: NirModel[] = [];
  for (const path of files) {
    const opened = readModelFile(path);
    if (opened.kind === 'refused') return { kind: 'refused', path, reason: opened.reason };
    models.push(opened.model);
  }
  const fallback = models.find(({ ref }) => ref.id === DEFAULT_MODEL_ID) ?? models[0];
  if (fallback === undefined) return { kind: 'refused', path: SHIPPED_FOLDER, reason: 'no model in it' };
  return { kind: 'models', models, fallback: paths.length > 0 ? (models[0] ?? fallback) : fallback };
}

function shippedPaths(): string[] {
  return readdirSync(SHIPPED_FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(SHIPPED_FOLDER, name));
}

/** By the name of the data set; what no model names gets the default. */
export function modelFor(
  { models, fallback }: Extract<ModelSet, { kind: 'models' }>,
  dataset: string,
): NirModel {
  return models.find(({ file }) => file.instrument.dataset.includes(dataset)) ?? fallback;
}
