/** Rows for tests. */
import type { BaleRow } from '@trame/protocol/material/material-answers';

export function baleRow(number: number, more: Partial<BaleRow> = {}): BaleRow {
  return {
    id: `B${number}`,
    number,
    line: 'tri-1',
    press: 'presse-1',
    outlet: 'csr',
    unit: 'bale',
    status: 'stock',
    startedAt: 1_700_000_000_000,
    weighedAt: 1_700_000_000_000,
    grossGrams: 250_000,
    packagingGrams: 2_000,
    netGrams: 248_000,
    weightHow: 'scale',
    pieces: null,
    pairs: null,
    unusual: false,
    damaged: false,
    code: null,
    zone: 'a',
    shipment: null,
    sheet: null,
    ...more,
  };
}
