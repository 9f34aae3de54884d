/** A sort programme to start from: a line with an infrared station and eight bins, after a first sorting by hand. */
import type { SortProgramme } from '../sort-programme.ts';
import { CSR_CEILINGS } from './csr-ceilings.ts';

/** One error of the reading: about one piece in six whose share lies just at a limit is then led wrongly, not one in two. */
const GUARD = 1;

export const AUTOMATIC_LINE_PROGRAMME: SortProgramme = {
  format: 'trame-sort-programme',
  id: 'ligne-automatique',
  version: 1,
  label: 'Ligne automatique (exemple)',
  note: "Exemple à copier et à adapter avec vos preneurs : les seuils marqués « hypothèse » ne viennent d'aucun cahier des charges. Ce qu'une personne a vu passe avant le spectre ; ce qui reste douteux va au tri manuel. La bande de garde (une erreur de lecture, de 2 à 10 points) a un prix : sur la ligne de démonstration, 3 pièces d’un synthétique sur 100 vont au CSR, qui seraient passées sans elle. Le trieur n’a pas de bac d’élimination : ce qui y va tombe au tri manuel, où une personne l’écarte.",
  example: true,
  thresholds: {
    humide: {
      value: 15,
      source:
        'Hypothèse : le double de l’eau que le coton tient à l’air (8,5 % du sec, Règl. (UE) 1007/2011 annexe IX) ; au-delà, moisissure en balle.',
    },
    'fibre-dominante': {
      value: 80,
      source: 'Hypothèse : teneur que les effilocheurs demandent souvent ; à fixer avec le preneur.',
    },
    'laine-dominante': {
      of: 'fibre-dominante',
      plus: -10,
      source: 'Hypothèse : la laine se paie aussi un peu mélangée ; à fixer avec le preneur.',
    },
    'polymere-pur': {
      value: 85,
      source:
        'Hypothèse : le recyclage en polymère supporte mal un second polymère. La bande de garde s’y ajoute : à 3 points d’erreur de lecture il faut lire 88 % ; à fixer avec le preneur.',
    },
    'lin-dominant': {
      value: 70,
      source: 'Hypothèse : part de lin utile à un composite ; à fixer avec le preneur.',
    },
    'naturel-buchettes': {
      value: 95,
      source:
        'Bûchettes de fibres naturelles seulement (dossier fondateur) ; la part admise d’autres fibres est une hypothèse.',
    },
    'essuyage-cellulose': {
      value: 70,
      source: 'Hypothèse : un chiffon doit boire ; à fixer avec le preneur.',
    },
    connu: { value: 0, source: 'Pas une limite : demande seulement que la composition soit connue.' },
    'pvc-visible': {
      value: 15,
      source:
        'Calcul : 15 000 mg de chlore par kg (arrêté du 23/05/2016) est 2,6 % de PVC (57 % de chlore) dans le lot ; par pièce, hypothèse.',
    },
  },
  ceilings: CSR_CEILINGS,
  rules: [
    {
      id: 'dechet',
      label: 'Déchet',
      when: { grade: { in: ['waste'] } },
      outlet: 'elimination',
    },
    {
      id: 'souille',
      label: 'Souillé',
      when: { disruptors: { anyOf: ['soiled'] } },
      outlet: 'elimination',
    },
    {
      id: 'mouille',
      label: 'Mouillé',
      when: { disruptors: { anyOf: ['wet'] } },
      outlet: 'manuel',
      note: 'À sécher avant tout tri.',
    },
    {
      id: 'trop-humide',
      label: 'Trop humide',
      when: { moisture: { atLeast: 'humide' } },
      outlet: 'manuel',
      note: 'À sécher avant tout tri.',
    },
    { id: 'creme', label: 'Crème', when: { grade: { in: ['creme'] } }, outlet: 'creme' },
    {
      id: 'reemploi',
      label: 'Réemploi, 1er à 3e choix',
      when: { grade: { in: ['first', 'second', 'third'] } },
      outlet: 'reemploi',
    },
    {
      id: 'pvc',
      label: 'PVC',
      when: { 'fibre.polyvinyl-chloride': { atLeast: 'pvc-visible' } },
      outlet: 'elimination',
      note: 'Chlore : ni CSR, ni bûchettes.',
    },
    {
      id: 'chaussures-et-hors-textile',
      label: 'Chaussures, maroquinerie, hors TLC',
      when: { family: { in: ['shoes', 'leather', 'non-tlc'] } },
      outlet: 'manuel',
    },
    {
      id: 'essuyage',
      label: 'Essuyage, absorbant',
      when: {
        grade: { in: ['wiper'] },
        'group.cellulosics': { atLeast: 'essuyage-cellulose', guard: GUARD, orUnknown: true },
        disruptors: { noneOf: ['coating', 'sequins', 'metal', 'zip', 'padding'], orUnknown: true },
      },
      outlet: 'essuyage',
      note: 'La personne a jugé ; un spectre qui dit autre chose renvoie la pièce aux règles de matière.',
    },
    {
      id: 'points-durs',
      label: 'Points durs et multicouches',
      when: {
        disruptors: { anyOf: ['metal', 'zip', 'sequins', 'padding', 'lining', 'multilayer', 'coating'] },
      },
      outlet: 'manuel',
      note: 'Le spectre ne voit que la couche du dessus ; un point dur casse les cardes.',
    },
    {
      id: 'illisible',
      label: 'Pas lu, illisible ou transparent',
      when: { reading: { in: ['none', 'unreadable', 'see-through'] } },
      outlet: 'manuel',
    },
    {
      id: 'lin-composite',
      label: 'Lin pour composite',
      when: { 'fibre.flax': { atLeast: 'lin-dominant', guard: GUARD } },
      outlet: 'manuel',
      note: 'À mettre à part à la main : cette ligne n’a pas de bac pour lui. Un spectre de 900 à 1 700 nm ne sépare pas le lin du coton ; il faut un modèle qui le sait, ou une étiquette.',
    },
    {
      id: 'effilochage-coton-clair',
      label: 'Effilochage, coton clair',
      when: {
        'group.cellulosics': { atLeast: 'fibre-dominante', guard: GUARD },
        colour: { in: ['white', 'light'] },
      },
      outlet: 'effilochage',
    },
    {
      id: 'effilochage-coton',
      label: 'Effilochage, coton',
      when: { 'group.cellulosics': { atLeast: 'fibre-dominante', guard: GUARD } },
      outlet: 'effilochage',
      note: 'Coton, viscose et autres celluloses, de couleur foncée, mêlée ou non connue.',
    },
    {
      id: 'effilochage-laine',
      label: 'Effilochage, laine',
      when: { 'fibre.wool': { atLeast: 'laine-dominante', guard: GUARD } },
      outlet: 'effilochage',
    },
    {
      id: 'effilochage-acrylique',
      label: 'Effilochage, acrylique',
      when: { 'fibre.acrylic': { atLeast: 'fibre-dominante', guard: GUARD } },
      outlet: 'effilochage',
    },
    {
      id: 'polymere-polyester',
      label: 'Polymère, polyester',
      when: { 'fibre.polyester': { atLeast: 'polymere-pur', guard: GUARD } },
      outlet: 'polymere',
    },
    {
      id: 'polymere-polyamide',
      label: 'Polymère, polyamide',
      when: { 'fibre.polyamide': { atLeast: 'polymere-pur', guard: GUARD } },
      outlet: 'polymere',
    },
    {
      id: 'polymere-polypropylene',
      label: 'Polymère, polypropylène',
      when: { 'fibre.polypropylene': { atLeast: 'polymere-pur', guard: GUARD } },
      outlet: 'polymere',
    },
    {
      id: 'buchettes',
      label: 'Bûchettes, fibres naturelles',
      when: { 'group.natural': { atLeast: 'naturel-buchettes', guard: GUARD } },
      outlet: 'buchettes',
      note: 'Fibres naturelles entre elles (coton et laine), sans débouché en effilochage : rares, et aucune dans la matière de la démonstration. Reste un déchet : statut à confirmer (DREAL).',
    },
    {
      id: 'csr',
      label: 'CSR, autres fibres lues',
      when: { reading: { in: ['pure', 'blend'] }, 'group.synthetic': { atLeast: 'connu' } },
      outlet: 'csr',
      note: 'Les plafonds de mercure, chlore, brome et halogènes se suivent par lot, par analyse.',
    },
    {
      id: 'reste',
      label: 'Tout le reste',
      when: {},
      outlet: 'manuel',
      note: 'Ce que rien ne reconnaît : une personne décide.',
    },
  ],
};
