/** What of a line reads spectra and takes verdicts, for whoever checks a configuration. */
import type { LineConfig, OpcuaRing } from '../domain/line-config.ts';
import type { NamedPart, SortingConfig } from '../domain/sorting-config.ts';
import { VERDICT_WITHIN_MS, VERDICTS_PER_WRITE_MAX } from '../ports/verdict-writer.ts';

export interface RingOfDevice extends OpcuaRing {
  readonly device: string;
}

export interface VerdictTarget {
  readonly device: string;
  readonly node: string;
}

export function spectrumRings({ devices }: LineConfig): RingOfDevice[] {
  return devices.flatMap((device) =>
    device.driver === 'opcua' && device.ring !== undefined ? [{ device: device.id, ...device.ring }] : [],
  );
}

export function verdictTargets({ devices }: LineConfig): VerdictTarget[] {
  return devices.flatMap((device) =>
    device.driver === 'opcua' && device.verdicts !== undefined
      ? [{ device: device.id, node: device.verdicts.node }]
      : [],
  );
}

/** @returns one line: `nir/spectra: the last 256, 186 values of absorbance, 940 to 1680 nm every 4 nm; told every 50 ms`. */
export function ringLine({ device, size, wavelengths, quantity, everyMs }: RingOfDevice): string {
  const { fromNm, stepNm, count } = wavelengths;
  // Steps such as 0.1 add up to a little more or less.
  const toNm = Number((fromNm + (count - 1) * stepNm).toPrecision(NM_DIGITS));
  const grid = `${count} values of ${quantity}, ${fromNm} to ${toNm} nm every ${stepNm} nm`;
  return `${device}/spectra: the last ${size}, ${grid}; told every ${everyMs} ms`;
}

/** @returns one line: `plc/verdicts: up to 64 in one write of nsu=…, within 500 ms, not read back`. */
export function verdictLine({ device, node }: VerdictTarget): string {
  const upTo = `up to ${VERDICTS_PER_WRITE_MAX} in one write of ${node}`;
  return `${device}/verdicts: ${upTo}, within ${VERDICT_WITHIN_MS} ms, not read back`;
}

/** @returns one line: `sorts nir by model sim-v1 and programme ligne-automatique to plc: 8 outlets, fallback manuel`. */
export function sortingLine({ nir, sorter, model, programme, outlets, fallback }: SortingConfig): string {
  const by = `model ${nameOf(model)} and programme ${nameOf(programme)}`;
  return `sorts ${nir} by ${by} to ${sorter}: ${Object.keys(outlets).length} outlets, fallback ${fallback}`;
}

function nameOf(part: NamedPart): string {
  return part.kind === 'file' ? part.path : part.id;
}

const NM_DIGITS = 9;
