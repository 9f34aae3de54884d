/**
 * Tables that follow from the events about material: all of them but `site_turns`, `document_files` and
 * `material_requests` can be made again from the ledger. Masses are whole grams, times ms since 1970 UTC, days
 * `YYYY-MM-DD` of the site's zone.
 */
import type { AuditTables } from '../audits/audit-tables.ts';
import type { ProgrammeTables } from '../sort-programmes/programme-tables.ts';

export interface PartnerTable {
  site: string;
  partner: string;
  role: string;
  name: string;
  siret: string | null;
  accredited: number;
  /** JSON lists, as the event has them. */
  points: string;
  communes: string;
  retired: number;
}

export interface ContainerTable {
  site: string;
  container: string;
  kind: string;
  tareGrams: number;
  volumeLitres: number | null;
  zone: string | null;
  retired: number;
  /** When it was last weighed at a reception or a move; null: never. */
  weighedAt: number | null;
}

export interface LotTable {
  site: string;
  lot: string;
  number: number;
  kind: string;
  at: number;
  day: string;
  collector: string | null;
  skimming: string;
  legalStatus: string;
  condition: string;
  family: string;
  wasteCode: string;
  usualName: string;
  vehicle: string | null;
  transporter: string | null;
  allocation: string;
  /** JSON lists: points with fill levels, communes with parts of a thousand, loads as they were weighed. */
  points: string;
  communes: string;
  loads: string;
  zone: string | null;
  /** Net by the scales; null: to come. What was refused later is not taken off. */
  receivedGrams: number | null;
  refusedGrams: number;
  /** 1: typed, estimated or from paper, not by a linked scale. */
  estimated: number;
  /** `open`, `refused`, `returned`, `merged`. Whether it waits for its weight or is used up follows from the book. */
  status: string;
  /** Of `lot.received`, `lot.split`…: the event that made it. */
  event: string;
  /** Event of the weight that holds now; null: to come. */
  weightEvent: string | null;
}

/** Lots at the infeed whose kilograms the infeed scale counts. */
export interface InfeedTable {
  site: string;
  line: string;
  account: string;
  since: number;
}

export interface OutputTable {
  site: string;
  output: string;
  number: number;
  line: string;
  press: string | null;
  outlet: string;
  unit: string;
  status: string;
  startedAt: number;
  /** Of the first weighing, of the start before it. */
  day: string;
  weighedAt: number | null;
  grossGrams: number | null;
  packagingGrams: number | null;
  netGrams: number | null;
  weightHow: string | null;
  pieces: number | null;
  pairs: number | null;
  unusual: number;
  damaged: number;
  code: string | null;
  labels: number;
  zone: string | null;
  shipment: string | null;
  sheet: string | null;
  /** Event of the press whose bale it is; null: nobody said. */
  proposal: string | null;
  /** By the latest examination that said it, hundredths of % of the mass; null: never measured. */
  moistureHundredths: number | null;
  /** When it was measured, ms since 1970 UTC. */
  moistureAt: number | null;
  grade: string | null;
  gradeAt: number | null;
  startEvent: string;
  /** Event of the weight that holds now. */
  weightEvent: string | null;
}

/** Labels that an output bears: each of them means it. */
export interface OutputCodeTable {
  site: string;
  output: string;
  code: string;
  /** Which of its labels, from 1. */
  n: number;
}

export interface ShipmentTable {
  site: string;
  shipment: string;
  number: number;
  partner: string;
  purpose: string;
  status: string;
  openedAt: number;
  /** Of dispatch; of opening before it. */
  day: string;
  dispatchedAt: number | null;
  receivedAt: number | null;
  transporter: string | null;
  vehicle: string | null;
  operation: string | null;
  wasteCode: string | null;
  annexVii: string | null;
  clientGrams: number | null;
  /** What ours weighs of what the client weighed: without what it had refused. Null: it has not weighed. */
  comparedGrams: number | null;
  /** Of what was dispatched. */
  netGrams: number;
}

export interface ShipmentOutputTable {
  site: string;
  shipment: string;
  output: string;
  checkGrams: number | null;
  netGrams: number;
  /** `loaded`, `dispatched`, `refused`, `returned`. */
  state: string;
}

/** The book: `grams` of `lot` went from one account to the other. */
export interface PostingTable {
  site: string;
  event: string;
  /** From 0 within the event. */
  n: number;
  at: number;
  day: string;
  type: string;
  fromAccount: string;
  toAccount: string;
  lot: string;
  grams: number;
}

