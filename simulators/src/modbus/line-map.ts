import type { RegisterMap, WritableField } from './register-map.ts';

/** What the line's PLC shows on Modbus. Speeds in mm/s. */
export interface LineReading {
  readonly code: number;
  readonly request: boolean;
  readonly acknowledge: boolean;
  readonly done: boolean;
  readonly refused: boolean;
  readonly running: boolean;
  readonly horn: boolean;
  readonly remote: boolean;
  readonly localEnable: boolean;
  readonly trameLifeLost: boolean;
  readonly emergencyStop: boolean;
  readonly guardDoorsClosed: boolean;
  readonly packMlState: number;
  readonly mode: number;
  readonly modeRequest: number;
  readonly life: number;
  readonly trameLife: number;
  readonly setpointMmS: number;
  readonly infeedBeltMmS: number;
  readonly sortingBeltMmS: number;
  /** Line, hopper, opening, infeed belt, post 1, post 2, NIR, sorting belt, sorter. */
  readonly states: readonly number[];
}

/** What a master may write. False refuses the value (exception 3). */
export interface LineWrites {
  readonly writeCode: (code: number) => boolean;
  readonly writeRequest: (up: boolean) => boolean;
  readonly askMode: (number: number) => boolean;
  readonly writeLife: (value: number) => boolean;
  readonly setBeltSpeed: (mmS: number) => boolean;
}

const stationNames = [
  'line',
  'hopper',
  'opening',
  'infeedBelt',
  'post1',
  'post2',
  'nir',
  'sortingBelt',
  'sorter',
] as const;
const firstStation = 20;

export const lineMap: RegisterMap<LineReading> = {
  unit: 1,
  order: 'ABCD',
  fields: [
    { name: 'request', table: 'coil', address: 0, type: 'bool', value: (r) => r.request },
    { name: 'acknowledge', table: 'discrete', address: 0, type: 'bool', value: (r) => r.acknowledge },
    { name: 'done', table: 'discrete', address: 1, type: 'bool', value: (r) => r.done },
    { name: 'refused', table: 'discrete', address: 2, type: 'bool', value: (r) => r.refused },
    { name: 'running', table: 'discrete', address: 3, type: 'bool', value: (r) => r.running },
    { name: 'horn', table: 'discrete', address: 4, type: 'bool', value: (r) => r.horn },
    { name: 'remote', table: 'discrete', address: 5, type: 'bool', value: (r) => r.remote },
    { name: 'localEnable', table: 'discrete', address: 6, type: 'bool', value: (r) => r.localEnable },
    { name: 'trameLifeLost', table: 'discrete', address: 7, type: 'bool', value: (r) => r.trameLifeLost },
    { name: 'emergencyStop', table: 'discrete', address: 8, type: 'bool', value: (r) => r.emergencyStop },
    { name: 'guardClosed', table: 'discrete', address: 9, type: 'bool', value: (r) => r.guardDoorsClosed },
    { name: 'code', table: 'holding', address: 0, type: 'uint16', value: (r) => r.code },
    { name: 'state', table: 'holding', address: 1, type: 'uint16', value: (r) => r.packMlState },
    { name: 'mode', table: 'holding', address: 2, type: 'uint16', value: (r) => r.mode },
    { name: 'modeRequest', table: 'holding', address: 3, type: 'uint16', value: (r) => r.modeRequest },
    { name: 'life', table: 'holding', address: 4, type: 'uint32', value: (r) => r.life },
    { name: 'trameLife', table: 'holding', address: 6, type: 'uint32', value: (r) => r.trameLife },
    { name: 'setpoint', table: 'holding', address: 8, type: 'uint16', value: (r) => r.setpointMmS },
    { name: 'infeedSpeed', table: 'holding', address: 9, type: 'uint16', value: (r) => r.infeedBeltMmS },
    { name: 'sortingSpeed', table: 'holding', address: 10, type: 'uint16', value: (r) => r.sortingBeltMmS },
    ...stationNames.map((name, index) => ({
      name: `${name}State`,
      table: 'holding' as const,
      address: firstStation + index,
      type: 'uint16' as const,
      value: (r: LineReading) => r.states[index] ?? 0,
    })),
  ],
};

function word(address: number, apply: (value: number) => boolean): WritableField {
  return { table: 'holding', address, words: 1, apply: ([value = 0]) => apply(value) };
}

/** The writable cells of {@link lineMap}. */
export function lineWritable(writes: LineWrites): WritableField[] {
  return [
    { table: 'coil', address: 0, words: 1, apply: ([bit]) => writes.writeRequest(bit === 1) },
    word(0, writes.writeCode),
    word(3, writes.askMode),
    {
      table: 'holding',
      address: 6,
      words: 2,
      apply: ([high = 0, low = 0]) => writes.writeLife(high * 0x1_0000 + low),
    },
    word(8, writes.setBeltSpeed),
  ];
}
