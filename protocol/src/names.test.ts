import { describe, expect, it } from 'vitest';
import { isId, trameTopic } from './topics.ts';
import { checkUnit, gramsPerUnit, unitLabel } from './unit.ts';
import { toJsonValue, toNumber } from './tag.ts';

describe('names and units', () => {
  it('make topics of identifiers only', () => {
    expect(trameTopic('caux', 'tri-1', 'ledger/ack')).toBe('trame/v1/caux/tri-1/ledger/ack');
    for (const hostile of ['', 'a/b', '#', '+', 'é', '-a', 'a'.repeat(64)]) {
      expect(isId(hostile)).toBe(false);
      expect(() => trameTopic(hostile, 'tri-1', 'ledger')).toThrow(/cannot be part of a topic/u);
    }
  });

  it('know UCUM codes, their usual spellings, and what a person reads', () => {
    expect(checkUnit('kW.h')).toStrictEqual({ kind: 'ucum', code: 'kW.h' });
    expect(checkUnit('°C')).toStrictEqual({ kind: 'alias', code: 'Cel' });
    expect(checkUnit('furlong')).toStrictEqual({ kind: 'unknown' });
    expect(checkUnit('toString')).toStrictEqual({ kind: 'unknown' });
    expect(unitLabel('kW.h')).toBe('kWh');
    expect(unitLabel('furlong')).toBe('furlong');
    expect([gramsPerUnit('g'), gramsPerUnit('kg'), gramsPerUnit('t'), gramsPerUnit('V')]).toStrictEqual([
      1,
      1000,
      1_000_000,
      null,
    ]);
  });

  it('give values to JSON and to charts without inventing numbers', () => {
    expect(toJsonValue(2n ** 63n)).toBe('9223372036854775808');
    expect(toJsonValue(5n)).toBe(5);
    expect(toJsonValue(Number.NaN)).toBeNull();
    expect([toNumber(true), toNumber('x'), toNumber(Number.POSITIVE_INFINITY), toNumber(3n)]).toStrictEqual([
      1,
      null,
      null,
      3,
    ]);
  });
});
