/** Carries what events change into the tables that follow from them, within the transaction of the events. */
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import type { Transaction } from 'kysely';
import { AlarmBook } from '../alarms/alarm-book.ts';
import { ALARM_PROJECTIONS } from '../alarms/alarm-tables.ts';
import { writeItems, type ItemsChange } from '../classification/item-batches.ts';
import { COMMAND_PROJECTIONS } from '../commands/command-tables.ts';
import { writeLineCommands, type LineCommandChange } from '../commands/project-command.ts';
import type { MaterialChange } from '../material/project/material-change.ts';
import { MATERIAL_PROJECTIONS, writeMaterial } from '../material/project/write-material.ts';
import type { Tables } from '../records/tables.ts';
import { writeFollowed, type ProgrammeFollowed } from '../sort-programmes/followed-programmes.ts';
import { CountBook } from './count-book.ts';
import { loadCounts, writeCounts } from './count-records.ts';
import type { LineAddress } from './judge-event.ts';
import { parts } from './parts.ts';
import {
  projectEvent,
  type EventTable,
  type EventTables,
  type ProjectionChange,
  type ProjectionFacts,
  type RowChange,
  type WeighingChange,
} from './project-event.ts';
import { writeWeighings } from './write-weighings.ts';

/** Every table that can be made again from the events. */
export const PROJECTION_TABLES = [
  'weighings',
  'scale_counts',
  'line_states',
  'device_states',
  'scale_verifications',
  'telemetry_gaps',
  'sorted',
  'count_lives',
  'edge_totals',
  'uncounted',
  'line_modes',
  'line_counts',
  'stop_causes',
  'shift_signatures',
  'programmes_followed',
  'item_batches',
  'item_days',
  ...ALARM_PROJECTIONS,
  ...COMMAND_PROJECTIONS,
  ...MATERIAL_PROJECTIONS,
] as const;

type EventRows = { readonly [K in EventTable]: EventTables[K][] };

interface Gathered {
  readonly rows: EventRows;
  readonly weighings: WeighingChange[];
  readonly sorted: Map<string, { readonly day: string; readonly outlet: string; grams: number }>;
  readonly counts: CountBook;
  readonly alarms: AlarmBook;
  readonly commands: LineCommandChange[];
  readonly followed: ProgrammeFollowed[];
  readonly items: ItemsChange[];
}

function isMaterial(change: ProjectionChange): change is MaterialChange {
  return 'event' in change;
}

/** What was stored of one line, one after the other. */
export interface LineTurn {
  readonly line: string;
  /** Each id once, and none that was projected before. */
  readonly events: readonly LedgerEvent[];
  /** False: what its scales counted, and its starts, were before there was a book of material. */
  readonly isInBook: boolean;
}

/**
 * @param events of one line, in the order in which they were stored; each id once, and none that was projected
 * before.
 * @returns whether they changed the book of material, in which the order between lines counts.
 */
export function writeProjections(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
  events: readonly LedgerEvent[],
  dayOf: (atMs: number) => string,
): Promise<boolean> {
  return writeTurns(transaction, site, [{ line, events, isInBook: true }], dayOf);
}

/** The same for lines of one site, in their turns. */
export async function writeTurns(
  transaction: Transaction<Tables>,
  site: string,
  turns: readonly LineTurn[],
  dayOf: (atMs: number) => string,
): Promise<boolean> {
  const lines = new Map<string, LineProjection>();
  const material: MaterialChange[] = [];
  for (const line of new Set(turns.map((turn) => turn.line))) {
    const events = turns.filter((turn) => turn.line === line).flatMap((turn) => turn.events);
    lines.set(line, await begin(transaction, { site, line }, events, dayOf));
  }
  for (const { line, events, isInBook } of turns) {
    const projection = lines.get(line);
    if (projection === undefined) throw new Error(`line ${line} was not begun`);
    for (const event of events) {
      for (const change of projectEvent(event, projection.facts)) {
        if (!isMaterial(change)) gather(projection.gathered, change);
        else if (isInBook || !BEFORE_THE_BOOK.has(change.kind)) material.push(change);
      }
    }
  }
  for (const [line, { gathered }] of lines) await write(transaction, { site, line }, gathered);
  await writeMaterial(transaction, site, material, dayOf);
  return material.length > 0;
}

/** What is left out of what was told before there was a book. */
const BEFORE_THE_BOOK: ReadonlySet<MaterialChange['kind']> = new Set(['counted', 'edge-started']);

const ALARM_TYPES = 'alarm.';

interface LineProjection {
  readonly gathered: Gathered;
  readonly facts: ProjectionFacts;
}

