/** What a line answers is said in words that a supervisor acts on. */
import type { CommandReason } from '@trame/protocol/control/control-events';
import { COMMAND_OUTCOMES, COMMAND_REFUSALS } from '@trame/protocol/control/control-names';
import { testControl } from '@trame/protocol/control/test-control';
import { describe, expect, it } from 'vitest';
import { isControlPicture, readOrderAnswer } from '../api/read-control.ts';
import control from '../messages/fr-control.json' with { type: 'json' };
import { addWords, t } from '../messages/translate.ts';
import { isPhone } from '../system/is-phone.ts';
import { barText } from './bar-text.ts';
import { LINE_STATE_WORDS } from './control-words.ts';
import { deviceLabel, partLabel, pressLabel } from '../line/part-label.ts';
import { readFigure } from './read-figure.ts';
import { reasonText, serverRefusalText } from './reason-text.ts';
import { busyText, intentText, toldText } from './told-text.ts';

addWords(control);
const plain = (text: string): string => text.replaceAll(/[\u202f\u00a0]/gu, ' ');
const names = {
  station: (id: string) => (id === 'belt' ? 'Tapis' : id),
  device: (id: string) => (id === 'plc' ? 'Automate' : id),
};
const ABOUT = { interlocks: [], device: names.device };
const reason = (code: CommandReason['code'], ref: string | null = null, words = ''): CommandReason => ({
  code,
  ref,
  words,
});

describe('why not', () => {
  it.each(COMMAND_REFUSALS)('%s has a sentence, with and without what it names', (code) => {
    for (const ref of [null, 'x']) expect(reasonText(reason(code, ref), ABOUT)).toMatch(/^[A-ZÀ-Ý].+\.$/u);
  });

  it('says an interlock in its own words, and when only its value is missing', () => {
    const words = 'Une porte est ouverte.';
    const interlock = { id: 'door', words, forbidding: true, unknown: true, forbids: [] };
    expect(reasonText(reason('interlock', 'door', words), ABOUT)).toBe(words);
    // The line says itself that it is not known.
    const unknown = { ...ABOUT, interlocks: [interlock] };
    expect(reasonText(reason('interlock', 'door', words), unknown)).toBe(words);
    expect(plain(reasonText(reason('interlock', 'door'), unknown))).toBe(
      "Mesure inconnue, donc interdit : Un verrouillage l'interdit : door.",
    );
  });

  it('names the state, the mode and what is under way', () => {
    expect(reasonText(reason('wrong-state', 'execute'), ABOUT)).toBe('La ligne est en marche.');
    expect(reasonText(reason('wrong-mode', 'maintenance'), ABOUT)).toBe('Pas possible en mode maintenance.');
    expect(plain(reasonText(reason('busy', 'line.start'), ABOUT))).toBe('En cours : Démarrage.');
  });

  it('calls a device by its label', () => {
    const gone = reason('device-offline', 'plc');
    expect(plain(reasonText(gone, ABOUT))).toBe("L'appareil « Automate » ne répond pas.");
    const told = { outcome: 'refused', code: 'x', reasons: [gone], detail: null, late: null } as const;
    expect(toldText('Arrêt', told, [], names)).toContain('Automate');
  });

  it('of a start says what to do first', () => {
    const said = (state: string) =>
      barText({ kind: 'reason', reason: reason('wrong-state', state) }, ABOUT, 'line.start');
    expect(said('stopped')).toBe("La ligne est à l'arrêt. Réarmez d'abord.");
    expect(said('aborted')).toContain("Réarmez d'abord.");
    expect(said('held')).toBe('La ligne est suspendue. Reprenez-la.');
    expect(said('execute')).toBe('La ligne est en marche.');
    const reset = barText({ kind: 'reason', reason: reason('wrong-state', 'held') }, ABOUT);
    expect(reset).toBe('La ligne est suspendue.');
  });

  it('has one word for a line that is held, and another for one that waits for material', () => {
    expect(t(LINE_STATE_WORDS.held)).toBe('suspendue');
    for (const [state, key] of Object.entries(LINE_STATE_WORDS))
      expect([state, /suspen|maintien/u.test(t(key))]).toEqual([state, ['held', 'holding'].includes(state)]);
  });

  it('has words for what the server refuses, and for what it may refuse one day', () => {
    expect(serverRefusalText('not-from-a-phone')).toContain('téléphone');
    expect(serverRefusalText('brand-new')).toContain('brand-new');
  });
});

