import { describe, expect, it } from 'vitest';
import { instantFormat } from '../format/instant.ts';
import { linkWords } from './link-words.ts';

const format = instantFormat('Europe/Paris');
const NOW = Date.parse('2026-11-22T10:00:00Z');
const LAST = Date.parse('2026-11-22T09:58:30Z');

describe('linkWords', () => {
  it('are silent while the line is live or a little late', () => {
    expect(linkWords({ kind: 'live', ageMs: 1 }, format, NOW)).toBeNull();
    expect(linkWords({ kind: 'late', ageMs: 11_000, lastAt: LAST }, format, NOW)).toBeNull();
  });

  it('tell what is cut and since when, in the time of the site', () => {
    expect(linkWords({ kind: 'lost', cause: 'link', lastAt: LAST }, format, NOW)).toBe(
      'Liaison perdue depuis 10:58:30, dernières valeurs connues',
    );
    expect(linkWords({ kind: 'lost', cause: 'edge', lastAt: LAST }, format, NOW)).toMatch(
      /PC de la ligne.*10:58:30/u,
    );
    expect(linkWords({ kind: 'lost', cause: 'silence', lastAt: LAST }, format, NOW)).toMatch(
      /nouvelles.*10:58:30/u,
    );
  });

  it.each(['link', 'edge', 'silence'] as const)('never name a time that is not known (%s)', (cause) => {
    expect(linkWords({ kind: 'lost', cause, lastAt: null }, format, NOW)).not.toMatch(/depuis|\d/u);
  });
});
