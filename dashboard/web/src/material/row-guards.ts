/** Guards of what the server tells about material. */
import type {
  BalanceAnswer,
  BalanceRow,
  BaleAnswer,
  BaleRow,
  CampaignRow,
  ContainerRow,
  ContentRow,
  GraphAnswer,
  JournalRow,
  LotAnswer,
  LotRow,
  NoteRow,
  PartnerRow,
  ShiftRow,
  ShipmentAnswer,
  ShipmentRow,
  StockAnswer,
} from '@trame/protocol/material/material-answers';
import type { Attachment } from '@trame/protocol/material/move';
import { isRecord } from '../api/json.ts';
import { isFlag, isNumber, isText, keyOf, listOf, orNull, shape } from '../api/shape.ts';

const someText = orNull(isText);
const someNumber = orNull(isNumber);

export const isPartner = shape<PartnerRow>({
  id: isText,
  role: isText,
  name: isText,
  siret: someText,
  accredited: isFlag,
  points: listOf(shape<PartnerRow['points'][number]>({ point: isText, name: isText, insee: someText })),
  communes: listOf(
    shape<PartnerRow['communes'][number]>({ insee: isText, name: isText, permille: isNumber }),
  ),
  retired: isFlag,
});

export const isContainer = shape<ContainerRow>({
  id: isText,
  kind: isText,
  tareGrams: isNumber,
  volumeLitres: someNumber,
  zone: someText,
  retired: isFlag,
  grams: isNumber,
});

const isContent = shape<ContentRow>({ lot: isText, grams: isNumber, collector: someText });

const isJournal = shape<JournalRow>({
  id: isText,
  at: isNumber,
  recordedAt: isNumber,
  type: isText,
  corrects: someText,
  payload: isRecord,
});

const KINDS: Readonly<Record<Attachment['kind'], true>> = {
  photo: true,
  'weighbridge-ticket': true,
  'delivery-note': true,
  'annex-vii': true,
  other: true,
};

const isAttachment = shape<Attachment>({
  sha256: isText,
  name: isText,
  media: isText,
  bytes: isNumber,
  kind: keyOf(KINDS),
});

export const isLot = shape<LotRow>({
  id: isText,
  number: isNumber,
  kind: isText,
  at: isNumber,
  collector: someText,
  collectorName: someText,
  skimming: isText,
  legalStatus: isText,
  condition: isText,
  family: isText,
  wasteCode: isText,
  usualName: isText,
  vehicle: someText,
  zone: someText,
  status: isText,
  receivedGrams: someNumber,
  waitingGrams: isNumber,
  refusedGrams: isNumber,
  estimated: isFlag,
});

export const isLotAnswer = shape<LotAnswer>({
  lot: isLot,
  communes: listOf(
    shape<LotAnswer['communes'][number]>({
      insee: isText,
      name: isText,
      permille: isNumber,
      grams: isNumber,
      estimated: isFlag,
    }),
  ),
  attachments: listOf(isAttachment),
  whereabouts: listOf(shape<LotAnswer['whereabouts'][number]>({ account: isText, grams: isNumber })),
  journal: listOf(isJournal),
});

export const isBale = shape<BaleRow>({
  id: isText,
  number: isNumber,
  line: isText,
  press: someText,
  outlet: isText,
  unit: isText,
  status: isText,
  startedAt: isNumber,
  weighedAt: someNumber,
  grossGrams: someNumber,
  packagingGrams: someNumber,
  netGrams: someNumber,
  weightHow: someText,
  pieces: someNumber,
  pairs: someNumber,
  unusual: isFlag,
  damaged: isFlag,
  code: someText,
  zone: someText,
  shipment: someText,
  sheet: someText,
});

export const isBaleAnswer = shape<BaleAnswer>({
  bale: isBale,
  content: listOf(isContent),
  journal: listOf(isJournal),
});

export const isGraph = shape<GraphAnswer>({
  root: isText,
  nodes: listOf(
    shape<GraphAnswer['nodes'][number]>({
      id: isText,
      kind: isText,
      label: isText,
      at: someNumber,
      grams: isNumber,
      depth: isNumber,
    }),
  ),
  edges: listOf(shape<GraphAnswer['edges'][number]>({ from: isText, to: isText, grams: isNumber })),
  truncated: isFlag,
});

export const isShipment = shape<ShipmentRow>({
  id: isText,
  number: isNumber,
  partner: isText,
  partnerName: isText,
  purpose: isText,
  status: isText,
  openedAt: isNumber,
  dispatchedAt: someNumber,
  receivedAt: someNumber,
  transporter: someText,
  vehicle: someText,
  operation: someText,
  wasteCode: someText,
  annexVii: someText,
  outputs: isNumber,
  netGrams: isNumber,
  clientGrams: someNumber,
  differenceGrams: someNumber,
});

export const isShipmentAnswer = shape<ShipmentAnswer>({
  shipment: isShipment,
  bales: listOf(
    shape<ShipmentAnswer['bales'][number]>({ bale: isBale, checkGrams: someNumber, state: isText }),
  ),
  attachments: listOf(isAttachment),
  journal: listOf(isJournal),
});

const fill = {
  grams: isNumber,
  litres: someNumber,
  ceilingGrams: someNumber,
  ceilingLitres: someNumber,
  percent: someNumber,
  level: isText,
};
type Zone = StockAnswer['zones'][number];

export const isStock = shape<StockAnswer>({
  at: isNumber,
  site: shape<StockAnswer['site']>(fill),
  zones: listOf(
    shape<Zone>({
      ...fill,
      id: isText,
      label: isText,
      outputs: listOf(
        shape<Zone['outputs'][number]>({
          outlet: isText,
          unit: isText,
          count: isNumber,
          grams: isNumber,
          toWeigh: isNumber,
        }),
      ),
      unsortedGrams: isNumber,
    }),
  ),
  elsewhere: listOf(shape<StockAnswer['elsewhere'][number]>({ account: isText, grams: isNumber })),
});

const isBalanceRow = shape<BalanceRow>({
  id: isText,
  key: isText,
  inGrams: isNumber,
  outGrams: isNumber,
  refusedGrams: isNumber,
  waterGrams: isNumber,
  missingGrams: isNumber,
  stockChangeGrams: isNumber,
  residualGrams: isNumber,
  limitGrams: isNumber,
  alarm: isFlag,
});

export const isBalance = shape<BalanceAnswer>({
  by: isText,
  from: isText,
  to: isText,
  rows: listOf(isBalanceRow),
  hidden: listOf(
    shape<BalanceAnswer['hidden'][number]>({
      id: isText,
      key: isText,
      reason: keyOf({ 'few-people': true }),
    }),
  ),
  total: isBalanceRow,
  next: someText,
});

export const isShift = shape<ShiftRow>({
  id: isText,
  line: isText,
  team: isText,
  openedAt: isNumber,
  closedAt: someNumber,
  posts: listOf(shape<ShiftRow['posts'][number]>({ post: isText, heads: someNumber })),
  unclaimed: listOf(
    shape<ShiftRow['unclaimed'][number]>({ id: isText, at: isNumber, scale: isText, netGrams: isNumber }),
  ),
});

export const isNote = shape<NoteRow>({
  id: isText,
  about: isText,
  at: isNumber,
  recordedAt: isNumber,
  text: isText,
});

export const isCampaign = shape<CampaignRow>({
  id: isText,
  line: isText,
  name: isText,
  openedAt: isNumber,
  closedAt: someNumber,
});
