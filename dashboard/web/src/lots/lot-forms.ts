/** The acts about a lot; which of them can be depends on its state. */
import type { LotRow, PartnerRow } from '@trame/protocol/material/material-answers';
import { given, type ActForm } from '../material/act-form.ts';
import type { Choice, Field } from '../material/form-fields.ts';
import { choicesOf, REFUSE_WORDS } from '../material/material-words.ts';
import { gramsOf } from '../material/typed-figures.ts';
import { formatKg } from '../format/kilograms.ts';
import { t } from '../messages/translate.ts';

export const LOT_ACTS = ['weigh', 'refuse', 'attribute', 'split', 'dry', 'return', 'attach'] as const;
export type LotAct = (typeof LOT_ACTS)[number];
/** Parts that one split makes. */
const PARTS_MAX = 20;

/** @returns what can be done with it now, what it waits for first. */
export function actsOfLot(lot: Pick<LotRow, 'status' | 'kind' | 'waitingGrams' | 'receivedGrams'>): LotAct[] {
  const { status, waitingGrams } = lot;
  const isOwn = lot.kind === 'received';
  const weigh: LotAct[] = isOwn && status !== 'merged' ? ['weigh'] : [];
  const attribute: LotAct[] = isOwn ? ['attribute'] : [];
  if (status === 'waiting-weight') return [...weigh, 'refuse', ...attribute, 'attach'];
  if (waitingGrams === 0) return [...weigh, ...attribute, 'attach'];
  return [...weigh, 'refuse', ...attribute, 'split', 'dry', 'return', 'attach'];
}

export interface LotChoices {
  readonly partners: readonly PartnerRow[];
  /** Where something of it lies: `lot:…`, `container:…`. */
  readonly places: readonly Choice[];
}

/** @param weightEvent of the weight that holds now; null: its weight is still to come. */
export function lotForm(act: LotAct, lot: LotRow, choices: LotChoices, weightEvent: string | null): ActForm {
  const { number } = lot;
  const path = `/lots/${encodeURIComponent(lot.id)}`;
  const there = waitingText(lot);
  switch (act) {
    case 'weigh':
      return weighForm(lot, path, weightEvent);
    case 'refuse':
      return refuseForm(lot, path);
    case 'attribute':
      return attributeForm(lot, path, choices.partners);
    case 'split':
      return {
        title: t('lots.actSplit', { number }),
        lead: `${t('lots.leadSplit')} ${there}`,
        submit: t('lots.doSplit'),
        fields: [
          {
            kind: 'text',
            name: 'parts',
            label: t('lots.parts'),
            max: 200,
            required: true,
            hint: t('lots.partsHint'),
            isSound: (text) => partsOf(text) !== null,
          },
        ],
        path: `${path}/split`,
        body: (values) => ({ grams: partsOf(values.needText('parts')) ?? [] }),
      };
    case 'dry':
      return {
        title: t('lots.actDry', { number }),
        lead: `${t('lots.leadDry')} ${there}`,
        submit: t('lots.doDry'),
        fields: [
          { kind: 'choice', name: 'from', label: t('lots.where'), options: choices.places },
          {
            kind: 'weight',
            name: 'weight',
            label: t('lots.dryWeight'),
            ways: ['scale', 'typed'],
            tare: true,
            required: true,
          },
        ],
        path: `${path}/dry`,
        body: (values) => ({ ...given('from', values.text('from')), weight: values.needWeight('weight') }),
      };
    case 'return':
      return returnForm(lot, path, choices);
    case 'attach':
      return attachForm(t('lots.actAttach', { number }), `lot:${lot.id}`);
  }
}

function refuseForm(lot: LotRow, path: string): ActForm {
  return {
    title: t('lots.actRefuse', { number: lot.number }),
    lead: waitingText(lot),
    submit: t('lots.doRefuse'),
    fields: [
      {
        kind: 'choice',
        name: 'reason',
        label: t('matter.reason'),
        options: choicesOf(REFUSE_WORDS),
        required: true,
      },
      { kind: 'kg', name: 'grams', label: t('lots.howMuch'), hint: t('lots.allOfIt') },
      note(),
      { kind: 'files', name: 'photos', label: t('matter.docPhoto'), fileKind: 'photo' },
    ],
    path: `${path}/refuse`,
    body: (values) => ({
      reason: values.needText('reason'),
      ...given('grams', values.number('grams')),
      ...given('note', values.text('note')),
    }),
    files: 'photos',
  };
}

