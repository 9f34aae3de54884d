import type { Composition } from './composition.ts';
import type { Fabric } from './materials.ts';
import type { NirCondition } from './nir-condition.ts';
import type { BinId } from './outlets.ts';

/** One read of the NIR station: enough to make its spectrum again, and to tell the truth about it. */
export interface NirResult {
  seq: number;
  /** Wall-clock ms. */
  atMs: number;
  lot: number;
  index: number;
  fabric: Fabric;
  /** Of the garment as it was read, its damp included. */
  massG: number;
  dampG: number;
  condition: NirCondition;
  called: Fabric | 'unreadable';
}

/** A garment that was read has fallen into an outlet. */
export interface Fall {
  readonly seq: number;
  readonly outlet: BinId;
}

export interface Bale {
  number: number;
  outlet: BinId;
  massG: number;
  indicatedG: number;
  alibi: number;
  atMs: number;
  /** Its grams sum to `massG`. */
  inside: Composition;
}

/** What one step brought forth that must be kept apart from the plant's state. */
export interface StepEvents {
  readonly bale: Bale | null;
  readonly read: NirResult | null;
  readonly falls: readonly Fall[];
}
