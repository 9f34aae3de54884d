/** A sort programme to start from: tables where people sort by eye and hand, with labels for what they name. */
import type { SortProgramme } from '../sort-programme.ts';
import { CSR_CEILINGS } from './csr-ceilings.ts';

export const HAND_TABLES_PROGRAMME: SortProgramme = {
  format: 'trame-sort-programme',
  id: 'tables-de-tri',
  version: 1,
  label: 'Tables de tri (exemple)',
  note: "Exemple à copier et à adapter avec vos preneurs, pour décider à la main et pour apprendre. L'état jugé par la personne passe en premier ; l'étiquette, quand elle est lisible, dit la matière. Sans étiquette, ce qui n'est pas reconnu à l'œil va en CSR.",
  example: true,
  thresholds: {
    'fibre-dominante': {
      value: 80,
      source: 'Hypothèse : teneur que les effilocheurs demandent souvent ; à fixer avec le preneur.',
    },
    'laine-dominante': {
      of: 'fibre-dominante',
      plus: -10,
      source: 'Hypothèse : la laine se paie aussi un peu mélangée ; à fixer avec le preneur.',
    },
    'lin-dominant': {
      value: 70,
      source: 'Hypothèse : part de lin utile à un composite ; à fixer avec le preneur.',
    },
    'polymere-pur': {
      value: 95,
      source:
        'Hypothèse : le recyclage en polymère supporte mal un second polymère ; à fixer avec le preneur.',
    },
    'naturel-buchettes': {
      value: 98,
      source:
        'Bûchettes de fibres naturelles seulement (dossier fondateur) ; 2 % : ce qu’une étiquette « pur » admet (Règl. (UE) 1007/2011 art. 7).',
    },
    'essuyage-cellulose': {
      value: 70,
      source: 'Hypothèse : un chiffon doit boire ; à fixer avec le preneur.',
    },
    'pvc-visible': {
      value: 15,
      source:
        'Calcul : 15 000 mg de chlore par kg (arrêté du 23/05/2016) est 2,6 % de PVC (57 % de chlore) dans le lot ; par pièce, hypothèse.',
    },
  },
  ceilings: CSR_CEILINGS,
  rules: [
    { id: 'dechet', label: 'Déchet', when: { grade: { in: ['waste'] } }, outlet: 'elimination' },
    {
      id: 'souille-ou-mouille',
      label: 'Souillé ou mouillé',
      when: { disruptors: { anyOf: ['soiled', 'wet'] } },
      outlet: 'elimination',
      note: 'Ce qui peut sécher le jour même se remet sur la table une fois sec.',
    },
    { id: 'creme', label: 'Crème', when: { grade: { in: ['creme'] } }, outlet: 'creme' },
    {
      id: 'reemploi',
      label: 'Réemploi, 1er à 3e choix',
      when: { grade: { in: ['first', 'second', 'third'] } },
      outlet: 'reemploi',
    },
    {
      id: 'hors-tlc',
      label: 'Hors TLC',
      when: { family: { in: ['non-tlc'] } },
      outlet: 'elimination',
    },
    {
      id: 'enduit',
      label: 'Enduit',
      when: { disruptors: { anyOf: ['coating'] } },
      outlet: 'elimination',
      note: 'Souvent du PVC : son chlore n’a de place ni en CSR ni en bûchettes.',
    },
    {
      id: 'pvc',
      label: 'PVC sur l’étiquette',
      when: { 'fibre.polyvinyl-chloride': { atLeast: 'pvc-visible' } },
      outlet: 'elimination',
    },
    {
      id: 'chaussures',
      label: 'Chaussures et maroquinerie usées',
      when: { family: { in: ['shoes', 'leather'] } },
      outlet: 'csr',
    },
    {
      id: 'essuyage',
      label: 'Essuyage, absorbant',
      when: {
        grade: { in: ['wiper'] },
        'group.cellulosics': { atLeast: 'essuyage-cellulose', orUnknown: true },
        disruptors: { noneOf: ['sequins', 'metal', 'zip', 'padding'], orUnknown: true },
      },
      outlet: 'essuyage',
      note: 'La main juge ; une étiquette qui dit autre chose renvoie la pièce aux règles de matière.',
    },
    {
      id: 'points-durs',
      label: 'Points durs et multicouches',
      when: { disruptors: { anyOf: ['metal', 'zip', 'sequins', 'padding', 'lining', 'multilayer'] } },
      outlet: 'csr',
      note: 'Un point dur casse les cardes ; plusieurs couches ne se séparent pas à la table.',
    },
    {
      id: 'lin-composite',
      label: 'Lin pour composite',
      when: { 'fibre.flax': { atLeast: 'lin-dominant' } },
      outlet: 'effilochage',
      note: 'Le lin est effiloché avant d’entrer dans un composite. S’il a un preneur à lui, donnez-lui son débouché.',
    },
    {
      id: 'effilochage-coton-clair',
      label: 'Effilochage, coton clair',
      when: { 'group.cellulosics': { atLeast: 'fibre-dominante' }, colour: { in: ['white', 'light'] } },
      outlet: 'effilochage',
    },
    {
      id: 'effilochage-coton',
      label: 'Effilochage, coton',
      when: { 'group.cellulosics': { atLeast: 'fibre-dominante' } },
      outlet: 'effilochage',
      note: 'Coton, viscose et autres celluloses, de couleur foncée, mêlée ou non connue.',
    },
    {
      id: 'effilochage-jean',
      label: 'Effilochage, jean sans étiquette',
      when: {
        category: { in: ['denim'] },
        'group.cellulosics': { atLeast: 'fibre-dominante', orUnknown: true },
      },
      outlet: 'effilochage',
      note: 'Hypothèse : le jean est surtout du coton.',
    },
    {
      id: 'effilochage-laine',
      label: 'Effilochage, laine',
      when: { 'fibre.wool': { atLeast: 'laine-dominante' } },
      outlet: 'effilochage',
    },
    {
      id: 'effilochage-acrylique',
      label: 'Effilochage, acrylique',
      when: { 'fibre.acrylic': { atLeast: 'fibre-dominante' } },
      outlet: 'effilochage',
    },
    {
      id: 'polymere-polyester',
      label: 'Polymère, polyester',
      when: { 'fibre.polyester': { atLeast: 'polymere-pur' } },
      outlet: 'polymere',
    },
    {
      id: 'polymere-polyamide',
      label: 'Polymère, polyamide',
      when: { 'fibre.polyamide': { atLeast: 'polymere-pur' } },
      outlet: 'polymere',
    },
    {
      id: 'polymere-polypropylene',
      label: 'Polymère, polypropylène',
      when: { 'fibre.polypropylene': { atLeast: 'polymere-pur' } },
      outlet: 'polymere',
    },
    {
      id: 'buchettes',
      label: 'Bûchettes, fibres naturelles',
      when: { 'group.natural': { atLeast: 'naturel-buchettes' } },
      outlet: 'buchettes',
      note: 'Fibres naturelles entre elles, sans débouché en effilochage. Reste un déchet : statut à confirmer (DREAL).',
    },
    {
      id: 'reste',
      label: 'Tout le reste',
      when: {},
      outlet: 'csr',
      note: 'Mélanges, et ce que rien ne reconnaît. Les plafonds de mercure, chlore, brome et halogènes se suivent par lot.',
    },
  ],
};
