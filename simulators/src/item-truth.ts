import { clothOf } from './plant/cloth.ts';
import { fabrics, type FibreMix } from './plant/materials.ts';
import { poseOf } from './plant/pose.ts';
import type { ReadItem } from './store.ts';

/** From this share of its light going through on, a cloth is called see-through. */
const seeThroughFrom = 0.3;
/** From this share of its dry mass of water on, beyond the room's balance, a garment is called wet. */
const wetFrom = 0.03;

/** What happened in a read, or what the garment is, that makes its spectrum unlike that of its plain fabric. */
export type ItemNote =
  | 'see-through'
  | 'wet'
  | 'dark'
  | 'carbon-black'
  | 'coated'
  | 'layered'
  | 'edge'
  | 'empty'
  | 'trim'
  | 'glare'
  | 'lens-dirty'
  | 'drift'
  | 'lamp-old'
  | 'blank'
  | 'saturated'
  | 'nan'
  | 'zeros';

/** The truth about one result of the NIR station. Masses in whole grams. */
export interface ItemTruth {
  readonly seq: number;
  readonly at: string;
  readonly lot: number;
  readonly index: number;
  readonly fabric: string;
  /** Shares of the mass of the whole garment without its water, summing to 1. */
  readonly fibres: FibreMix;
  /** The same of what lies on top: all that a lamp can see of it. */
  readonly upper: FibreMix;
  /** As it was read, with `waterG`. */
  readonly massG: number;
  readonly waterG: number;
  /** Where it fell; null while it is on its way. */
  readonly outlet: string | null;
  /** What the station's own software called it. */
  readonly called: string;
  readonly shade: string;
  /** Share of the light that goes through it. */
  readonly transmission: number;
  /** Share of the lamp's spot that it covered. */
  readonly covered: number;
  /** Share of polyurethane in what is seen; not part of `fibres`. */
  readonly coating: number;
  /** What lay on it under the lamp, with its share of what was covered. */
  readonly trim: { readonly kind: string; readonly share: number } | null;
  readonly driftNm: number;
  readonly notes: readonly ItemNote[];
}

/** Below this light of its lamp a station is called old. */
const oldLampShare = 0.6;
/** An axis that is off by less is called right. */
const noticedDriftNm = 0.05;

function notesOf(
  item: ReadItem,
  facts: Omit<ItemTruth, 'notes'>,
  layered: boolean,
  glare: number,
): ItemNote[] {
  const { condition } = item.result;
  const dryG = facts.massG - facts.waterG;
  const told: readonly (readonly [ItemNote, boolean])[] = [
    ['see-through', facts.transmission >= seeThroughFrom],
    ['wet', facts.waterG >= wetFrom * dryG && facts.waterG > 0],
    ['dark', facts.shade === 'dark' || facts.shade === 'black'],
    ['carbon-black', facts.shade === 'carbon'],
    ['coated', facts.coating > 0],
    ['layered', layered],
    ['edge', facts.covered > 0 && facts.covered < 1],
    ['empty', facts.covered === 0],
    ['trim', facts.trim !== null],
    ['glare', glare > 0],
    ['lens-dirty', condition.lensDirty],
    ['drift', Math.abs(condition.driftNm) >= noticedDriftNm],
    ['lamp-old', condition.lampShare < oldLampShare],
  ];
  return [...told.filter(([, holds]) => holds).map(([note]) => note), ...condition.upsets];
}

/** What really lay under the lamp, and where it fell. A pure function: only the outlet was ever stored. */
export function itemTruth(seed: number, item: ReadItem): ItemTruth {
  const { result, outlet } = item;
  const cloth = clothOf(seed, result.index, result.fabric);
  const pose = poseOf(seed, result.seq, result.index);
  const facts = {
    seq: result.seq,
    at: new Date(result.atMs).toISOString(),
    lot: result.lot,
    index: result.index,
    fabric: result.fabric,
    fibres: fabrics[result.fabric],
    upper: cloth.upper,
    massG: result.massG,
    waterG: result.dampG,
    outlet,
    called: result.called,
    shade: cloth.shade,
    transmission: cloth.transmission,
    covered: result.condition.upsets.includes('blank') ? 0 : pose.covered,
    coating: cloth.coating,
    trim: pose.trim === 'none' ? null : { kind: pose.trim, share: pose.trimShare },
    driftNm: result.condition.driftNm,
  };
  return { ...facts, notes: notesOf(item, facts, cloth.layered, pose.glare) };
}
