/** What happened to a thing, in words: one for what it was, and the figures and reasons of the event. */
import type { JournalRow } from '@trame/protocol/material/material-answers';
import { choiceWords, numberWords } from '@trame/protocol/sort-programmes/input-words';
import type { MaterialEventType } from '@trame/protocol/material/material-payloads';
import { formatKg } from '../format/kilograms.ts';
import { t, type MessageKey } from '../messages/translate.ts';
import { DOCUMENT_WORDS, numberOf, REFUSE_WORDS, WEIGH_REASON_WORDS, wordOf } from './material-words.ts';
import { signedKg } from './refusal-figures.ts';

export const JOURNAL_WORDS: Readonly<Record<MaterialEventType, MessageKey>> = {
  'partner.declared': 'journal.partnerDeclared',
  'container.declared': 'journal.containerDeclared',
  'container.placed': 'journal.placed',
  'lot.placed': 'journal.placed',
  'lot.received': 'journal.lotReceived',
  'lot.weighed': 'journal.lotWeighed',
  'lot.dried': 'journal.lotDried',
  'lot.refused': 'journal.lotRefused',
  'lot.returned': 'journal.lotReturned',
  'lot.attributed': 'journal.lotAttributed',
  'lot.split': 'journal.lotSplit',
  'lot.merged': 'journal.lotMerged',
  'lot.voided': 'journal.lotVoided',
  'lot.amended': 'journal.lotAmended',
  'document.attached': 'journal.documentAttached',
  'note.written': 'journal.noteWritten',
  'line.loaded': 'journal.lineLoaded',
  'line.unloaded': 'journal.lineUnloaded',
  'line.emptied': 'journal.lineEmptied',
  'mass.moved': 'journal.massMoved',
  'outlet.audited': 'journal.outletAudited',
  'audit.voided': 'journal.auditVoided',
  'shift.opened': 'journal.shiftOpened',
  'shift.closed': 'journal.shiftClosed',
  'shift.signed': 'journal.shiftSigned',
  'stop.explained': 'journal.stopExplained',
  'programme.saved': 'journal.programmeSaved',
  'programme.stepped': 'journal.programmeStepped',
  'campaign.opened': 'journal.campaignOpened',
  'campaign.closed': 'journal.campaignClosed',
  'month.closed': 'journal.monthClosed',
  'restart.answered': 'journal.restartAnswered',
  'scale.logged': 'journal.scaleLogged',
  'output.started': 'journal.outputStarted',
  'output.pressed': 'journal.outputPressed',
  'output.weighed': 'journal.outputWeighed',
  'output.labelled': 'journal.outputLabelled',
  'output.placed': 'journal.placed',
  'output.reclassified': 'journal.outputReclassified',
  'output.opened': 'journal.outputOpened',
  'output.repressed': 'journal.outputRepressed',
  'output.voided': 'journal.outputVoided',
  'output.examined': 'journal.outputExamined',
  'output.damaged': 'journal.outputDamaged',
  'output.missing': 'journal.outputMissing',
  'output.found': 'journal.outputFound',
  'stock.counted': 'journal.stockCounted',
  'shipment.opened': 'journal.shipmentOpened',
  'shipment.amended': 'journal.shipmentAmended',
  'shipment.loaded': 'journal.shipmentLoaded',
  'shipment.unloaded': 'journal.shipmentUnloaded',
  'shipment.dispatched': 'journal.shipmentDispatched',
  'shipment.cancelled': 'journal.shipmentCancelled',
  'shipment.received': 'journal.shipmentReceived',
  'shipment.returned': 'journal.shipmentReturned',
  'subcontract.returned': 'journal.subcontractReturned',
  'subcontract.finished': 'journal.subcontractFinished',
};

/** Where the reason is one of a few words, and not what somebody wrote. */
const REASON_WORDS: Readonly<Record<string, Readonly<Record<string, MessageKey>>>> = {
  'lot.refused': REFUSE_WORDS,
  'lot.weighed': WEIGH_REASON_WORDS,
};

