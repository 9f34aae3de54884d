import type { Sscc } from '@trame/protocol/sscc';
import type { LabelFacts } from './label-facts.ts';

/** A bale like any other. */
export const baleFacts: LabelFacts = {
  number: 1042,
  unit: 'bale',
  pieces: null,
  pairs: null,
  outlet: { name: 'Effilochage', pictogram: 'spool', pattern: 'cross' },
  weight: { kind: 'weighed', netGrams: 248_500, grossGrams: 250_000, packagingGrams: 1_500, how: 'scale' },
  packedAtMs: Date.UTC(2026, 10, 22, 12, 6),
  timeZone: 'Europe/Paris',
  siteName: 'Ressourcerie du Haut-Rhin',
  lineName: 'Ligne 1',
  sscc: { code: '376130321109103420' as Sscc, prefix: 'licensed' },
  qrContent: 'https://trame.example.org/b/0193e8a2-7c1b-7f00-8a2e-0d4c3b2a1f00',
  reprint: false,
  demo: false,
  voided: false,
};