async function begin(
  transaction: Transaction<Tables>,
  address: LineAddress,
  events: readonly LedgerEvent[],
  dayOf: (atMs: number) => string,
): Promise<LineProjection> {
  const gathered: Gathered = {
    rows: {
      line_states: [],
      device_states: [],
      scale_verifications: [],
      telemetry_gaps: [],
      uncounted: [],
      line_modes: [],
      line_counts: [],
      press_proposals: [],
    },
    weighings: [],
    sorted: new Map(),
    counts: new CountBook(),
    alarms: new AlarmBook(),
    commands: [],
    followed: [],
    items: [],
  };
  if (events.some(({ type }) => type.startsWith(ALARM_TYPES) || type === 'ledger.opened')) {
    await gathered.alarms.load(transaction, address);
  }
  if (events.some(({ type }) => type === 'throughput.counted' || type === 'ledger.opened')) {
    await loadCounts(transaction, address, gathered.counts);
  }
  const before = events.some(({ type }) => type === 'ledger.opened')
    ? await countedBeforeLedger(transaction, address)
    : new Map<string, number>();
  const facts: ProjectionFacts = {
    dayOf,
    toldOf: (counter) => gathered.counts.toldOf(counter),
    edgeTotals: gathered.counts.edgeTotals,
    countedBeforeLedger: (outlet) => before.get(outlet) ?? null,
  };
  return { gathered, facts };
}

async function countedBeforeLedger(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
): Promise<Map<string, number>> {
  const rows = await transaction
    .selectFrom('counters_before_ledger')
    .select(['outlet', 'grams'])
    .where('site', '=', site)
    .where('line', '=', line)
    .execute();
  return new Map(rows.map(({ outlet, grams }) => [outlet, grams]));
}

function gather(
  { rows, weighings, sorted, counts, alarms, commands, followed, items }: Gathered,
  change: Exclude<ProjectionChange, MaterialChange>,
): void {
  switch (change.kind) {
    case 'row':
      gatherRow(rows, change);
      return;
    case 'weighing':
    case 'scale-seen':
      weighings.push(change);
      return;
    case 'sorted': {
      const key = JSON.stringify([change.day, change.outlet]);
      const sum = sorted.get(key);
      if (sum === undefined) sorted.set(key, { ...change });
      else sum.grams += change.grams;
      return;
    }
    case 'told-life':
    case 'edge-total':
      counts.apply(change);
      return;
    case 'alarm':
    case 'alarm-flood':
    case 'alarms-forgotten':
      alarms.apply(change);
      return;
    case 'command-requested':
    case 'command-ended':
      commands.push(change);
      return;
    case 'programme-followed':
      followed.push(change);
      return;
    case 'items':
      items.push(change);
      return;
  }
}

function gatherRow<K extends EventTable>(rows: EventRows, { table, row }: RowChange<K>): void {
  const ofTable: EventTables[K][] = rows[table];
  ofTable.push(row);
}

async function write(
  transaction: Transaction<Tables>,
  address: LineAddress,
  { rows, weighings, sorted, counts, alarms, commands, followed, items }: Gathered,
): Promise<void> {
  await writeWeighings(transaction, address, weighings);
  await insertAll(transaction, 'line_states', rows.line_states);
  await insertAll(transaction, 'device_states', rows.device_states);
  await insertAll(transaction, 'scale_verifications', rows.scale_verifications);
  await insertAll(transaction, 'telemetry_gaps', rows.telemetry_gaps);
  await insertAll(transaction, 'uncounted', rows.uncounted);
  await insertAll(transaction, 'line_modes', rows.line_modes);
  await insertAll(transaction, 'line_counts', rows.line_counts);
  await insertAll(transaction, 'press_proposals', rows.press_proposals);
  await alarms.write(transaction);
  await writeLineCommands(transaction, commands);
  await writeFollowed(transaction, followed);
  await writeItems(transaction, items);
  const { site, line } = address;
  for (const { day, outlet, grams } of sorted.values()) {
    await transaction
      .insertInto('sorted')
      .values({ site, line, day, outlet, grams })
      .onConflict((conflict) =>
        conflict
          .columns(['site', 'line', 'day', 'outlet'])
          .doUpdateSet((update) => ({ grams: update('sorted.grams', '+', grams) })),
      )
      .execute();
  }
  await writeCounts(transaction, address, counts);
}

async function insertAll<K extends EventTable>(
  transaction: Transaction<Tables>,
  table: K,
  rows: readonly EventTables[K][],
): Promise<void> {
  for (const part of parts(rows)) {
    // The query builder's types do not follow a table that is only known to be one of some.
    await transaction
      .insertInto(table as 'line_states')
      .values(part as Tables['line_states'][])
      .execute();
  }
}