function returnForm(lot: LotRow, path: string, choices: LotChoices): ActForm {
  return {
    title: t('lots.actReturn', { number: lot.number }),
    lead: waitingText(lot),
    submit: t('lots.doReturn'),
    fields: [
      {
        kind: 'choice',
        name: 'to',
        label: t('lots.returnTo'),
        options: collectors(choices.partners),
        hint: t('lots.returnHint'),
      },
      { kind: 'kg', name: 'grams', label: t('lots.howMuch'), hint: t('lots.allOfIt') },
      note(),
    ],
    path: `${path}/return`,
    body: (values) => ({
      ...given('to', values.text('to')),
      ...given('grams', values.number('grams')),
      ...given('note', values.text('note')),
    }),
  };
}

function waitingText({ waitingGrams }: LotRow): string {
  return t('lots.waitingNow', { weight: formatKg(waitingGrams) });
}

/** One document about a thing that is an account. */
export function attachForm(title: string, about: string): ActForm {
  return {
    title,
    submit: t('matter.doAttach'),
    fields: [
      {
        kind: 'files',
        name: 'files',
        label: t('matter.file'),
        fileKind: 'other',
        required: true,
        hint: t('matter.oneFile'),
      },
    ],
    path: '/attachments',
    // The outbox puts the document in once the server has it.
    body: () => ({ about, attachment: null }),
    files: 'files',
  };
}

/** @returns grams of each part of `120; 80,5`; null when one of them is no weight. */
export function partsOf(text: string): number[] | null {
  const parts = text
    .split(/[;+\n]/u)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(gramsOf);
  const isSound =
    parts.length >= 1 && parts.length <= PARTS_MAX && parts.every((grams) => grams !== null && grams > 0);
  return isSound ? parts.filter((grams) => grams !== null) : null;
}

function weighForm(lot: LotRow, path: string, weightEvent: string | null): ActForm {
  const isLate = lot.receivedGrams === null || weightEvent === null;
  return {
    title: isLate ? t('lots.actWeigh', { number: lot.number }) : t('lots.actCorrect', { number: lot.number }),
    lead: isLate ? t('lots.leadWeigh') : t('lots.leadCorrect'),
    submit: t('lots.doWeigh'),
    fields: [
      {
        kind: 'weight',
        name: 'weight',
        label: t('lots.wholeWeight'),
        ways: ['weighbridge', 'scale', 'typed', 'estimated'],
        tare: true,
        required: true,
        hint: t('lots.wholeHint'),
      },
    ],
    path: `${path}/weigh`,
    body: (values) => ({
      weight: values.needWeight('weight'),
      ...(isLate ? {} : { corrects: weightEvent }),
    }),
  };
}

function attributeForm(lot: LotRow, path: string, partners: readonly PartnerRow[]): ActForm {
  return {
    title: t('lots.actAttribute', { number: lot.number }),
    lead: t('lots.leadAttribute'),
    submit: t('lots.doAttribute'),
    fields: [
      {
        kind: 'choice',
        name: 'collector',
        label: t('matter.roleCollector'),
        options: collectors(partners),
        required: true,
      },
      note(),
    ],
    path: `${path}/attribute`,
    body: (values) => ({ collector: values.needText('collector'), ...given('note', values.text('note')) }),
  };
}

export function mergeForm(options: readonly Choice[]): ActForm {
  return {
    title: t('lots.actMerge'),
    lead: t('lots.leadMerge'),
    submit: t('lots.doMerge'),
    fields: [{ kind: 'picks', name: 'lots', label: t('lots.title'), options, required: true, atLeast: 2 }],
    path: '/lots/merge',
    body: (values) => ({ lots: values.picks('lots') }),
  };
}

function collectors(partners: readonly PartnerRow[]): Choice[] {
  return partners
    .filter(({ role, retired }) => role === 'collector' && !retired)
    .map(({ id, name }) => ({ value: id, label: name }));
}

function note(): Field {
  return { kind: 'text', name: 'note', label: t('matter.note'), max: 500, hint: t('matter.noNames') };
}