/**
 * What people sorted, and what they put back (less than nothing): under the outlet that it had on that day. What a
 * machine counted into its bins is not in it, and what of that gets another outlet is.
 */
export interface HandSortedTable {
  site: string;
  event: string;
  /** From 0 within the event. */
  n: number;
  day: string;
  line: string;
  outlet: string;
  lot: string;
  grams: number;
  /** If a machine counted that outlet on that day, it is in its count already; null: it stands in any case. */
  judgedDay: string | null;
}

/** Sum of the postings of each account; rows of 0 are taken out. */
export interface HoldingTable {
  site: string;
  account: string;
  lot: string;
  grams: number;
}

/** One row for each thing that an event is about, by account (`lot:L118`, `output:B1042`) or `shipment:…`, `zone:…`. */
export interface JournalTable {
  site: string;
  event: string;
  about: string;
  line: string;
  epoch: string;
  seq: number;
  at: number;
  day: string;
  recordedAt: number;
  type: string;
  corrects: string | null;
  actorRef: string | null;
}

/** Which weighing of a scale was claimed, and by what. */
export interface WeighingClaimTable {
  site: string;
  /** Event of the weighing. */
  weighing: string;
  about: string;
  event: string;
}

export interface AuditTable {
  site: string;
  event: string;
  at: number;
  day: string;
  line: string;
  outlet: string;
  sampledGrams: number;
  misplacedGrams: number;
}

export interface ShiftTable {
  site: string;
  shift: string;
  line: string;
  team: string;
  openedAt: number;
  closedAt: number | null;
  /** JSON list of posts with head counts. */
  posts: string;
}

export interface CampaignTable {
  site: string;
  campaign: string;
  line: string;
  name: string;
  openedAt: number;
  closedAt: number | null;
}

export interface ClosedMonthTable {
  site: string;
  /** `YYYY-MM`. */
  month: string;
  at: number;
  event: string;
}

export interface ScaleLogTable {
  site: string;
  event: string;
  at: number;
  scale: string;
  entry: string;
  onDay: string;
  due: string | null;
  text: string;
}

export interface RestartTable {
  site: string;
  line: string;
  boot: string;
  /** When that edge started; null: only the answer is known. */
  startedAt: number | null;
  unclean: number;
  lastAliveAt: number | null;
  answeredAt: number | null;
}

export interface DocumentTable {
  site: string;
  event: string;
  about: string;
  sha256: string;
  name: string;
  media: string;
  bytes: number;
  kind: string;
  at: number;
}

/**
 * In which order what the lines of a site told was carried into its book: between lines nothing else says it. It cannot
 * be made again.
 */
export interface SiteTurnTable {
  site: string;
  /** From 1. Below 0: what a line had told before there was a book, which is not in it. */
  turn: number;
  line: string;
  /** Of this line's events, all up to this place were carried over by the end of the turn. */
  place: number;
}

/** The bytes lie in the data directory under their hash. */
export interface DocumentFileTable {
  sha256: string;
  media: string;
  bytes: number;
  storedAt: number;
}

/** What was asked under which key, so that asking again does nothing twice. */
export interface MaterialRequestTable {
  idempotencyKey: string;
  /** SHA-256 of method, address and canonical body. */
  bodyHash: string;
  /** How often it was decided anew because the line had recorded something since. */
  attempt: number;
  /** JSON of what was decided at this attempt and asked of the line; null: nothing yet. */
  decided: string | null;
  /** JSON of the answer; null: not answered yet. */
  answer: string | null;
  at: number;
}

export interface MaterialTables extends ProgrammeTables, AuditTables {
  partners: PartnerTable;
  containers: ContainerTable;
  lots: LotTable;
  infeed: InfeedTable;
  outputs: OutputTable;
  output_codes: OutputCodeTable;
  shipments: ShipmentTable;
  shipment_outputs: ShipmentOutputTable;
  postings: PostingTable;
  hand_sorted: HandSortedTable;
  holdings: HoldingTable;
  journal: JournalTable;
  weighing_claims: WeighingClaimTable;
  audits: AuditTable;
  shifts: ShiftTable;
  campaigns: CampaignTable;
  closed_months: ClosedMonthTable;
  scale_log: ScaleLogTable;
  restarts: RestartTable;
  documents: DocumentTable;
  site_turns: SiteTurnTable;
  document_files: DocumentFileTable;
  material_requests: MaterialRequestTable;
}
