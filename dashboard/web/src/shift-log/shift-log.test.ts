/** What people add to the log of a shift is what the contract takes, and one sheet holds the rest. */
import { NoteBody } from '@trame/protocol/material/line-acts';
import { SignShiftBody } from '@trame/protocol/stops/stop-events';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { draftOf } from '../material/act-form.ts';
import { initialValues, readForm } from '../material/form-fields.ts';
import control from '../messages/fr-control.json' with { type: 'json' };
import material from '../messages/fr-material.json' with { type: 'json' };
import words from '../messages/fr-stops.json' with { type: 'json' };
import { addWords } from '../messages/translate.ts';
import { MORNING } from '../stops/test-stops.ts';
import { commandWord, outcomeWord } from './command-word.ts';
import { kept, PRINTED_ROWS_MAX } from './print-rows.ts';
import { lineNoteForm, signForm } from './shift-log-forms.ts';

for (const catalogue of [control, material, words]) addWords(catalogue);

const SHIFT = { id: 'S7', line: 'tri-1', team: 'matin', openedAt: MORNING, closedAt: null };

function bodyOf(form: ReturnType<typeof signForm>, text: string): unknown {
  const read = readForm(form.fields, { ...initialValues(form.fields), text });
  if (read.kind !== 'values') throw new Error(JSON.stringify(read.faults));
  return draftOf(form, read.values, MORNING).body;
}

describe('a signature', () => {
  it.each(['leaving', 'arriving'] as const)('of who is %s has a sentence, or none', (side) => {
    const form = signForm(SHIFT, side);
    expect(form.path).toBe('/shifts/S7/sign');
    expect(bodyOf(form, 'Vider le bac.')).toEqual({ side, text: 'Vider le bac.', occurredAt: MORNING });
    expect(bodyOf(form, '')).toEqual({ side, occurredAt: MORNING });
    for (const text of ['', 'Vider le bac.'])
      expect([...Value.Errors(SignShiftBody, bodyOf(form, text))]).toEqual([]);
  });
});

it('of who signed the other side says that nobody else is there', () => {
  const form = signForm(SHIFT, 'arriving', true);
  const raw = { ...initialValues(form.fields), text: '' };
  expect(readForm(form.fields, raw).kind).toBe('faults');
  const read = readForm(form.fields, { ...raw, alone: true });
  if (read.kind !== 'values') throw new Error('it was expected to be sound');
  const { body } = draftOf(form, read.values, MORNING);
  expect(body).toEqual({ side: 'arriving', alone: true, occurredAt: MORNING });
  expect(Value.Check(SignShiftBody, body)).toBe(true);
});

describe('a note', () => {
  it('is about the line, so that it stands in its log', () => {
    const form = lineNoteForm('tri-1');
    const body = bodyOf(form, 'Tapis bruyant');
    expect(body).toEqual({ about: 'line:tri-1', text: 'Tapis bruyant', occurredAt: MORNING });
    expect(Value.Check(NoteBody, body)).toBe(true);
    expect(readForm(form.fields, { text: ' ' }).kind).toBe('faults');
  });
});

it('commands are told in words; what the page does not know, by its name', () => {
  expect([commandWord('line.start'), commandWord('x.y')]).toEqual(['Démarrage', 'x.y']);
  expect(outcomeWord(null)).toBe('sans réponse');
  expect(outcomeWord('toString')).toBe('toString');
});

it('a sheet says how many rows it leaves out', () => {
  const rows = Array.from({ length: PRINTED_ROWS_MAX + 3 }, (_, index) => index);
  expect(kept(rows)).toEqual({ rows: rows.slice(0, PRINTED_ROWS_MAX), more: 3 });
  expect(kept([1])).toEqual({ rows: [1], more: 0 });
});
