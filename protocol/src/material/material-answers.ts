/** What the server answers about material, `/api/v1`. Masses are whole grams, times ms since 1970 UTC. */
import { Type, type Static, type TSchema } from 'typebox';
import { literals, nullable } from '../schema.ts';
import { Attachment } from './move.ts';

const Text = Type.String();
const Int = Type.Integer();

/** Lists: `next` is the cursor of the next page, null at the end. */
export function page<T extends TSchema>(row: T) {
  return Type.Object({ rows: Type.Array(row), next: nullable(Text) });
}

export const PartnerRow = Type.Object({
  id: Text,
  role: Text,
  name: Text,
  siret: nullable(Text),
  accredited: Type.Boolean(),
  points: Type.Array(Type.Object({ point: Text, name: Text, insee: nullable(Text) })),
  communes: Type.Array(Type.Object({ insee: Text, name: Text, permille: Int })),
  retired: Type.Boolean(),
});
export type PartnerRow = Static<typeof PartnerRow>;

/** So much of what is there came in with this lot. */
export const ContentRow = Type.Object({
  lot: Text,
  grams: Int,
  /** Name of the collector of that lot; null: unknown. */
  collector: nullable(Text),
});
export type ContentRow = Static<typeof ContentRow>;

export const ContainerRow = Type.Object({
  id: Text,
  kind: Text,
  tareGrams: Int,
  volumeLitres: nullable(Int),
  zone: nullable(Text),
  retired: Type.Boolean(),
  /** What is in it. */
  grams: Int,
});
export type ContainerRow = Static<typeof ContainerRow>;

/** One thing that happened to a lot, an output, a shipment. */
export const JournalRow = Type.Object({
  id: Text,
  at: Int,
  recordedAt: Int,
  type: Text,
  /** Event that it corrects; null: none. */
  corrects: nullable(Text),
  /** What it says, as the event has it, without movements; empty when it was withheld or erased. */
  payload: Type.Record(Text, Type.Unknown()),
});
export type JournalRow = Static<typeof JournalRow>;

export const ContainerAnswer = Type.Object({
  container: ContainerRow,
  content: Type.Array(ContentRow),
  journal: Type.Array(JournalRow),
});
export type ContainerAnswer = Static<typeof ContainerAnswer>;

export const LotRow = Type.Object({
  id: Text,
  number: Int,
  kind: Text,
  at: Int,
  /** Id of the collector; null: unknown. */
  collector: nullable(Text),
  collectorName: nullable(Text),
  skimming: Text,
  legalStatus: Text,
  condition: Text,
  family: Text,
  wasteCode: Text,
  usualName: Text,
  vehicle: nullable(Text),
  zone: nullable(Text),
  /** `waiting-weight`, `open`, `at-infeed`, `used`, `refused`, `returned`, `merged`, `voided`. */
  status: Text,
  /** Weighed in, less what was refused; null: its weight is still to come. */
  receivedGrams: nullable(Int),
  /** What of it is not on the line yet: in the lot itself and in containers. */
  waitingGrams: Int,
  refusedGrams: Int,
  estimated: Type.Boolean(),
});
export type LotRow = Static<typeof LotRow>;

export const LotAnswer = Type.Object({
  lot: LotRow,
  communes: Type.Array(
    Type.Object({ insee: Text, name: Text, permille: Int, grams: Int, estimated: Type.Boolean() }),
  ),
  attachments: Type.Array(Attachment),
  /**
   * Where what came in with it is now, or where it went; sums to what was received. Of a lot made of others: what still
   * lies under its own name.
   */
  whereabouts: Type.Array(Type.Object({ account: Text, grams: Int })),
  journal: Type.Array(JournalRow),
});
export type LotAnswer = Static<typeof LotAnswer>;

export const BaleRow = Type.Object({
  id: Text,
  number: Int,
  line: Text,
  press: nullable(Text),
  outlet: Text,
  unit: Text,
  status: Text,
  startedAt: Int,
  /** Null: not weighed yet. */
  weighedAt: nullable(Int),
  grossGrams: nullable(Int),
  packagingGrams: nullable(Int),
  netGrams: nullable(Int),
  /** `scale`, `typed`…; null: not weighed yet. */
  weightHow: nullable(Text),
  pieces: nullable(Int),
  pairs: nullable(Int),
  unusual: Type.Boolean(),
  damaged: Type.Boolean(),
  /** SSCC or the code of a pre-printed label; null: none yet. */
  code: nullable(Text),
  zone: nullable(Text),
  shipment: nullable(Text),
  /** Entered from a paper sheet: its number. */
  sheet: nullable(Text),
});
export type BaleRow = Static<typeof BaleRow>;

export const BaleAnswer = Type.Object({
  bale: BaleRow,
  content: Type.Array(ContentRow),
  journal: Type.Array(JournalRow),
});
export type BaleAnswer = Static<typeof BaleAnswer>;

