import { describe, expect, it } from 'vitest';
import { refusalWords } from './refusal-words.ts';

describe('refusalWords', () => {
  it.each([
    [{ kind: 'refused', status: 401, code: 'invalid-credentials' }, 'Identifiant ou mot de passe inconnu.'],
    [{ kind: 'refused', status: 429, code: 'too-many' }, /Trop d'essais/u],
    [{ kind: 'away' }, /Le serveur ne répond pas/u],
    [{ kind: 'refused', status: 500, code: '' }, /code 500/u],
    [{ kind: 'refused', status: 400, code: 'invalid-request' }, /code invalid-request/u],
  ] as const)('%j is said in words', (answer, words) => {
    expect(refusalWords(answer)).toMatch(words);
  });

  it('says nothing when there is nothing to say', () => {
    expect(refusalWords({ kind: 'dropped' })).toBeNull();
  });
});
