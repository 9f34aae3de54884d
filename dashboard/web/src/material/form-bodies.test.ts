/** Every form asks what its act needs: filled in, it makes a body that the contract takes. */
import * as parts from '@trame/protocol/material/act-parts';
import * as baleActs from '@trame/protocol/material/bale-acts';
import * as lineActs from '@trame/protocol/material/line-acts';
import * as lotActs from '@trame/protocol/material/lot-acts';
import * as shipmentActs from '@trame/protocol/material/shipment-acts';
import type {
  ContainerRow,
  LotRow,
  PartnerRow,
  ShipmentAnswer,
} from '@trame/protocol/material/material-answers';
import { Value } from 'typebox/value';
import type { TSchema } from 'typebox';
import { describe, expect, it } from 'vitest';
import { containerForm, placeContainerForm, retireContainer } from '../containers/container-forms.ts';
import {
  closeCampaignForm,
  closeMonthForm,
  closeShiftForm,
  noteForm,
  openCampaignForm,
  openShiftForm,
} from '../day/day-forms.ts';
import { auditForm, voidAuditForm } from '../fractions/audit-form.ts';
import { examineForm } from '../fractions/examine-form.ts';
import { LINE_ACTS, lineForm, type LineAct } from '../lots/line-forms.ts';
import { LOT_ACTS, lotForm, mergeForm, type LotAct } from '../lots/lot-forms.ts';
import fractions from '../messages/fr-fractions.json' with { type: 'json' };
import kiosk from '../messages/fr-kiosk.json' with { type: 'json' };
import material from '../messages/fr-material.json' with { type: 'json' };
import { addWords } from '../messages/translate.ts';
import { partnerForm, retirePartner } from '../partners/partner-forms.ts';
import { scaleForm } from '../scales/scale-forms.ts';
import {
  openShipmentForm,
  SHIPMENT_ACTS,
  shipmentForm,
  type ShipmentAct,
} from '../shipments/shipment-forms.ts';
import { loadBody } from '../shipments/load-state.ts';
import { BALE_ACTS, baleForm, type BaleAct } from '../stock/bale-forms.ts';
import { draftOf, type ActForm } from './act-form.ts';
import { initialValues, readForm, type Field, type Raw, type RawValues } from './form-fields.ts';
import { baleRow } from './test-rows.ts';

addWords(fractions);
addWords(kiosk);
addWords(material);

const EVENT = 'e'.repeat(32);
const NOW = 1_795_000_000_000;
const options = [
  { value: 'un', label: 'Un' },
  { value: 'deux', label: 'Deux' },
];
const lot: LotRow = {
  id: 'L7',
  number: 7,
  kind: 'received',
  at: NOW,
  collector: null,
  collectorName: null,
  skimming: 'original',
  legalStatus: 'waste',
  condition: 'wet',
  family: 'mixed-tlc',
  wasteCode: '20 01 11',
  usualName: 'Textiles',
  vehicle: null,
  zone: null,
  status: 'open',
  receivedGrams: 400_000,
  waitingGrams: 400_000,
  refusedGrams: 0,
  estimated: false,
};
const partner: PartnerRow = {
  id: 'emmaus',
  role: 'collector',
  name: 'Emmaüs',
  siret: null,
  accredited: true,
  points: [{ point: 'p1', name: 'Mairie', insee: '76540' }],
  communes: [{ insee: '76540', name: 'Rouen', permille: 1_000 }],
  retired: false,
};
const client: PartnerRow = { ...partner, id: 'frip', role: 'client' };
const container: ContainerRow = {
  id: 'C-017',
  kind: 'cage',
  tareGrams: 22_500,
  volumeLitres: null,
  zone: null,
  retired: false,
  grams: 0,
};
const shipment: ShipmentAnswer = {
  shipment: {
    id: 'E4',
    number: 4,
    partner: 'frip',
    partnerName: 'Frip',
    purpose: 'delivery',
    status: 'dispatched',
    openedAt: NOW,
    dispatchedAt: NOW,
    receivedAt: null,
    transporter: null,
    vehicle: null,
    operation: null,
    wasteCode: null,
    annexVii: null,
    outputs: 1,
    netGrams: 248_000,
    clientGrams: null,
    differenceGrams: null,
  },
  bales: [{ bale: baleRow(1, { status: 'shipped' }), checkGrams: null, state: 'dispatched' }],
  attachments: [],
  journal: [],
};

