import { baleScaleMap, type BaleScaleReading } from './bale-scale-map.ts';
import type { RegisterMap } from './register-map.ts';

export const platformScaleSerial = 'TR-PF-31188';

/**
 * The platform of a hand line: the bale scale's indicator with its registers, another serial number, and two keys.
 * Writing 1 presses a key; it reads back what the press has brought about.
 */
export const platformScaleMap: RegisterMap<BaleScaleReading> = {
  ...baleScaleMap,
  fields: [
    ...baleScaleMap.fields.map((field) =>
      field.name === 'serial' ? { ...field, value: () => platformScaleSerial } : field,
    ),
    { name: 'tareNow', table: 'coil', address: 1, type: 'bool', value: (r) => r.tareG !== 0 },
    { name: 'zeroNow', table: 'coil', address: 2, type: 'bool', value: (r) => r.grossG === 0 },
  ],
};
