/** Well-made payloads about material, for tests: what a test does not care about is filled in. */
import type { MaterialPayloads } from '@trame/protocol/material/material-payloads';
import type { Move, Share, Weight } from '@trame/protocol/material/move';

export const TYPED: Weight = { how: 'typed', weighing: null, scale: null, intervalGrams: null };

export function scaled(weighing: string): Weight {
  return { how: 'scale', weighing, scale: 'floor', intervalGrams: 500 };
}

export function move(from: string, to: string, shares: Record<string, number> | null): Move {
  const listed: Share[] | null =
    shares === null ? null : Object.entries(shares).map(([lot, grams]) => ({ lot, grams }));
  return { from, to, shares: listed };
}

export function received(
  number: number,
  grams: number,
  more: Partial<MaterialPayloads['lot.received']> = {},
): MaterialPayloads['lot.received'] {
  const lot = `L${number}`;
  return {
    lot,
    number,
    collector: 'emmaus',
    points: [],
    communes: [],
    allocation: 'none',
    vehicle: null,
    transporter: null,
    skimming: 'original',
    legalStatus: 'waste',
    condition: 'dry',
    family: 'mixed-tlc',
    wasteCode: '20 01 10',
    usualName: 'TLC',
    loads: [{ container: null, grossGrams: null, tareGrams: null, netGrams: grams, weight: TYPED }],
    zone: null,
    attachments: [],
    entry: 'screen',
    note: '',
    moves: [move('collector:emmaus', `lot:${lot}`, { [lot]: grams })],
    ...more,
  };
}

export function started(
  number: number,
  more: Partial<MaterialPayloads['output.started']> = {},
): MaterialPayloads['output.started'] {
  return {
    output: `B${number}`,
    number,
    line: 'tri-1',
    press: 'p1',
    outlet: 'creme',
    unit: 'bale',
    entry: 'screen',
    sheet: null,
    ...more,
  };
}

export function weighed(
  number: number,
  grams: number,
  moves: Move[],
  more: Partial<MaterialPayloads['output.weighed']> = {},
): MaterialPayloads['output.weighed'] {
  return {
    output: `B${number}`,
    grossGrams: grams + 2_000,
    packagingGrams: 2_000,
    netGrams: grams,
    weight: TYPED,
    pieces: null,
    pairs: null,
    unusual: false,
    corrects: null,
    changeGrams: grams,
    moves,
    ...more,
  };
}

export function loaded(
  from: string[],
  counted: MaterialPayloads['line.loaded']['counted'],
  moves: Move[] = [],
): MaterialPayloads['line.loaded'] {
  return { line: 'tri-1', from, counted, weight: null, moves };
}