/** What a person might put into a field. */
function filled(field: Field): Raw {
  switch (field.kind) {
    case 'flag':
      return true;
    case 'picks':
      return field.options.map(({ value }) => value);
    case 'files':
      return [{ blob: new Blob(['x']), name: 'x.jpg', kind: field.fileKind }];
    case 'weight':
      return { way: 'typed', weighing: '', scale: '', gross: '250', tare: '2', net: '248' };
    case 'choice':
      return field.options[0]?.value ?? '';
    case 'day':
      return '2026-11-20';
    case 'count':
    case 'kg':
      return '12';
    case 'text':
      return TEXTS[field.name] ?? 'abc';
  }
}
const TEXTS: Readonly<Record<string, string>> = {
  siret: '362 521 879 00034',
  moisture: '8,5',
  parts: '120; 80,5',
};

function bodiesOf(form: ActForm): unknown[] {
  const all = Object.fromEntries(form.fields.map((field) => [field.name, filled(field)]));
  const needed: RawValues = {
    ...initialValues(form.fields),
    ...Object.fromEntries(
      form.fields.filter(({ required }) => required === true).map((field) => [field.name, filled(field)]),
    ),
  };
  return [all, needed].map((raw) => {
    const read = readForm(form.fields, raw);
    if (read.kind !== 'values') throw new Error(`${form.title}: ${JSON.stringify(read.faults)}`);
    return draftOf(form, read.values, NOW).body;
  });
}

function check(name: string, form: ActForm, schema: TSchema): void {
  it(`${name}: ${form.title}`, () => {
    expect(form.submit).not.toBe('');
    for (const body of bodiesOf(form))
      expect(
        [...Value.Errors(schema, body)].map(({ instancePath, message }) => `${instancePath} ${message}`),
      ).toEqual([]);
  });
}

