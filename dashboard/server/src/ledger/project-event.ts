/**
 * What an event changes in the tables that follow from the ledger. Pure, and without a clock: the same events in
 * the same order give the same rows.
 */
import { canonicalJson } from '@trame/protocol/canonical-json';
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
import type { AlarmChange } from '../alarms/alarm-book.ts';
import { itemsChange, type ItemsChange } from '../classification/item-batches.ts';
import type { PressProposalTable } from '../commands/command-tables.ts';
import { commandEnded, commandRequested, type LineCommandChange } from '../commands/project-command.ts';
import type { MaterialChange } from '../material/project/material-change.ts';
import { programmeFollowed, type ProgrammeFollowed } from '../sort-programmes/followed-programmes.ts';
import type { LineCountTable, LineModeTable } from '../stops/stop-tables.ts';
import { LINE_ITSELF, type CountChange } from './count-book.ts';
import { countedFurther, countOnLife, type ToldLife } from './count-overlap.ts';
import type {
  DeviceStateTable,
  LineStateTable,
  ScaleVerificationTable,
  TelemetryGapTable,
  UncountedTable,
  WeighingTable,
} from './ledger-tables.ts';

/** What a row of each table that gets one of an event looks like. */
export interface EventTables {
  readonly line_states: LineStateTable;
  readonly device_states: DeviceStateTable;
  readonly scale_verifications: ScaleVerificationTable;
  readonly telemetry_gaps: TelemetryGapTable;
  readonly uncounted: UncountedTable;
  readonly line_modes: LineModeTable;
  readonly line_counts: LineCountTable;
  readonly press_proposals: PressProposalTable;
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
  | CountChange
  | AlarmChange
  | LineCommandChange
  | ProgrammeFollowed
  | ItemsChange
  | MaterialChange
  | { readonly kind: 'sorted'; readonly day: string; readonly outlet: string; readonly grams: number };

export interface ProjectionFacts {
  /** Local day of the site, `YYYY-MM-DD`. */
  readonly dayOf: (atMs: number) => string;
  /** What was told of the lives of a counter of this line. */
  readonly toldOf: (counter: string) => readonly ToldLife[];
  /** The edge's own total of each counter, as its last event said it. */
  readonly edgeTotals: ReadonlyMap<string, number>;
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
      return [
        { kind: 'row', table: 'scale_verifications', row },
        { kind: 'scale-verified', event, said: known.payload },
      ];
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
      // How its alarms stand the edge says anew: a copy does not know what became of them since, a new one of none.
      return [
        { kind: 'alarms-forgotten', moment: { ...own, seq: event.seq, at } },
        { kind: 'alarm-flood', row: { ...own, at, phase: 'ended', alarms: 0 } },
        ...countedBefore(event, known.payload, facts),
      ];
    case 'edge.started':
      return [{ kind: 'edge-started', event, said: known.payload }];
    case 'mode.changed':
      return [{ kind: 'row', table: 'line_modes', row: { ...own, at, mode: known.payload.mode } }];
    case 'alarm.declared':
    case 'alarm.withdrawn':
    case 'alarm.changed':
      return [{ kind: 'alarm', moment: { ...own, seq: event.seq, at }, said: known }];
    case 'alarm.flood': {
      const { phase, alarms } = known.payload;
      return [{ kind: 'alarm-flood', row: { ...own, at, phase, alarms } }];
    }
    case 'command.requested':
      return [commandRequested(event, known.payload)];
    case 'command.ended':
      return [commandEnded(event, known.payload)];
    case 'press.ejected': {
      const { press, outlet, bales, missed } = known.payload;
      return [{ kind: 'row', table: 'press_proposals', row: { ...own, at, press, outlet, bales, missed } }];
    }
    case 'programme.active':
      return [programmeFollowed(event, known.payload)];
    case 'items.sorted':
      return [itemsChange(event, known.payload, facts.dayOf)];
    case 'edge.stopped':
    case 'total.wentBack':
    case 'total.replaced':
    case 'records.lost':
    case 'clock.stepped':
    case 'clock.confirmed':
    case 'control.changed':
    // In the journal; no table shows them yet.
    case 'verdict.changed':
      return [];
    default:
      return [{ kind: 'material', event, said: known }];
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
  { from, to, counts }: ThroughputCounted,
  { dayOf, toldOf }: ProjectionFacts,
): ProjectionChange[] {
  const { epoch, clock } = event;
  const at = happenedAtMs({ occurredAt: to, clock });
  const fell = new Fallen();
  const changes = counts.flatMap((count) => {
    const { counter, totalGrams } = count;
    const { told, grams, hole } = countOnLife(toldOf(counter), epoch, count, at);
    const changes: ProjectionChange[] = [
      ...told.map((one) => ({ kind: 'told-life' as const, counter, told: one })),
      { kind: 'edge-total', counter, grams: totalGrams },
    ];
    fell.add(counter, grams);
    const outlet = outletOf(count);
    if (outlet === null) return changes;
    if (grams > 0) changes.push({ kind: 'sorted', day: dayOf(at), outlet, grams });
    if (hole !== null) {
      const toAt = Math.max(hole.since, happenedAtMs({ occurredAt: from, clock }));
      changes.push(uncounted(event, { counter, grams: hole.grams, fromAt: hole.since, toAt }));
    }
    return changes;
  });
  return [...changes, ...fell.changes(event, at, happenedAtMs({ occurredAt: from, clock }))];
}

/**
 * Where a ledger begins, its edge may have counted more than it had told: by telemetry before there were ledgers, or
 * by a ledger that was lost. The rest counts on the day of the beginning. An edge that this server never counted was
 * counted by another one: that is told, and counts nothing.
 */
function countedBefore(
  event: LedgerEvent,
  { reason, countedBefore: before }: LedgerOpened,
  { dayOf, toldOf, edgeTotals, countedBeforeLedger }: ProjectionFacts,
): ProjectionChange[] {
  if (reason !== 'new') return [];
  const at = happenedAtMs(event);
  const fell = new Fallen();
  const says = new Map(before.map(({ counter, grams }) => [counter, grams]));
  const silent = [...edgeTotals.keys()].filter((counter) => !says.has(counter));
  const changes: ProjectionChange[] = [LINE_ITSELF, ...silent].map((counter) => {
    // It counts from the beginning again.
    return { kind: 'edge-total', counter, grams: 0 };
  });
  for (const [counter, grams] of says) {
    const outlet = outletOf({ counter });
    const stands =
      edgeTotals.get(counter) ??
      (outlet === null ? null : countedBeforeLedger(outlet)) ??
      (edgeTotals.has(LINE_ITSELF) ? 0 : null);
    changes.push({ kind: 'edge-total', counter, grams: Math.max(grams, stands ?? 0) });
    if (stands === null) {
      if (outlet !== null && grams > 0) {
        changes.push(uncounted(event, { counter, grams, fromAt: null, toAt: at }));
      }
      continue;
    }
    const untold = grams - stands;
    if (untold <= 0) continue;
    fell.add(counter, untold);
    const further = countedFurther(toldOf(counter), untold, at);
    changes.push(...further.map((told) => ({ kind: 'told-life' as const, counter, told })));
    if (outlet !== null) changes.push({ kind: 'sorted', day: dayOf(at), outlet, grams: untold });
  }
  return [...changes, ...fell.changes(event, at)];
}

function uncounted(
  { site, line, id }: LedgerEvent,
  row: Omit<UncountedTable, 'site' | 'line' | 'id'>,
): RowChange<'uncounted'> {
  return { kind: 'row', table: 'uncounted', row: { site, line, id, ...row } };
}

const OUTLET_COUNTER = 'outlet.';
/** Of the infeed scale. */
const INPUT_COUNTER = 'input';

/** What counts of one event, whichever counters told it: whose material that was is for the book to say. */
class Fallen {
  #inputGrams = 0;
  readonly #outlets: { readonly outlet: string; readonly grams: number }[] = [];

  add(counter: string, grams: number): void {
    if (grams <= 0) return;
    const outlet = outletOf({ counter });
    if (counter === INPUT_COUNTER) this.#inputGrams += grams;
    else if (outlet !== null) this.#outlets.push({ outlet, grams });
  }

  /** @param from when it began to fall; what nobody saw fall, fell at once. */
  changes(event: LedgerEvent, at: number, from: number = at): readonly ProjectionChange[] {
    const counted = { inputGrams: this.#inputGrams, outlets: this.#outlets };
    if (counted.inputGrams === 0 && counted.outlets.length === 0) return [];
    const { site, line, id } = event;
    const grams: Record<string, number> = {};
    for (const { outlet, grams: fell } of this.#outlets) grams[outlet] = (grams[outlet] ?? 0) + fell;
    const row = { site, line, id, fromAt: Math.min(from, at), toAt: at, inputGrams: this.#inputGrams };
    return [
      { kind: 'row', table: 'line_counts', row: { ...row, outlets: canonicalJson(grams) } },
      { kind: 'counted', event, at, counted },
    ];
  }
}

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