describe('what became of it', () => {
  it('says first that it is sent, then that it is looked into', () => {
    const intent = { command: 'line.start', stage: { kind: 'sending', isSlow: false } } as const;
    expect(plain(intentText(intent, [], names))).toBe('Démarrage : envoi…');
    const slow = { ...intent, stage: { kind: 'sending', isSlow: true } } as const;
    expect(plain(intentText(slow, [], names))).toBe('Démarrage : inconnu, vérification…');
  });

  it('says of what was sent without being noted that it was', () => {
    const intent = {
      command: 'line.stop',
      stage: { kind: 'checking', request: null },
      unnoted: true,
    } as const;
    expect(plain(intentText(intent, [], names))).toMatch(
      /^Arrêt : inconnu, vérification… Envoyé sans être noté/u,
    );
  });

  it('names the station that did not come, and why', () => {
    const told = {
      outcome: 'failed',
      code: 'failed',
      reasons: [reason('interlock', 'jam', 'Bourrage.')],
      detail: 'La ligne est arrêtée.',
      late: 'belt',
    } as const;
    expect(plain(toldText('Démarrage', told, [], names))).toBe(
      "Démarrage : n'a pas abouti. N'est pas venu à temps : Tapis. Bourrage. La ligne est arrêtée.",
    );
  });

  it('says when, within its sentence', () => {
    const done = { outcome: 'done', code: 'done', reasons: [], detail: null, late: null } as const;
    expect(plain(toldText('Arrêt', done, [], names, '18:11:54'))).toBe('Arrêt : fait à 18:11:54.');
    expect(plain(toldText('Arrêt', done, [], names))).toBe('Arrêt : fait.');
    for (const outcome of COMMAND_OUTCOMES)
      expect(plain(toldText('Arrêt', { ...done, outcome }, [], names, '18:11:54'))).toContain(' à 18:11:54');
  });

  it('says for which station a start waits', () => {
    const busy = {
      request: 'c',
      command: 'line.start',
      phase: 'sequence',
      station: 'belt',
      since: 0,
    } as const;
    expect(plain(busyText(busy, names))).toBe('Démarrage : attend Tapis…');
    expect(plain(busyText({ ...busy, station: null, phase: 'warning' }, names))).toBe(
      "Démarrage : l'avertisseur sonne…",
    );
  });
});

describe('a part of the line', () => {
  const stations = [
    { id: 'presse', kind: 'press', label: 'Presse', device: 'press' },
    { id: 'tapis', kind: 'belt', label: 'Tapis', device: 'plc' },
    { id: 'trieur', kind: 'sorter', label: 'Trieur', device: 'plc' },
  ] as const;

  it('has its label, be it named as a station or by its device', () => {
    expect(partLabel({ stations }, 'trieur')).toBe('Trieur');
    expect(partLabel({ stations }, 'press')).toBe('Presse');
  });

  it('keeps its name when it is several, or none that is drawn', () => {
    expect(partLabel({ stations }, 'plc')).toBe('plc');
    expect(partLabel({ stations: [] }, 'plc')).toBe('plc');
  });

  it('is the press that is drawn when it is the only one that is followed', () => {
    expect(pressLabel({ stations }, 'presse-1', 1)).toBe('Presse');
    expect(pressLabel({ stations }, 'presse-1', 2)).toBe('presse-1');
    expect(pressLabel({ stations }, 'trieur', 1)).toBe('Trieur');
    expect(pressLabel({ stations: [] }, 'presse-1', 1)).toBe('presse-1');
  });

  it('has the label of its device first where the device is meant', () => {
    const devices = [
      { id: 'plc', label: 'Automate' },
      { id: 'trieur', label: 'Coffret du trieur' },
    ];
    expect(deviceLabel({ stations, devices }, 'plc')).toBe('Automate');
    expect(deviceLabel({ stations, devices }, 'trieur')).toBe('Coffret du trieur');
    expect(partLabel({ stations, devices }, 'trieur')).toBe('Trieur');
    expect(partLabel({ stations, devices }, 'plc')).toBe('Automate');
    expect(deviceLabel({ stations }, 'press')).toBe('Presse');
    expect(deviceLabel({ stations }, 'trieur')).toBe('Trieur');
    expect(deviceLabel({ stations, devices }, 'nir')).toBe('nir');
  });
});

describe('what a line says of its control', () => {
  it('is read whole, or not at all', () => {
    expect(isControlPicture(testControl())).toBe(true);
    expect(isControlPicture({ ...testControl(), state: 'flying' })).toBe(false);
    expect(isControlPicture({ ...testControl(), refusals: {} })).toBe(false);
    expect(isControlPicture({ ...testControl(), mode: 'disco' })).toBe(false);
    expect(isControlPicture(null)).toBe(false);
  });

  it('is no answer without an outcome', () => {
    const body = { id: 'c', code: 'done', detail: null, seq: 1 };
    expect(readOrderAnswer(body)).toBeNull();
    expect(readOrderAnswer({ ...body, outcome: 'checking', reasons: [] })).not.toBeNull();
  });
});

it.each([
  ['0,85', 0.85],
  ['0.85', 0.85],
  ['1 200', 1_200],
  ['−3', -3],
  ['', null],
  ['1,2,3', null],
  ['vite', null],
])('%s typed is %s', (text, value) => expect(readFigure(text)).toBe(value));

it.each([
  [{ userAgent: 'Mozilla/5.0 (Linux; Android 14; Pixel 7) Chrome/124.0 Mobile Safari/537.36' }, true],
  [{ userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4)' }, true],
  [{ userAgent: 'Mozilla/5.0', userAgentData: { mobile: true } }, true],
  [{ userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/124.0', userAgentData: { mobile: false } }, false],
])('%o is a phone: %s', (browser, phone) => expect(isPhone(browser)).toBe(phone));
