/**
 * What the records keep of the lines' ledgers, and what follows from it. The events are the truth: every other
 * table here but cursors, epochs and refusals can be made again from them.
 */
import type { RefusalCode } from '@trame/protocol/ledger-names';

export interface LedgerEventTable {
  site: string;
  line: string;
  epoch: string;
  seq: number;
  /** From 1, in the order in which events of this line were stored, over all epochs. */
  place: number;
  id: string;
  type: string;
  occurredAt: number;
  recordedAt: number;
  clockState: string;
  clockOffsetMs: number | null;
  actorRef: string | null;
  /** Canonical JSON; null: withheld or erased. */
  payload: string | null;
  payloadHash: string;
  prev: string;
  hash: string;
  receivedAt: number;
}

export interface LedgerCursorTable {
  site: string;
  line: string;
  /** The one that is taken now. */
  epoch: string;
  upTo: number;
  hash: string | null;
  /** Place of the last event stored. */
  place: number;
  /** When the last event was stored; null: none of any epoch. */
  storedAt: number | null;
}

/** Every epoch that was ever taken. */
export interface LedgerEpochTable {
  site: string;
  line: string;
  epoch: string;
  acceptedAt: number;
  /** Opaque reference; null: the first epoch of a line, or the command line. */
  acceptedBy: string | null;
}

export interface LedgerRefusalTable {
  site: string;
  line: string;
  code: RefusalCode;
  /** Empty: not known. */
  epoch: string;
  /** 0: not known, or all of an epoch. */
  seq: number;
  detail: string;
  count: number;
  firstAt: number;
  lastAt: number;
  /** 1: the ledger of the line stands still because of it. */
  blocking: number;
}

/** One row for each weighing, for each refused one, and for each run of missed ones. */
export interface WeighingTable {
  site: string;
  line: string;
  /** Of the event. */
  id: string;
  kind: 'recorded' | 'refused' | 'missed';
  /** By the best clock known. */
  at: number;
  recordedAt: number;
  scale: string;
  serial: string | null;
  alibiEpoch: number;
  use: string;
  /** Null unless recorded. */
  source: string | null;
  number: number | null;
  /** Of missed ones: the last. */
  toNumber: number | null;
  grossGrams: number | null;
  tareGrams: number | null;
  tareKind: string | null;
  netGrams: number | null;
  intervalGrams: number | null;
  verification: string | null;
  verificationDue: string | null;
  /** Why it was refused. */
  reason: string | null;
  simulated: number;
  /** Which life of the instrument's count the number belongs to; 0 without a number. */
  countLife: number;
  /** Of missed ones: how many of their numbers are told by no other row. */
  missing: number | null;
  /** Event of the weighing that was recorded under this number before, with another weight. */
  contradicts: string | null;
}

/** How far each instrument has counted. */
export interface ScaleCountTable {
  site: string;
  line: string;
  scale: string;
  /** Empty: it tells none. */
  serial: string;
  alibiEpoch: number;
  /** Of the ledger that told of it last. */
  epoch: string;
  life: number;
  lives: number;
  lastNumber: number;
  /** Where it stood before it fell; null: it has counted since. */
  lifeBefore: number | null;
  lastNumberBefore: number | null;
}

export interface LineStateTable {
  site: string;
  line: string;
  id: string;
  at: number;
  state: string;
  /** Null: the line does not say. */
  emergencyStop: number | null;
}

export interface DeviceStateTable {
  site: string;
  line: string;
  id: string;
  at: number;
  device: string;
  state: string;
  reason: string | null;
}

export interface ScaleVerificationTable {
  site: string;
  line: string;
  id: string;
  at: number;
  scale: string;
  outcome: string;
  /** `YYYY-MM-DD`. */
  verifiedOn: string;
  due: string | null;
  request: string;
}

export interface TelemetryGapTable {
  site: string;
  line: string;
  id: string;
  fromAt: number;
  /** Included. */
  toAt: number;
  samples: number | null;
  reason: string;
}

/** Up to where each life of a counter was counted, by what each generation of each epoch told of it. */
export interface CountLifeTable {
  site: string;
  line: string;
  counter: string;
  epoch: string;
  generation: number;
  /** Null: not known yet. */
  life: number | null;
  /** The register's own total, grams. */
  countedUpTo: number;
  countedAt: number;
  /** Told, and not counted until the life is known. */
  heldGrams: number;
}

/** The edge's own total of each counter, by its last event; a ledger that begins later takes up from there. */
export interface EdgeTotalTable {
  site: string;
  line: string;
  /** Empty: of none, the line's ledger was opened. */
  counter: string;
  grams: number;
}

/** What was sorted and is in no tonnage. */
export interface UncountedTable {
  site: string;
  line: string;
  /** Of the event that shows it. */
  id: string;
  counter: string;
  grams: number;
  /** Null: since ever, before this server knew the line. */
  fromAt: number | null;
  toAt: number;
}

export interface LedgerTables {
  ledger_events: LedgerEventTable;
  ledger_cursors: LedgerCursorTable;
  ledger_epochs: LedgerEpochTable;
  ledger_refusals: LedgerRefusalTable;
  weighings: WeighingTable;
  scale_counts: ScaleCountTable;
  line_states: LineStateTable;
  device_states: DeviceStateTable;
  scale_verifications: ScaleVerificationTable;
  telemetry_gaps: TelemetryGapTable;
  count_lives: CountLifeTable;
  edge_totals: EdgeTotalTable;
  uncounted: UncountedTable;
}
