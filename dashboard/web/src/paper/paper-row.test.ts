import { BaleBody } from '@trame/protocol/material/bale-acts';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { checkRow, isCopied, rowNumber, type PaperPlace, type PaperRow } from './paper-row.ts';

const PLACE: PaperPlace = {
  press: 'presse-1',
  line: 'tri-1',
  scale: 'bale-scale',
  timeZone: 'Europe/Paris',
  nowMs: Date.parse('2026-11-22T12:00:00Z'),
};
const ROW: PaperRow = {
  sheet: '12',
  row: '7',
  day: '2026-11-22',
  time: '08:15',
  outlet: 'creme',
  weight: '248,5',
  toWeigh: false,
};

describe('a row of a paper sheet', () => {
  it('is an act of the time at which it was written, told as paper', () => {
    const checked = checkRow(ROW, PLACE);
    const draft = checked.kind === 'ok' ? checked.draft : null;
    expect(Compile(BaleBody).Check(draft?.body)).toBe(true);
    expect(draft?.body).toMatchObject({
      occurredAt: Date.parse('2026-11-22T07:15:00Z'),
      entry: 'paper',
      sheet: '12-07',
      stage: 'done',
      weight: { how: 'paper', scale: 'bale-scale', grossGrams: 248_500 },
    });
  });

  it('without weight is counted, and weighed later', () => {
    const checked = checkRow({ ...ROW, weight: '', toWeigh: true }, PLACE);
    const body = checked.kind === 'ok' ? checked.draft.body : {};
    expect(Compile(BaleBody).Check(body)).toBe(true);
    expect(body).toMatchObject({ stage: 'to-weigh' });
    expect(body).not.toHaveProperty('weight');
  });

  it.each([
    [{ sheet: '' }, { kind: 'missing', field: 'sheet' }],
    [{ sheet: 'a' }, { kind: 'missing', field: 'sheet' }],
    [{ row: '16' }, { kind: 'missing', field: 'row' }],
    [{ row: '0' }, { kind: 'missing', field: 'row' }],
    [{ day: '' }, { kind: 'missing', field: 'day' }],
    [{ time: '' }, { kind: 'missing', field: 'time' }],
    [{ time: '23:00' }, { kind: 'future' }],
    [{ outlet: '' }, { kind: 'missing', field: 'outlet' }],
    [{ weight: ' ' }, { kind: 'missing', field: 'weight' }],
    [{ weight: 'abc' }, { kind: 'bad-weight' }],
    [{ weight: '0' }, { kind: 'bad-weight' }],
    [{ weight: '-5' }, { kind: 'bad-weight' }],
  ] as const)('%j is told: %j', (change, fault) => {
    expect(checkRow({ ...ROW, ...change }, PLACE)).toEqual({ kind: 'fault', fault });
  });

  it('has the number that is printed on it', () => {
    expect(rowNumber('12', '7')).toBe('12-07');
    expect(rowNumber(' 12 ', '15')).toBe('12-15');
    expect(rowNumber('012', '7')).toBeNull();
  });

  it('that was copied is known again, sent or not', () => {
    const checked = checkRow(ROW, PLACE);
    const draft = checked.kind === 'ok' ? checked.draft : null;
    const about = draft?.about ?? { kind: 'refuse', of: '' };
    const answer = { id: 'B1', number: 1, events: [], warnings: [], replayed: false };
    expect(isCopied('12-07', [], [{ key: 'k', order: 1, about, occurredAt: 1, answer }])).toBe(true);
    expect(isCopied('12-08', [], [{ key: 'k', order: 1, about, occurredAt: 1, answer }])).toBe(false);
  });
});
