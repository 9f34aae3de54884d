/** A sort programme to start from: tables with a place of its own for every outlet of the trade. */
import type { SortProgramme } from '../sort-programme.ts';
import { CSR_CEILINGS } from './csr-ceilings.ts';

export const EVERY_OUTLET_PROGRAMME: SortProgramme = {
  format: 'trame-sort-programme',
  id: 'tous-debouches',
  version: 1,
  label: 'Tous les débouchés (exemple)',
  note: "Exemple à copier et à élaguer : une place pour chaque débouché connu de la filière. Retirez ceux que vous n'avez pas ; ce qu'ils prenaient va aux règles suivantes.",
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
    { id: 'souille', label: 'Souillé', when: { disruptors: { anyOf: ['soiled'] } }, outlet: 'elimination' },
    {
      id: 'mouille',
      label: 'Mouillé',
      when: { disruptors: { anyOf: ['wet'] } },
      outlet: 'sechage',
      note: 'À remettre sur la table une fois sec.',
    },
    { id: 'creme', label: 'Crème', when: { grade: { in: ['creme'] } }, outlet: 'creme' },
    {
      id: 'chaussures-reemploi',
      label: 'Chaussures portables',
      when: { family: { in: ['shoes'] }, grade: { in: ['first', 'second', 'third'] } },
      outlet: 'reemploi-chaussures',
      note: 'Par paires.',
    },
    {
      id: 'premier-choix',
      label: 'Réemploi, 1er choix',
      when: { grade: { in: ['first'] } },
      outlet: 'reemploi-boutique',
    },
    {
      id: 'deuxieme-choix',
      label: 'Réemploi, 2e choix',
      when: { grade: { in: ['second'] } },
      outlet: 'reemploi-ressourcerie',
    },
    {
      id: 'troisieme-choix',
      label: 'Réemploi, 3e choix',
      when: { grade: { in: ['third'] } },
      outlet: 'reemploi-export',
    },
    { id: 'hors-tlc', label: 'Hors TLC', when: { family: { in: ['non-tlc'] } }, outlet: 'elimination' },
    {
      id: 'enduit',
      label: 'Enduit',
      when: { disruptors: { anyOf: ['coating'] } },
      outlet: 'elimination',
      note: 'Souvent du PVC : son chlore n’a de place ni en CSR ni en bûchettes.',
    },
    {
      id: 'pvc',
      label: 'PVC',
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
      id: 'essuyage-blanc',
      label: 'Essuyage blanc',
      when: {
        grade: { in: ['wiper'] },
        colour: { in: ['white'] },
        'group.cellulosics': { atLeast: 'essuyage-cellulose', orUnknown: true },
        disruptors: { noneOf: ['sequins', 'metal', 'zip', 'padding', 'print'], orUnknown: true },
      },
      outlet: 'essuyage-blanc',
    },
    {
      id: 'essuyage-couleur',
      label: 'Essuyage couleur',
      when: {
        grade: { in: ['wiper'] },
        'group.cellulosics': { atLeast: 'essuyage-cellulose', orUnknown: true },
        disruptors: { noneOf: ['sequins', 'metal', 'zip', 'padding'], orUnknown: true },
      },
      outlet: 'essuyage-couleur',
    },
    {
      id: 'points-durs',
      label: 'Points durs et multicouches',
      when: { disruptors: { anyOf: ['metal', 'zip', 'sequins', 'padding', 'lining', 'multilayer'] } },
      outlet: 'csr',
      note: 'Là où l’on coupe les points durs (délissage), menez cette règle à la table qui le fait.',
    },
    {
      id: 'lin-composite',
      label: 'Lin pour composite',
      when: { 'fibre.flax': { atLeast: 'lin-dominant' } },
      outlet: 'composite-lin',
    },
    {
      id: 'jean',
      label: 'Effilochage, jean',
      when: {
        category: { in: ['denim'] },
        'group.cellulosics': { atLeast: 'fibre-dominante', orUnknown: true },
      },
      outlet: 'effilochage-jean',
      note: 'Hypothèse : un jean sans étiquette est surtout du coton.',
    },
    {
      id: 'coton-clair',
      label: 'Effilochage, coton clair',
      when: { 'group.cellulosics': { atLeast: 'fibre-dominante' }, colour: { in: ['white', 'light'] } },
      outlet: 'effilochage-coton-clair',
    },
    {
      id: 'coton-couleur',
      label: 'Effilochage, coton de couleur',
      when: { 'group.cellulosics': { atLeast: 'fibre-dominante' } },
      outlet: 'effilochage-coton-couleur',
    },
    {
      id: 'laine',
      label: 'Effilochage, laine',
      when: { 'fibre.wool': { atLeast: 'laine-dominante' } },
      outlet: 'effilochage-laine',
    },
    {
      id: 'acrylique',
      label: 'Effilochage, acrylique',
      when: { 'fibre.acrylic': { atLeast: 'fibre-dominante' } },
      outlet: 'effilochage-acrylique',
    },
    {
      id: 'polyester',
      label: 'Polymère, polyester',
      when: { 'fibre.polyester': { atLeast: 'polymere-pur' } },
      outlet: 'polymere-polyester',
    },
    {
      id: 'polyamide',
      label: 'Polymère, polyamide',
      when: { 'fibre.polyamide': { atLeast: 'polymere-pur' } },
      outlet: 'polymere-polyamide',
    },
    {
      id: 'polypropylene',
      label: 'Polymère, polypropylène',
      when: { 'fibre.polypropylene': { atLeast: 'polymere-pur' } },
      outlet: 'polymere-polypropylene',
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
