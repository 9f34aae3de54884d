import { RestartBody } from '@trame/protocol/material/line-acts';
import type { RestartQuestion } from '@trame/protocol/material/material-answers';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { firstMissing, restartDraft, UNANSWERED, type RestartAnswers } from './restart-answers.ts';

const QUESTION: RestartQuestion = {
  line: 'tri-1',
  boot: '0123456789abcdef',
  startedAt: 1_790_000_000_000,
  lastAliveAt: null,
  presses: [{ press: 'presse-1', label: 'Presse 1', outputs: [{ id: 'B7', number: 7, outlet: 'creme' }] }],
  bins: [{ outlet: 'creme', label: 'Crème', grams: 40_000 }],
};
const AT = 1_790_000_100_000;
const ALL: RestartAnswers = {
  presses: { 'presse-1': { holds: 'output', output: 'B7' } },
  bins: { creme: 'half' },
  clockRight: true,
  note: ' ',
};

describe('what only people know', () => {
  it('is asked for one by one, and nothing goes before all of it is answered', () => {
    expect(firstMissing(QUESTION, UNANSWERED)).toEqual({ what: 'press', label: 'Presse 1' });
    expect(firstMissing(QUESTION, { ...ALL, bins: {} })).toEqual({ what: 'bin', label: 'Crème' });
    expect(firstMissing(QUESTION, { ...ALL, clockRight: null })).toEqual({ what: 'clock' });
    expect(restartDraft(QUESTION, { ...ALL, clockRight: null }, AT)).toBeNull();
    expect(firstMissing(QUESTION, ALL)).toBeNull();
  });

  it('becomes one act', () => {
    const draft = restartDraft(QUESTION, ALL, AT);
    expect(draft?.path).toBe('/api/v1/lines/tri-1/restart');
    expect(Compile(RestartBody).Check(draft?.body)).toBe(true);
    expect(draft?.body).toEqual({
      occurredAt: AT,
      boot: '0123456789abcdef',
      presses: [{ press: 'presse-1', holds: 'output', output: 'B7' }],
      bins: [{ outlet: 'creme', level: 'half' }],
      clockRight: true,
    });
  });

  it('a press that is empty holds nothing, a clock that is wrong is said so, a note goes along', () => {
    const answers: RestartAnswers = {
      ...ALL,
      presses: { 'presse-1': { holds: 'nothing' } },
      clockRight: false,
      note: 'sangle cassée',
    };
    expect(restartDraft(QUESTION, answers, AT)?.body).toMatchObject({
      presses: [{ press: 'presse-1', holds: 'nothing' }],
      clockRight: false,
      note: 'sangle cassée',
    });
  });
});
