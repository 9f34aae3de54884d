/** The acts about one output, as a supervisor does them; which of them can be depends on its state. */
import type { BaleRow } from '@trame/protocol/material/material-answers';
import { t } from '../messages/translate.ts';
import { given, type ActForm } from '../material/act-form.ts';
import type { Choice, Field } from '../material/form-fields.ts';
import { kgText } from '../material/typed-figures.ts';

export const BALE_ACTS = [
  'weigh',
  'correct',
  'label',
  'place',
  'reclassify',
  'open',
  'damage',
  'missing',
  'found',
  'void',
] as const;
export type BaleAct = (typeof BALE_ACTS)[number];

const STANDING = new Set(['started', 'pressed', 'to-weigh', 'stock']);

/** @returns what can be done with it now, the usual first. */
export function actsOfBale({ status, netGrams }: Pick<BaleRow, 'status' | 'netGrams'>): BaleAct[] {
  if (status === 'missing') return ['found'];
  if (!STANDING.has(status)) return status === 'shipped' && netGrams !== null ? ['correct'] : [];
  if (status === 'started') return ['weigh', 'void'];
  const weighed: BaleAct[] = netGrams === null ? ['weigh'] : ['weigh', 'correct'];
  const held: BaleAct[] = netGrams === null ? [] : ['open', 'damage'];
  return [...weighed, 'label', 'place', 'reclassify', ...held, 'missing', 'void'];
}

export interface BaleChoices {
  readonly outlets: readonly Choice[];
  readonly zones: readonly Choice[];
  readonly printers: readonly Choice[];
}

/** @param weighEvent of the weighing that holds now; null: none. */
export function baleForm(
  act: BaleAct,
  bale: BaleRow,
  choices: BaleChoices,
  weighEvent: string | null,
): ActForm {
  const { number } = bale;
  const path = `/bales/${encodeURIComponent(bale.id)}`;
  switch (act) {
    case 'weigh':
    case 'correct':
      return weighForm(act, bale, weighEvent);
    case 'label':
      return labelForm(bale, choices.printers);
    case 'place':
      return {
        title: t('stock.actPlace', { number }),
        submit: t('stock.doPlace'),
        fields: [
          { kind: 'choice', name: 'zone', label: t('stock.zone'), options: choices.zones, required: true },
        ],
        path: `${path}/place`,
        body: (values) => ({ zone: values.needText('zone') }),
      };
    case 'reclassify':
      return {
        title: t('stock.actReclassify', { number }),
        lead: t('stock.leadReclassify'),
        submit: t('stock.doReclassify'),
        fields: [
          {
            kind: 'choice',
            name: 'outlet',
            label: t('stock.newOutlet'),
            options: choices.outlets.filter(({ value }) => value !== bale.outlet),
            required: true,
          },
          reason(),
        ],
        path: `${path}/reclassify`,
        body: (values) => ({ outlet: values.needText('outlet'), ...given('reason', values.text('reason')) }),
      };
    case 'found':
      return {
        title: t('stock.actFound', { number }),
        submit: t('stock.doFound'),
        fields: [{ kind: 'choice', name: 'zone', label: t('stock.zone'), options: choices.zones }],
        path: `${path}/found`,
        body: (values) => given('zone', values.text('zone')),
      };
    case 'damage':
      return {
        title: t('stock.actDamage', { number }),
        lead: t('stock.leadDamage'),
        submit: t('stock.doDamage'),
        fields: [
          { kind: 'kg', name: 'lost', label: t('stock.lost'), zero: true, hint: t('stock.lostHint') },
          reason(true),
          { kind: 'files', name: 'photos', label: t('matter.docPhoto'), fileKind: 'photo' },
        ],
        path: `${path}/damage`,
        body: (values) => ({
          ...given('lostGrams', values.number('lost')),
          reason: values.needText('reason'),
        }),
        files: 'photos',
      };
    case 'open':
    case 'missing':
    case 'void':
      return reasonForm(act, bale, path);
  }
}

function reason(required = false): Field {
  return {
    kind: 'text',
    name: 'reason',
    label: t('matter.reason'),
    max: 500,
    required,
    hint: t('matter.noNames'),
  };
}

function reasonForm(act: 'open' | 'missing' | 'void', { number }: BaleRow, path: string): ActForm {
  const words = {
    open: [t('stock.actOpen', { number }), t('stock.leadOpen'), t('stock.doOpen')],
    missing: [t('stock.actMissing', { number }), t('stock.leadMissing'), t('stock.doMissing')],
    void: [t('stock.actVoid', { number }), t('stock.leadVoid'), t('stock.doVoid')],
  } as const;
  const [title, lead, submit] = words[act];
  return {
    title,
    lead,
    submit,
    fields: [reason(true)],
    path: `${path}/${act}`,
    body: (values) => ({ reason: values.needText('reason') }),
  };
}

function weighForm(act: 'weigh' | 'correct', bale: BaleRow, weighEvent: string | null): ActForm {
  const { number } = bale;
  const isFirst = bale.netGrams === null;
  const isCorrection = act === 'correct' && weighEvent !== null;
  return {
    title: isCorrection
      ? t('stock.actCorrect', { number })
      : isFirst
        ? t('stock.actWeigh', { number })
        : t('stock.actWeighAgain', { number }),
    lead: isCorrection ? t('stock.leadCorrect') : isFirst ? t('stock.leadWeigh') : t('stock.leadWeighAgain'),
    submit: t('stock.doWeigh'),
    fields: [
      {
        kind: 'weight',
        name: 'weight',
        label: t('stock.grossOnScale'),
        ways: ['scale', 'typed'],
        tare: true,
        required: true,
        hint: t('stock.tareHint'),
      },
      {
        kind: 'kg',
        name: 'packaging',
        label: t('stock.packaging'),
        zero: true,
        hint: t('stock.packagingHint'),
        ...(bale.packagingGrams === null ? {} : { initial: kgText(bale.packagingGrams) }),
      },
      { kind: 'flag', name: 'unusual', label: t('stock.unusualYes') },
    ],
    path: `/bales/${encodeURIComponent(bale.id)}/weigh`,
    body: (values) => ({
      weight: values.needWeight('weight'),
      ...given('packagingGrams', values.number('packaging')),
      ...(values.flag('unusual') ? { unusual: true } : {}),
      ...(isCorrection ? { corrects: weighEvent } : {}),
    }),
  };
}

function labelForm({ id, number }: BaleRow, printers: readonly Choice[]): ActForm {
  return {
    title: t('stock.actLabel', { number }),
    lead: t('stock.leadLabel'),
    submit: t('stock.doLabel'),
    fields: [
      ...(printers.length === 0
        ? []
        : [
            {
              kind: 'choice',
              name: 'printer',
              label: t('stock.printer'),
              options: printers,
              ...(printers[0] === undefined ? {} : { initial: printers[0].value }),
            } as const,
          ]),
      { kind: 'text', name: 'code', label: t('stock.bindCode'), max: 200, hint: t('stock.bindHint') },
    ],
    path: `/bales/${encodeURIComponent(id)}/label`,
    body: (values) => {
      const code = values.text('code');
      if (code !== null) return { code };
      return printers.length === 0 ? {} : given('printer', values.text('printer'));
    },
  };
}
