import { WeightBody } from '@trame/protocol/material/act-parts';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import {
  initialValues,
  readForm,
  WEIGHT_WAYS,
  type Field,
  type RawValues,
  type WeightRaw,
} from './form-fields.ts';

const NET: Field = { kind: 'weight', name: 'w', label: 'Poids', ways: ['scale', 'typed'], required: true };
const GROSS: Field = { ...NET, tare: true };

function weight(raw: Partial<WeightRaw>): RawValues {
  return { w: { way: 'typed', weighing: '', scale: '', gross: '', tare: '', net: '', ...raw } };
}

function faultOf(field: Field, raw: RawValues): string | undefined {
  const read = readForm([field], raw);
  return read.kind === 'faults' ? read.faults[field.name] : undefined;
}

function weightOf(field: Field, raw: RawValues): WeightBody | null {
  const read = readForm([field], raw);
  if (read.kind !== 'values') throw new Error(JSON.stringify(read.faults));
  return read.values.weight(field.name);
}

describe('a form', () => {
  it('never has a weight before somebody gives one', () => {
    expect(faultOf(NET, initialValues([NET]))).toBe('no-weighing');
    expect(faultOf(NET, weight({}))).toBe('no-weight');
    expect(weightOf({ ...NET, required: false }, weight({}))).toBeNull();
  });

  it('takes gross and tare, or leaves the tare to what the site has declared', () => {
    expect(weightOf(GROSS, weight({ gross: '271,5', tare: '22' }))).toEqual({
      how: 'typed',
      grossGrams: 271_500,
      tareGrams: 22_000,
    });
    expect(weightOf(GROSS, weight({ gross: '271,5' }))).toEqual({ how: 'typed', grossGrams: 271_500 });
    expect(faultOf(GROSS, weight({ gross: '20', tare: '22' }))).toBe('tare-above');
    expect(faultOf(GROSS, weight({ gross: '20', tare: 'x' }))).toBe('no-weight');
  });

  it('claims the weighing that was chosen', () => {
    const id = 'a'.repeat(32);
    expect(weightOf(NET, weight({ way: 'scale', weighing: id }))).toEqual({ how: 'scale', weighing: id });
  });

  it('says which field is missing, and reads numbers', () => {
    const fields: Field[] = [
      { kind: 'text', name: 'why', label: 'Motif', max: 500, required: true },
      { kind: 'count', name: 'n', label: 'Nombre', min: 1, max: 100 },
      { kind: 'kg', name: 'kg', label: 'Poids', zero: true },
      { kind: 'flag', name: 'sure', label: 'Vu' },
      { kind: 'picks', name: 'some', label: 'Balles', options: [], required: true },
    ];
    expect(readForm(fields, { why: '  ', n: '0', kg: 'x' })).toEqual({
      kind: 'faults',
      faults: { why: 'missing', n: 'no-count', kg: 'no-weight', some: 'missing' },
    });
    const read = readForm(fields, { why: ' trou ', n: '7', kg: '0', some: ['B1'], sure: true });
    if (read.kind !== 'values') throw new Error('expected values');
    const { values } = read;
    expect([values.text('why'), values.number('n'), values.number('kg'), values.flag('sure')]).toEqual([
      'trou',
      7,
      0,
      true,
    ]);
    expect(values.picks('some')).toEqual(['B1']);
    expect(() => values.text('other')).toThrow('no field other');
  });

  it('gives only weights that the contract takes', () => {
    const figure = fc.oneof(
      fc.constant(''),
      fc.integer({ min: 0, max: 20_000 }).map(String),
      fc.string({ maxLength: 6 }),
    );
    const raw = fc.record({
      way: fc.constantFrom(...WEIGHT_WAYS),
      weighing: fc.constantFrom('', 'b'.repeat(32)),
      scale: fc.constantFrom('', 'bascule-1'),
      gross: figure,
      tare: figure,
      net: figure,
    });
    fc.assert(
      fc.property(raw, fc.boolean(), fc.boolean(), (given, tare, required) => {
        const read = readForm([{ ...NET, tare, required }], { w: given });
        if (read.kind === 'faults') return;
        const body = read.values.weight('w');
        expect(body === null ? required : !Value.Check(WeightBody, body)).toBe(false);
      }),
    );
  });
});