describe('the body of a form', () => {
  const choices = { outlets: options, zones: options, printers: options };
  const BALES: Readonly<Record<BaleAct, TSchema>> = {
    weigh: baleActs.BaleWeighBody,
    correct: baleActs.BaleWeighBody,
    label: baleActs.BaleLabelBody,
    place: parts.PlaceBody,
    reclassify: baleActs.BaleReclassifyBody,
    open: baleActs.BaleOpenBody,
    damage: baleActs.BaleDamageBody,
    missing: parts.ReasonBody,
    found: baleActs.BaleFoundBody,
    void: parts.ReasonBody,
  };
  for (const act of BALE_ACTS) check(`bale ${act}`, baleForm(act, baleRow(1), choices, EVENT), BALES[act]);
  const LOTS: Readonly<Record<Exclude<LotAct, 'attach'>, TSchema>> = {
    weigh: lotActs.LotWeighBody,
    refuse: lotActs.LotRefuseBody,
    attribute: lotActs.LotAttributeBody,
    split: lotActs.LotSplitBody,
    dry: lotActs.LotDryBody,
    return: lotActs.LotReturnBody,
  };
  const places = [
    { value: 'container:C-017', label: 'C-017' },
    { value: 'lot:L7', label: 'L7' },
  ];
  for (const act of LOT_ACTS) {
    if (act === 'attach') continue;
    check(`lot ${act}`, lotForm(act, lot, { partners: [partner], places }, EVENT), LOTS[act]);
  }
  check('lots merged', mergeForm(options), lotActs.LotMergeBody);
  const LINE: Readonly<Record<LineAct, TSchema>> = {
    load: lineActs.LineLoadBody,
    unload: lineActs.LineUnloadBody,
    empty: lineActs.LineEmptyBody,
    move: lineActs.MoveBody,
  };
  for (const act of LINE_ACTS) {
    const line = { line: 'tri-1', sources: places, targets: places, places };
    check(`line ${act}`, lineForm(act, line), LINE[act]);
  }
  check('bale examined', examineForm(baleRow(1)), baleActs.BaleExamineBody);
  check('audit', auditForm('tri-1', { value: 'csr', label: 'CSR' }, options, null), lineActs.AuditBody);
  const noted = { outlet: 'CSR', day: '3 novembre 2026', sampled: '25 kg' };
  check('audit taken back', voidAuditForm(EVENT, noted), lineActs.VoidAuditBody);
  const SHIPMENTS: Readonly<Record<ShipmentAct, TSchema>> = {
    dispatch: shipmentActs.ShipmentDispatchBody,
    cancel: parts.ReasonBody,
    receive: shipmentActs.ShipmentReceiveBody,
    return: shipmentActs.ShipmentReturnBody,
    'bring-back': shipmentActs.BringBackBody,
    finish: shipmentActs.FinishBody,
  };
  const goods = { zones: options, outlets: options, bale: () => 'balle' };
  for (const act of SHIPMENT_ACTS)
    check(`shipment ${act}`, shipmentForm(act, shipment, goods), SHIPMENTS[act]);
  check(
    'shipment',
    openShipmentForm([client, { ...partner, id: 't', role: 'transporter' }]),
    shipmentActs.ShipmentBody,
  );
  check(
    'shift',
    openShiftForm('tri-1', (post) => post),
    lineActs.ShiftBody,
  );
  check('shift closed', closeShiftForm({ id: 'S1', team: 'matin' }, 3), parts.CloseBody);
  check('campaign', openCampaignForm('tri-1'), lineActs.CampaignBody);
  check('campaign closed', closeCampaignForm({ id: 'C1', name: 'hiver' }), parts.CloseBody);
  check('month', closeMonthForm('2026-10', 'octobre 2026'), lineActs.ClosingBody);
  check('note', noteForm(), lineActs.NoteBody);
  check('scale', scaleForm({ id: 'b1', label: 'Bascule' }, '2026-11-22'), lineActs.ScaleLogBody);
  check('partner', partnerForm(null, 'client'), lotActs.PartnerBody);
  check('partner changed', partnerForm(partner, null), lotActs.PartnerBody);
  check('container', containerForm(null), lotActs.ContainerBody);
  check('container changed', containerForm(container), lotActs.ContainerBody);
  check('container placed', placeContainerForm(container, options), parts.PlaceBody);

  it('retires without forgetting what else was declared', () => {
    const retired = retirePartner(partner);
    expect(Value.Check(lotActs.PartnerBody, retired)).toBe(true);
    expect(retired).toMatchObject({ retired: true, points: partner.points, communes: partner.communes });
    expect(Value.Check(lotActs.ContainerBody, retireContainer({ ...container, volumeLitres: 900 }))).toBe(
      true,
    );
  });

  it('names one document alone where an act is about one', () => {
    const form = lotForm('attach', lot, { partners: [], places: [] }, null);
    for (const body of bodiesOf(form)) expect(body).toMatchObject({ about: 'lot:L7', attachment: null });
  });

  it('corrects only a weight that is there', () => {
    const [late] = bodiesOf(
      lotForm('weigh', { ...lot, receivedGrams: null }, { partners: [], places: [] }, null),
    );
    expect(late).not.toHaveProperty('corrects');
    const [right] = bodiesOf(lotForm('weigh', lot, { partners: [], places: [] }, EVENT));
    expect(right).toHaveProperty('corrects', EVENT);
    expect(bodiesOf(baleForm('weigh', baleRow(1), choices, EVENT))[0]).not.toHaveProperty('corrects');
  });

  it('of a scan takes a control weight, and a yes to it', () => {
    expect(loadBody('B1', null, false)).toEqual({ code: 'B1' });
    const body = loadBody('B1', 250_000, true);
    expect(Value.Check(shipmentActs.ShipmentLoadBody, body)).toBe(true);
    expect(body).toMatchObject({ accept: true, weight: { grossGrams: 250_000 } });
  });
});
