import type { BinId } from '../plant/outlets.ts';
import type { PlcCommand } from '../plant/packml.ts';
import type { Verdict } from '../plant/sorter.ts';

/** What became of something that was asked. */
export type Taken = 'taken' | 'wrong-state' | 'out-of-range';

/** What clients may write through the PLC. False refuses the value as out of range. */
export interface PlcWrites {
  readonly setBeltSpeed: (mmS: number) => boolean;
  readonly giveVerdicts: (verdicts: readonly Verdict[]) => boolean;
  readonly writeCode: (code: number) => boolean;
  readonly writeRequest: (up: boolean) => boolean;
  readonly askMode: (number: number) => Taken;
  readonly writeLife: (value: number) => boolean;
  /** `index` from 0, in the order of the sorter's classes; `number` of the bin, 1 to 8. */
  readonly setRoute: (index: number, number: number) => boolean;
  readonly setProgrammeId: (id: string) => boolean;
  readonly setProgrammeVersion: (version: number) => boolean;
  /** `number` of the bin that takes what would fall into `bin`; 0: none. */
  readonly setDivert: (bin: BinId, number: number) => boolean;
}

/** What clients may call. `no-answer`: the PLC says nothing. */
export interface PlcMethods {
  readonly command: (command: PlcCommand) => Taken | 'no-answer';
  readonly setMode: (number: number) => Taken | 'no-answer';
}
