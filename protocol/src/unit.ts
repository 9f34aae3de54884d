/**
 * Units of measure as UCUM case-sensitive codes (ucum.org, «Unified Code for Units of Measure»), with what a
 * person reads. Only the units of a sorting line; another code is passed on as written.
 */
interface UnitEntry {
  /** What the screen shows. */
  readonly label: string;
  /** Spellings that people write for it. */
  readonly aliases?: readonly string[];
  /** Grams in one of it, for units of mass. */
  readonly grams?: number;
}

const UNITS: Readonly<Record<string, UnitEntry>> = {
  g: { label: 'g', grams: 1 },
  kg: { label: 'kg', aliases: ['KG', 'Kg'], grams: 1000 },
  t: { label: 't', aliases: ['tonne', 'tonnes'], grams: 1_000_000 },
  'kg/h': { label: 'kg/h' },
  't/h': { label: 't/h' },
  m: { label: 'm' },
  mm: { label: 'mm' },
  cm: { label: 'cm' },
  nm: { label: 'nm' },
  'm/s': { label: 'm/s' },
  'm/min': { label: 'm/min' },
  m3: { label: 'm³', aliases: ['m³'] },
  L: { label: 'l', aliases: ['l', 'litre'] },
  s: { label: 's', aliases: ['sec'] },
  ms: { label: 'ms' },
  min: { label: 'min' },
  h: { label: 'h' },
  Cel: { label: '°C', aliases: ['°C', 'degC', 'celsius'] },
  K: { label: 'K' },
  '%': { label: '%', aliases: ['percent', 'pct'] },
  A: { label: 'A' },
  mA: { label: 'mA' },
  V: { label: 'V' },
  W: { label: 'W' },
  kW: { label: 'kW' },
  'kV.A': { label: 'kVA', aliases: ['kVA'] },
  'kW.h': { label: 'kWh', aliases: ['kWh'] },
  'W.h': { label: 'Wh', aliases: ['Wh'] },
  MJ: { label: 'MJ' },
  GJ: { label: 'GJ' },
  Hz: { label: 'Hz' },
  bar: { label: 'bar' },
  mbar: { label: 'mbar' },
  Pa: { label: 'Pa' },
  kPa: { label: 'kPa' },
  N: { label: 'N' },
  kN: { label: 'kN' },
  'N.m': { label: 'N·m', aliases: ['Nm'] },
  'r/min': { label: 'tr/min', aliases: ['rpm', 'tr/min', '{rev}/min'] },
  '1/min': { label: '/min', aliases: ['/min'] },
  '1/h': { label: '/h', aliases: ['/h'] },
  '1': { label: '' },
};

export type UnitCheck =
  | { readonly kind: 'ucum'; readonly code: string }
  | { readonly kind: 'alias'; readonly code: string }
  | { readonly kind: 'unknown' };

/** @returns whether the text is a UCUM code of the table, a common spelling of one, or neither. */
export function checkUnit(text: string): UnitCheck {
  if (Object.hasOwn(UNITS, text)) return { kind: 'ucum', code: text };
  const found = Object.entries(UNITS).find(([, entry]) => entry.aliases?.includes(text));
  return found === undefined ? { kind: 'unknown' } : { kind: 'alias', code: found[0] };
}

/** @returns what a person reads for a code (`kW.h` → `kWh`); an unknown code is shown as written. */
export function unitLabel(code: string): string {
  return UNITS[code]?.label ?? code;
}

/** @returns grams in one unit of mass, or null when the code is not a mass. */
export function gramsPerUnit(code: string): number | null {
  return UNITS[code]?.grams ?? null;
}
