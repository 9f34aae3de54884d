import { expect, it } from 'vitest';
import words from '../messages/fr-stops.json' with { type: 'json' };
import { addWords } from '../messages/translate.ts';
import { teamTitle } from './team-title.ts';

addWords(words);

it.each([
  ['matin', 'Équipe matin'],
  ['Équipe de démonstration (22)', 'Équipe de démonstration (22)'],
  ['ÉQUIPE A', 'ÉQUIPE A'],
  ['équipe', 'équipe'],
  // As some keyboards write it: a letter and its accent.
  ['E\u0301quipe B', 'E\u0301quipe B'],
  ['Équipement', 'Équipe Équipement'],
])('a team that is called «%s» is told as «%s»', (team, title) => expect(teamTitle(team)).toBe(title));
