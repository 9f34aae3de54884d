/** Every act about material. */
import type { Act } from './act.ts';
import { BALE_ACTS } from './act-rows-bales.ts';
import { LINE_ACTS } from './act-rows-line.ts';
import { LOT_ACTS } from './act-rows-lots.ts';
import { PROGRAMME_ACTS } from './act-rows-programmes.ts';
import { SHIPMENT_ACTS } from './act-rows-shipments.ts';

export const ACTS: readonly Act[] = [
  ...LOT_ACTS,
  ...LINE_ACTS,
  ...BALE_ACTS,
  ...SHIPMENT_ACTS,
  ...PROGRAMME_ACTS,
];
