import { StockCountBody } from '@trame/protocol/material/bale-acts';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { baleRow } from '../material/test-rows.ts';
import { countBody, countView, signedCount, uncountable } from './count-view.ts';

const booked = [
  baleRow(1),
  baleRow(2, { netGrams: 100_000 }),
  baleRow(3, { status: 'to-weigh', netGrams: null }),
];

describe('an inventory count', () => {
  it('where everything stands has no difference and needs no reason', () => {
    const view = countView(booked, new Set(['B1', 'B2', 'B3']), []);
    expect(view).toMatchObject({ differenceCount: 0, differenceGrams: 0, differs: false });
    expect(countBody('a', null, booked, view, ' ')).toEqual({
      zone: 'a',
      count: 3,
      bales: ['B1', 'B2', 'B3'],
    });
  });

  it('signs what is missing and what was found', () => {
    const stranger = baleRow(9, { status: 'missing', netGrams: 30_000 });
    const view = countView(booked, new Set(['B1', 'B3', 'B9']), [stranger]);
    expect(view).toMatchObject({
      countedCount: 3,
      differenceCount: 0,
      differenceGrams: -70_000,
      differs: true,
    });
    expect(view.missing.map(({ id }) => id)).toEqual(['B2']);
    const body = countBody('a', 'csr', booked, view, 'erreur de zone');
    expect(body).toEqual({
      zone: 'a',
      outlet: 'csr',
      count: 3,
      bales: ['B1', 'B3', 'B9'],
      reason: 'erreur de zone',
    });
    expect(Value.Check(StockCountBody, body)).toBe(true);
  });

  it('counts a bale that was scanned and stands in the book once', () => {
    expect(countView(booked, new Set(['B1']), [baleRow(1)]).countedCount).toBe(1);
  });

  it.each([
    [2, '+2'],
    [-1, '−1'],
    [0, '0'],
  ])('%i is written %s', (count, text) => expect(signedCount(count)).toBe(text));

  it('does not take what has left', () => {
    expect(uncountable(baleRow(1, { status: 'shipped' }))).toBe('shipped');
    expect(uncountable(baleRow(1, { status: 'missing' }))).toBeNull();
  });
});
