import { MATERIAL_PAYLOADS } from '@trame/protocol/material/material-payloads';
import { describe, expect, it } from 'vitest';
import kiosk from '../messages/fr-kiosk.json' with { type: 'json' };
import material from '../messages/fr-material.json' with { type: 'json' };
import { addWords } from '../messages/translate.ts';
import { JOURNAL_WORDS, journalText } from './journal-words.ts';
import { accountText, numberOf } from './material-words.ts';

addWords(kiosk);
addWords(material);

const names = { outlet: (id: string) => id.toUpperCase(), zone: (id: string) => `zone ${id}` };

function told(type: string, payload: Record<string, unknown>): string {
  const { what, detail } = journalText(
    { id: 'a', at: 1, recordedAt: 2, type, corrects: null, payload },
    names,
  );
  return `${what} | ${detail}`.replaceAll('\u00a0', ' ');
}

describe('the journal of a thing', () => {
  it('has words for every event, each its own', () => {
    expect(Object.keys(JOURNAL_WORDS).toSorted()).toEqual(Object.keys(MATERIAL_PAYLOADS).toSorted());
  });

  it.each([
    [
      'output.weighed',
      { netGrams: 248_000, grossGrams: 250_000, changeGrams: 248_000 },
      'Pesée | 248 kg · brut 250 kg',
    ],
    ['output.weighed', { netGrams: 247_500, changeGrams: -500 }, 'Pesée | 247,5 kg · changement −0,5 kg'],
    [
      'output.reclassified',
      { from: 'csr', outlet: 'creme', reason: 'erreur' },
      'Reclassée | CSR → CREME · erreur',
    ],
    ['lot.refused', { grams: 12_000, reason: 'wet' }, 'Refus | 12 kg · Mouillé'],
    ['lot.weighed', { netGrams: 302_000, reason: 'late' }, 'Pesée du lot | 302 kg · pesée arrivée après'],
    ['output.placed', { zone: 'a' }, 'Rangement | zone a'],
    [
      'shipment.received',
      { clientGrams: 900_000, differenceGrams: -4_000 },
      'Reçue par le client | client 900 kg · écart −4 kg',
    ],
    [
      'output.examined',
      { moisturePercent: 12.5, grade: 'material', note: 'cœur de balle' },
      'Examinée | humidité 12,5 % · qualité matière · cœur de balle',
    ],
    ['output.examined', { moisturePercent: null, grade: 'wiper' }, 'Examinée | qualité essuyage'],
    ['line.emptied', {}, 'Ligne vidée | '],
    ['some.thing', {}, 'some.thing | '],
  ])('%s %j', (type, payload, text) => expect(told(type, payload)).toBe(text));
});

describe('the name of a place', () => {
  it.each([
    ['lot:L118', undefined, 'Lot n° 118'],
    ['output:B1042', '1042', 'Balle n° 1042'],
    ['bin:tri-1/csr', undefined, 'Bac CSR (tri-1)'],
    ['collector:unknown', undefined, 'Origine inconnue'],
    ['client:frip-nord', 'Frip Nord', 'Client Frip Nord'],
    ['difference:tri-1', undefined, 'Écart tri-1'],
    ['shipment:E4', undefined, "Chargé sur l'expédition n° 4"],
    ['outputs', undefined, 'Balles sans zone'],
  ])('%s', (account, label, text) => {
    expect(accountText(account, names.outlet, label).replaceAll('\u00a0', ' ')).toBe(text);
  });

  it('keeps what is no number', () => expect(numberOf('lot-7')).toBe('lot-7'));
});
