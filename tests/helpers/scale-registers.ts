/** What the simulated reception scale shows, read on its Modbus port beside Trame. */
import { readModbus } from './line-registers.ts';

export interface ScaleRegisters {
  readonly grossKg: number;
  readonly tareKg: number;
  /** Everything ever tipped into the hopper. */
  readonly totalGrams: number;
  readonly weighings: number;
  readonly isStable: boolean;
}

/** @param port of the reception scale. */
export async function readScaleRegisters(port: number): Promise<ScaleRegisters> {
  const masses = lowWordFirst(await readModbus(port, 3, 100, 6));
  const counts = lowWordFirst(await readModbus(port, 3, 110, 6));
  const bits = await readModbus(port, 2, 3, 1);
  return {
    tareKg: masses.readFloatBE(0),
    grossKg: masses.readFloatBE(8),
    weighings: counts.readUInt32BE(0),
    totalGrams: Number(counts.readBigUInt64BE(4)),
    isStable: ((bits[0] ?? 0) & 1) === 1,
  };
}

/** The scale sends the words of a number low before high: turned over, all of them stand as they are read, last one first. */
function lowWordFirst(words: Buffer): Buffer {
  return Buffer.concat(
    Array.from({ length: words.length / 2 }, (_, at) =>
      words.subarray(words.length - 2 * at - 2, words.length - 2 * at),
    ),
  );
}
