/**
 * What an event changes in the tables that follow from the ledger. Pure, and without a clock: the same events in
 * the same order give the same rows.
 */
import { happenedAtMs, type LedgerEvent } from '@trame/protocol/ledger-event';
import {
  knownEvent,
  type Count,
  type KnownEvent,
  type LedgerOpened,
  type ThroughputCounted,
  type Weighing,
  type WeighingMissed,
  type WeighingRefused,
} from '@trame/protocol/ledger-payloads';
import { isId } from '@trame/protocol/topics';
import { edgeTotalOf, newGrams, type CountSourceKey } from './count-overlap.ts';
import type {
  DeviceStateTable,
  LineStateTable,
  ScaleVerificationTable,
  TelemetryGapTable,
  WeighingTable,
} from './ledger-tables.ts';

/** What a row of each table that gets one of an event looks like. */
export interface EventTables {
  readonly line_states: LineStateTable;
  readonly device_states: DeviceStateTable;
  readonly scale_verifications: ScaleVerificationTable;
  readonly telemetry_gaps: TelemetryGapTable;
}

export type EventTable = keyof EventTables;

export type RowChange<K extends EventTable = EventTable> = {
  [P in K]: { readonly kind: 'row'; readonly table: P; readonly row: EventTables[P] };
}[K];

/** What an event says of a weighing. Which row that becomes hangs on what was told before. */
export type WeighingSaid = Omit<WeighingTable, 'countLife' | 'missing' | 'contradicts'>;

export type WeighingChange =
  | { readonly kind: 'weighing'; readonly epoch: string; readonly said: WeighingSaid }
  | {
      readonly kind: 'scale-seen';
      readonly epoch: string;
      readonly scale: string;
      readonly serial: string | null;
      readonly alibiEpoch: number;
      /** Where its count stands. */
      readonly number: number;
    };

export type ProjectionChange =
  | RowChange
  | WeighingChange
  | { readonly kind: 'sorted'; readonly day: string; readonly outlet: string; readonly grams: number }
  | { readonly kind: 'counted-up-to'; readonly source: CountSourceKey; readonly grams: number };

export interface ProjectionFacts {
  /** Local day of the site, `YYYY-MM-DD`. */
  readonly dayOf: (atMs: number) => string;
  /** Where counting of a register of this line stands; null: it was never counted. */
  readonly countedUpTo: (source: CountSourceKey) => number | null;
  /** Edge's total of an outlet that was counted from telemetry, before there were ledgers; null: none was. */
  readonly countedBeforeLedger: (outlet: string) => number | null;
}

export function projectEvent(event: LedgerEvent, facts: ProjectionFacts): readonly ProjectionChange[] {
  const said = knownEvent(event);
  if (said === null) return [];
  const known = withoutNul(said);
  const { site, line, id, epoch } = event;
  const own = { site, line, id };
  const at = happenedAtMs(event);
  switch (known.type) {
    case 'weighing.recorded':
      return [{ kind: 'weighing', epoch, said: { ...weighing(event), ...recorded(known.payload) } }];
    case 'weighing.refused':
      return [{ kind: 'weighing', epoch, said: { ...weighing(event), ...refused(known.payload) } }];
    case 'weighing.missed':
      return [{ kind: 'weighing', epoch, said: { ...weighing(event), ...missed(known.payload) } }];
    case 'scale.seen': {
      const { scale, serial, alibiEpoch, number } = known.payload;
      return [{ kind: 'scale-seen', epoch, scale, serial, alibiEpoch, number }];
    }
    case 'line.state': {
      const { state, emergencyStop } = known.payload;
      const row = { ...own, at, state, emergencyStop: emergencyStop === null ? null : Number(emergencyStop) };
      return [{ kind: 'row', table: 'line_states', row }];
    }
    case 'device.state': {
      const { device, state, reason } = known.payload;
      return [{ kind: 'row', table: 'device_states', row: { ...own, at, device, state, reason } }];
    }
    case 'scale.verified': {
      const { scale, outcome, on, due, request } = known.payload;
      const row = { ...own, at, scale, outcome, verifiedOn: on, due, request };
      return [{ kind: 'row', table: 'scale_verifications', row }];
    }
    case 'telemetry.gap': {
      // Not set right by the clock's offset: it lies among samples that carry the edge's times too.
      const { from, to, samples, reason } = known.payload;
      return [
        { kind: 'row', table: 'telemetry_gaps', row: { ...own, fromAt: from, toAt: to, samples, reason } },
      ];
    }
    case 'throughput.counted':
      return counted(event, known.payload, facts);
    case 'ledger.opened':
      return countedBefore(at, known.payload, facts);
    case 'edge.started':
    case 'edge.stopped':
    case 'total.wentBack':
    case 'total.replaced':
    case 'records.lost':
    case 'clock.stepped':
    case 'clock.confirmed':
      return [];
  }
}