export interface JournalNames {
  readonly outlet: (id: string) => string;
  readonly zone: (id: string) => string;
}

export interface JournalText {
  readonly what: string;
  /** Empty: nothing more to say. */
  readonly detail: string;
}

export function journalText({ type, payload }: JournalRow, names: JournalNames): JournalText {
  const parts = [
    type.startsWith('shipment.')
      ? text(payload, 'output', (id) => t('journal.output', { number: numberOf(id) }))
      : '',
    ...weightParts(payload),
    ...nameParts(payload, names),
    ...examinedParts(payload),
    text(payload, 'reason', (said) => wordOf(REASON_WORDS[type] ?? {}, said)),
    text(payload, 'note', (said) => said),
    text(payload, 'text', (said) => said),
  ];
  return {
    what: wordOf(JOURNAL_WORDS, type),
    detail: parts.filter((part) => part !== '').join(' · '),
  };
}

/** A net weight stands with its gross; a change only where there was a weight before. */
function weightParts(payload: JournalRow['payload']): string[] {
  const net = grams(payload, 'netGrams') ?? grams(payload, 'grams');
  const change = grams(payload, 'changeGrams');
  const gross = grams(payload, 'grossGrams');
  const parts: string[] = [];
  if (net !== null) parts.push(formatKg(net));
  if (gross !== null) parts.push(t('journal.gross', { weight: formatKg(gross) }));
  if (change !== null && change !== net) parts.push(t('journal.change', { weight: signedKg(change) }));
  for (const [name, key] of FIGURES) {
    const value = grams(payload, name);
    if (value !== null && value !== 0) parts.push(t(key, { weight: formatKg(value) }));
  }
  const difference = grams(payload, 'differenceGrams');
  if (difference !== null) parts.push(t('journal.difference', { weight: signedKg(difference) }));
  return parts;
}

const FIGURES: readonly (readonly [string, MessageKey])[] = [
  ['waterGrams', 'journal.water'],
  ['lostGrams', 'journal.lost'],
  ['checkGrams', 'journal.check'],
  ['clientGrams', 'journal.client'],
  ['bookedGrams', 'journal.booked'],
  ['remainingGrams', 'journal.remaining'],
];

function nameParts(payload: JournalRow['payload'], names: JournalNames): string[] {
  const from = payload['from'];
  const outlet = text(payload, 'outlet', names.outlet);
  // Of another outlet: from the one to the other.
  const isOutletChange = typeof from === 'string' && !from.includes(':') && outlet !== '';
  const attachment = payload['attachment'];
  return [
    isOutletChange ? t('journal.fromTo', { from: names.outlet(from), to: outlet }) : outlet,
    text(payload, 'zone', names.zone),
    text(payload, 'code', (code) => code),
    text(payload, 'vehicle', (vehicle) => vehicle),
    attachmentPart(attachment),
  ];
}

/** What was measured of an output, and its condition. */
function examinedParts(payload: JournalRow['payload']): string[] {
  const moisture = payload['moisturePercent'];
  return [
    typeof moisture === 'number' ? t('journal.moisture', { figure: numberWords(moisture) }) : '',
    text(payload, 'grade', (grade) => t('journal.grade', { grade: choiceWords('grade', grade) })),
  ];
}

function attachmentPart(attachment: unknown): string {
  if (typeof attachment !== 'object' || attachment === null) return '';
  const { kind } = attachment as { readonly kind?: unknown };
  return typeof kind === 'string' ? wordOf(DOCUMENT_WORDS, kind) : '';
}

function grams(payload: JournalRow['payload'], name: string): number | null {
  const value = payload[name];
  return typeof value === 'number' ? value : null;
}

function text(payload: JournalRow['payload'], name: string, say: (said: string) => string): string {
  const value = payload[name];
  return typeof value === 'string' && value !== '' ? say(value) : '';
}