/** Ancestry or descendants: things, and so many grams from one to the other. */
export const GraphAnswer = Type.Object({
  root: Text,
  nodes: Type.Array(
    Type.Object({
      /** An account: `output:B1042`, `lot:L118`, `collector:emmaus`. */
      id: Text,
      kind: Text,
      label: Text,
      at: nullable(Int),
      /** Of the root's material, so much is or was here. */
      grams: Int,
      /** Steps from the root. */
      depth: Int,
    }),
  ),
  /** From where the material came to where it went. */
  edges: Type.Array(Type.Object({ from: Text, to: Text, grams: Int })),
  /** True: there is more than an answer holds. */
  truncated: Type.Boolean(),
});
export type GraphAnswer = Static<typeof GraphAnswer>;

export const ShipmentRow = Type.Object({
  id: Text,
  number: Int,
  partner: Text,
  partnerName: Text,
  purpose: Text,
  status: Text,
  openedAt: Int,
  dispatchedAt: nullable(Int),
  receivedAt: nullable(Int),
  transporter: nullable(Text),
  vehicle: nullable(Text),
  operation: nullable(Text),
  wasteCode: nullable(Text),
  annexVii: nullable(Text),
  outputs: Int,
  netGrams: Int,
  clientGrams: nullable(Int),
  /** Client's less ours. */
  differenceGrams: nullable(Int),
});
export type ShipmentRow = Static<typeof ShipmentRow>;

export const ShipmentAnswer = Type.Object({
  shipment: ShipmentRow,
  bales: Type.Array(Type.Object({ bale: BaleRow, checkGrams: nullable(Int), state: Text })),
  attachments: Type.Array(Attachment),
  journal: Type.Array(JournalRow),
});
export type ShipmentAnswer = Static<typeof ShipmentAnswer>;

const Fill = {
  grams: Int,
  /** By the zone's density, or by the volume of containers; null: not known. */
  litres: nullable(Int),
  ceilingGrams: nullable(Int),
  ceilingLitres: nullable(Int),
  /** The fuller of both, 0…; null without ceilings. */
  percent: nullable(Type.Number()),
  /** `ok`, `warn` from 80 %, `over` from 100 %. */
  level: Text,
};

export const StockAnswer = Type.Object({
  at: Int,
  /** Everything on the site; litres of what stands in zones alone. */
  site: Type.Object(Fill),
  zones: Type.Array(
    Type.Object({
      id: Text,
      label: Text,
      ...Fill,
      /** Of outputs, by outlet. */
      outputs: Type.Array(Type.Object({ outlet: Text, unit: Text, count: Int, grams: Int, toWeigh: Int })),
      /** Lots and containers not yet sorted, and what was pressed from others and waits for the scale. */
      unsortedGrams: Int,
    }),
  ),
  /**
   * In no zone: bins, the line, lots and containers that nobody placed, `output:…` what was pressed from others and waits
   * for the scale, `outputs` all others that nobody placed, `shipment:…` what is loaded, and (in no sum of the site)
   * `subcontractor:…` what is away.
   */
  elsewhere: Type.Array(Type.Object({ account: Text, grams: Int })),
});
export type StockAnswer = Static<typeof StockAnswer>;

/** `GET /stock/counts`: a zone was counted. Differences: counted less booked. */
export const StockCountRow = Type.Object({
  id: Text,
  at: Int,
  recordedAt: Int,
  zone: Text,
  /** Null: of all outlets. */
  outlet: nullable(Text),
  bookedCount: Int,
  countedCount: Int,
  differenceCount: Int,
  bookedGrams: Int,
  /** Null: counted by pieces only. */
  countedGrams: nullable(Int),
  differenceGrams: nullable(Int),
  reason: Text,
  /** How many were named as missing, and found. */
  missing: Int,
  found: Int,
});
export type StockCountRow = Static<typeof StockCountRow>;

/**
 * In = out + change of stock + water + difference. `residualGrams` is what the book cannot explain: it is shown, never
 * forced to zero; beyond `limitGrams` (combined error of the scales) it is an alarm.
 */
export const BalanceRow = Type.Object({
  id: Text,
  key: Text,
  inGrams: Int,
  outGrams: Int,
  refusedGrams: Int,
  waterGrams: Int,
  missingGrams: Int,
  stockChangeGrams: Int,
  residualGrams: Int,
  limitGrams: Int,
  alarm: Type.Boolean(),
});
export type BalanceRow = Static<typeof BalanceRow>;

export const BALANCE_BY = ['lot', 'campaign', 'shift', 'day', 'month'] as const;
export const BalanceAnswer = Type.Object({
  by: Text,
  from: Text,
  to: Text,
  rows: Type.Array(BalanceRow),
  /** Of the page too, without figures. `few-people`: at so few posts they would be figures of persons. */
  hidden: Type.Array(Type.Object({ id: Text, key: Text, reason: literals(['few-people'] as const) })),
  total: BalanceRow,
  next: nullable(Text),
});
export type BalanceAnswer = Static<typeof BalanceAnswer>;

export const ShiftRow = Type.Object({
  id: Text,
  line: Text,
  team: Text,
  openedAt: Int,
  closedAt: nullable(Int),
  posts: Type.Array(Type.Object({ post: Text, heads: nullable(Int) })),
  /** Stable weighings of the shift that nothing claims. */
  unclaimed: Type.Array(Type.Object({ id: Text, at: Int, scale: Text, netGrams: Int })),
});
export type ShiftRow = Static<typeof ShiftRow>;

