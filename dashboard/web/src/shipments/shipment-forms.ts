/** The acts about a shipment. */
import { OPERATIONS, WASTE_CODES } from '@trame/protocol/material/material-names';
import type { BaleRow, PartnerRow, ShipmentAnswer } from '@trame/protocol/material/material-answers';
import { given, type ActForm } from '../material/act-form.ts';
import type { Choice, Field } from '../material/form-fields.ts';
import { t } from '../messages/translate.ts';

/** Which parties a shipment goes to decides its purpose. */
const PURPOSE_OF: Readonly<Record<string, 'delivery' | 'subcontract'>> = {
  client: 'delivery',
  subcontractor: 'subcontract',
};

export function openShipmentForm(partners: readonly PartnerRow[]): ActForm {
  const used = partners.filter(({ retired }) => !retired);
  const receivers = used.filter(({ role }) => Object.hasOwn(PURPOSE_OF, role));
  const transporters = used.filter(({ role }) => role === 'transporter');
  return {
    title: t('shipments.actOpen'),
    submit: t('shipments.doOpen'),
    fields: [
      {
        kind: 'choice',
        name: 'partner',
        label: t('shipments.partner'),
        required: true,
        options: receivers.map((partner) => ({
          value: partner.id,
          label:
            partner.role === 'client' ? partner.name : t('shipments.subcontractorOf', { name: partner.name }),
        })),
        ...(receivers.length === 0 ? { hint: t('shipments.noPartners') } : {}),
      },
      { kind: 'text', name: 'vehicle', label: t('shipments.vehicle'), max: 60 },
      {
        kind: 'choice',
        name: 'transporter',
        label: t('matter.roleTransporter'),
        options: transporters.map(({ id, name }) => ({ value: id, label: name })),
      },
      { kind: 'choice', name: 'operation', label: t('shipments.operation'), options: plain(OPERATIONS) },
      { kind: 'choice', name: 'wasteCode', label: t('shipments.wasteCode'), options: plain(WASTE_CODES) },
      note(),
    ],
    path: '/shipments',
    body: (values) => {
      const partner = values.needText('partner');
      const role = receivers.find(({ id }) => id === partner)?.role ?? 'client';
      return {
        partner,
        purpose: PURPOSE_OF[role] ?? 'delivery',
        ...given('vehicle', values.text('vehicle')),
        ...given('transporter', values.text('transporter')),
        ...given('operation', values.text('operation')),
        ...given('wasteCode', values.text('wasteCode')),
        ...given('note', values.text('note')),
      };
    },
  };
}

export const SHIPMENT_ACTS = ['dispatch', 'cancel', 'receive', 'return', 'bring-back', 'finish'] as const;
export type ShipmentAct = (typeof SHIPMENT_ACTS)[number];

/** @returns what can be done with it now, besides loading. */
export function actsOfShipment({
  shipment,
  bales,
}: Pick<ShipmentAnswer, 'shipment' | 'bales'>): ShipmentAct[] {
  if (shipment.status === 'open') return bales.length > 0 ? ['dispatch', 'cancel'] : ['cancel'];
  if (shipment.status !== 'dispatched' && shipment.status !== 'received') return [];
  const away = awayOf(bales).length > 0;
  const acts: ShipmentAct[] = shipment.purpose === 'delivery' ? ['receive'] : ['bring-back', 'finish'];
  return away ? [...acts, 'return'] : acts;
}

/** What is still with the partner. */
export function awayOf(bales: ShipmentAnswer['bales']): BaleRow[] {
  return bales.filter(({ state }) => state === 'dispatched' || state === 'refused').map(({ bale }) => bale);
}

export interface ShipmentChoices {
  readonly zones: readonly Choice[];
  readonly outlets: readonly Choice[];
  /** Words for an output in a list. */
  readonly bale: (bale: BaleRow) => string;
}