/** A text with a NUL has a canonical form, but PostgreSQL has no place for it. */
function withoutNul(event: KnownEvent): KnownEvent {
  const text = JSON.stringify(event);
  if (!text.includes(String.raw`\u0000`)) return event;
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value,
  ) as KnownEvent;
}

function counted(
  event: LedgerEvent,
  { to, counts }: ThroughputCounted,
  { dayOf, countedUpTo }: ProjectionFacts,
): ProjectionChange[] {
  const day = dayOf(happenedAtMs({ occurredAt: to, clock: event.clock }));
  return counts.flatMap((count) => {
    const source = { counter: count.counter, ...count.source };
    const stands = countedUpTo(source);
    const total = edgeTotalOf(count.counter);
    const changes: ProjectionChange[] = [
      { kind: 'counted-up-to', source, grams: Math.max(stands ?? 0, count.sourceGrams) },
      { kind: 'counted-up-to', source: total, grams: Math.max(countedUpTo(total) ?? 0, count.totalGrams) },
    ];
    const outlet = outletOf(count);
    const grams = newGrams(count, stands);
    if (outlet !== null && grams > 0) changes.push({ kind: 'sorted', day, outlet, grams });
    return changes;
  });
}

/**
 * Where a ledger begins, its edge may have counted more than this server had seen by telemetry. The rest counts
 * on the day of the beginning. An edge that this server never counted was counted by another one.
 */
function countedBefore(
  atMs: number,
  { reason, countedBefore: before }: LedgerOpened,
  { dayOf, countedUpTo, countedBeforeLedger }: ProjectionFacts,
): ProjectionChange[] {
  if (reason !== 'new') return [];
  return before.flatMap(({ counter, grams }) => {
    const outlet = outletOf({ counter });
    const total = edgeTotalOf(counter);
    const seen = outlet === null ? null : countedBeforeLedger(outlet);
    if (outlet === null || seen === null) return [];
    const stands = Math.max(seen, countedUpTo(total) ?? 0);
    if (grams <= stands) return [];
    return [
      { kind: 'counted-up-to', source: total, grams },
      { kind: 'sorted', day: dayOf(atMs), outlet, grams: grams - stands },
    ];
  });
}

const OUTLET_COUNTER = 'outlet.';

/** @returns null when the counter is not one of an outlet. */
function outletOf({ counter }: Pick<Count, 'counter'>): string | null {
  if (!counter.startsWith(OUTLET_COUNTER)) return null;
  const outlet = counter.slice(OUTLET_COUNTER.length);
  return isId(outlet) ? outlet : null;
}

type WeighingOfEvent = Pick<WeighingTable, 'site' | 'line' | 'id' | 'at' | 'recordedAt'>;

function weighing(event: LedgerEvent): WeighingOfEvent {
  const { site, line, id, recordedAt } = event;
  return { site, line, id, at: happenedAtMs(event), recordedAt };
}

type WeighingPayload = Omit<WeighingSaid, keyof WeighingOfEvent>;

/** What only some kinds of row have. */
const NOT_SAID = {
  source: null,
  number: null,
  toNumber: null,
  grossGrams: null,
  tareGrams: null,
  tareKind: null,
  netGrams: null,
  intervalGrams: null,
  verification: null,
  verificationDue: null,
  reason: null,
};

function recorded({ stable: _always, simulated, ...said }: Weighing): WeighingPayload {
  return { ...NOT_SAID, ...said, kind: 'recorded', simulated: Number(simulated) };
}

function refused({ simulated, ...said }: WeighingRefused): WeighingPayload {
  return { ...NOT_SAID, ...said, kind: 'refused', simulated: Number(simulated) };
}

function missed({ simulated, fromNumber, ...said }: WeighingMissed): WeighingPayload {
  return { ...NOT_SAID, ...said, kind: 'missed', number: fromNumber, simulated: Number(simulated) };
}