export const CampaignRow = Type.Object({
  id: Text,
  line: Text,
  name: Text,
  openedAt: Int,
  closedAt: nullable(Int),
});
export type CampaignRow = Static<typeof CampaignRow>;

/** `GET /documents?about=`: photos and documents; the bytes are at `/documents/{sha256}`. */
export const DocumentRow = Type.Object({
  id: Text,
  about: Text,
  event: Text,
  at: Int,
  ...Attachment.properties,
});
export type DocumentRow = Static<typeof DocumentRow>;

/** `GET /notes?about=`: what people wrote. */
export const NoteRow = Type.Object({
  id: Text,
  /** An account, or `shipment:…`; of a note about nothing else its line. */
  about: Text,
  at: Int,
  recordedAt: Int,
  text: Text,
});
export type NoteRow = Static<typeof NoteRow>;

/** What only people know after a power cut, and what the book thinks of it. */
export const RestartQuestion = Type.Object({
  line: Text,
  /** To be named in the answer. */
  boot: Text,
  /** When it came back, and when it was last known alive before. */
  startedAt: Int,
  lastAliveAt: nullable(Int),
  presses: Type.Array(
    Type.Object({
      press: Text,
      label: Text,
      /** Outputs started or pressed there that have not been weighed, latest first. */
      outputs: Type.Array(Type.Object({ id: Text, number: Int, outlet: Text })),
    }),
  ),
  bins: Type.Array(Type.Object({ outlet: Text, label: Text, grams: Int })),
});
export type RestartQuestion = Static<typeof RestartQuestion>;

/** `GET /lines/{line}/restart`. */
export const RestartAnswer = Type.Object({
  /** Null: there is nothing to be answered. */
  restart: nullable(RestartQuestion),
});
export type RestartAnswer = Static<typeof RestartAnswer>;

/**
 * `valid`; `expired`: past its due date; `refused`; `seal-broken` and `repaired` since the last good verification; all
 * but `valid` are for internal use only. `unknown`: no verification was ever recorded.
 */
export const SCALE_STATES = ['valid', 'expired', 'refused', 'seal-broken', 'repaired', 'unknown'] as const;

export const ScaleRow = Type.Object({
  id: Text,
  label: Text,
  line: Text,
  /** `reception`, `bale`, `any`. */
  use: Text,
  intervalGrams: nullable(Int),
  state: literals(SCALE_STATES),
  /** Day of the last good verification; null: none is known. */
  verifiedOn: nullable(Text),
  /** Until when it holds; null: not stated. */
  due: nullable(Text),
  /** Its log book, latest first. */
  entries: Type.Array(
    Type.Object({ id: Text, at: Int, entry: Text, on: Text, due: nullable(Text), text: Text }),
  ),
  /** Null unless it is refused: what it weighed from the last good verification until the refusal, latest first. */
  inDoubt: nullable(
    Type.Object({
      count: Int,
      /** The latest of them, at most 500. */
      weighings: Type.Array(
        Type.Object({
          id: Text,
          at: Int,
          number: nullable(Int),
          netGrams: nullable(Int),
          /** `lot:…`, `output:…`; null: nothing claims it. */
          claimedBy: nullable(Text),
        }),
      ),
    }),
  ),
});
export type ScaleRow = Static<typeof ScaleRow>;

/** What kiosks and pages choose from: configuration of the site, for this signed-in person. */
export const ReferenceAnswer = Type.Object({
  site: Text,
  line: Text,
  profile: Type.Union([Type.Literal('automatic'), Type.Literal('manual')]),
  demo: Type.Boolean(),
  /** Pixels an inch of the kiosks' screens, for sizes in millimetres; null: not stated. */
  kioskDpi: nullable(Type.Number()),
  outlets: Type.Array(
    Type.Object({
      id: Text,
      label: Text,
      pictogram: Text,
      group: nullable(Text),
      unit: Text,
      packagingGrams: Int,
      /** Usual net weights; null: none stated. */
      usualGrams: nullable(Type.Object({ min: Int, max: Int })),
      family: nullable(Text),
    }),
  ),
  presses: Type.Array(
    Type.Object({ id: Text, label: Text, line: Text, scale: nullable(Text), outlets: Type.Array(Text) }),
  ),
  scales: Type.Array(
    Type.Object({
      id: Text,
      label: Text,
      line: Text,
      use: Text,
      /** Tags of its live values, `line/device/metric`; null: not linked. */
      live: nullable(Type.Object({ gross: Text, net: nullable(Text), stable: nullable(Text) })),
      intervalGrams: nullable(Int),
    }),
  ),
  zones: Type.Array(Type.Object({ id: Text, label: Text })),
  printers: Type.Array(Type.Object({ id: Text, label: Text })),
  containerKinds: Type.Array(Type.Object({ kind: Text, tareGrams: Int })),
});
export type ReferenceAnswer = Static<typeof ReferenceAnswer>;