export function shipmentForm(act: ShipmentAct, answer: ShipmentAnswer, choices: ShipmentChoices): ActForm {
  const { shipment, bales } = answer;
  const { number } = shipment;
  const path = `/shipments/${encodeURIComponent(shipment.id)}`;
  const away = awayOf(bales).map((bale) => ({ value: bale.id, label: choices.bale(bale) }));
  switch (act) {
    case 'dispatch':
      return dispatchForm(answer, path);
    case 'cancel':
      return {
        title: t('shipments.actCancel', { number }),
        lead: t('shipments.leadCancel'),
        submit: t('shipments.doCancel'),
        fields: [reason(true)],
        path: `${path}/cancel`,
        body: (values) => ({ reason: values.needText('reason') }),
      };
    case 'receive':
      return {
        title: t('shipments.actReceive', { number }),
        lead: t('shipments.leadReceive'),
        submit: t('shipments.doReceive'),
        fields: [
          { kind: 'kg', name: 'client', label: t('shipments.clientWeight') },
          {
            kind: 'picks',
            name: 'refused',
            label: t('shipments.refusedBales'),
            options: away,
            initial: bales.filter(({ state }) => state === 'refused').map(({ bale }) => bale.id),
          },
          reason(),
          { kind: 'files', name: 'files', label: t('matter.docWeighbridge'), fileKind: 'weighbridge-ticket' },
        ],
        path: `${path}/receive`,
        body: (values) => ({
          ...given('clientGrams', values.number('client')),
          refused: values.picks('refused'),
          ...given('reason', values.text('reason')),
        }),
        files: 'files',
      };
    case 'return':
      return returnForm(answer, path, away, choices);
    case 'finish':
      return {
        title: t('shipments.actFinish', { number }),
        lead: t('shipments.leadFinish'),
        submit: t('shipments.doFinish'),
        fields: [note()],
        path: `${path}/finish`,
        body: (values) => given('note', values.text('note')),
      };
    case 'bring-back':
      return {
        title: t('shipments.actBringBack', { number }),
        lead: t('shipments.leadBringBack'),
        submit: t('shipments.doBringBack'),
        fields: [
          {
            kind: 'weight',
            name: 'weight',
            label: t('matter.weight'),
            ways: ['scale', 'typed', 'weighbridge'],
            tare: true,
            required: true,
          },
          { kind: 'choice', name: 'outlet', label: t('shipments.isNow'), options: choices.outlets },
          { kind: 'choice', name: 'zone', label: t('stock.zone'), options: choices.zones },
        ],
        path: `${path}/bring-back`,
        body: (values) => ({
          weight: values.needWeight('weight'),
          ...given('outlet', values.text('outlet')),
          ...given('zone', values.text('zone')),
        }),
      };
  }
}

function returnForm(
  { shipment, bales }: ShipmentAnswer,
  path: string,
  away: readonly Choice[],
  choices: ShipmentChoices,
): ActForm {
  return {
    title: t('shipments.actReturn', { number: shipment.number }),
    lead: t('shipments.leadReturn'),
    submit: t('shipments.doReturn'),
    fields: [
      {
        kind: 'picks',
        name: 'bales',
        label: t('shipments.returnedBales'),
        options: away,
        required: true,
        initial: bales.filter(({ state }) => state === 'refused').map(({ bale }) => bale.id),
      },
      { kind: 'choice', name: 'zone', label: t('stock.zone'), options: choices.zones },
      reason(),
    ],
    path: `${path}/return`,
    body: (values) => ({
      bales: values.picks('bales'),
      ...given('zone', values.text('zone')),
      ...given('reason', values.text('reason')),
    }),
  };
}

function dispatchForm({ shipment }: ShipmentAnswer, path: string): ActForm {
  return {
    title: t('shipments.actDispatch', { number: shipment.number }),
    lead: t('shipments.leadDispatch'),
    submit: t('shipments.doDispatch'),
    fields: [
      {
        kind: 'text',
        name: 'vehicle',
        label: t('shipments.vehicle'),
        max: 60,
        ...(shipment.vehicle === null ? {} : { initial: shipment.vehicle }),
      },
      {
        kind: 'text',
        name: 'annexVii',
        label: t('shipments.annexVii'),
        max: 60,
        hint: t('shipments.annexViiHint'),
      },
      { kind: 'files', name: 'files', label: t('matter.docDeliveryNote'), fileKind: 'delivery-note' },
    ],
    path: `${path}/dispatch`,
    body: (values) => ({
      ...given('vehicle', values.text('vehicle')),
      ...given('annexVii', values.text('annexVii')),
    }),
    files: 'files',
  };
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

function note(): Field {
  return { kind: 'text', name: 'note', label: t('matter.note'), max: 500, hint: t('matter.noNames') };
}

function plain(codes: readonly string[]): Choice[] {
  return codes.map((code) => ({ value: code, label: code }));
}
