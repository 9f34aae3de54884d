/**
 * Carries what events say of weighings into their table. The number that the scale gave a weighing is its identity: a
 * ledger that was restored or replaced tells of the same one by another event. In the order in which events were
 * stored, however they are cut into calls.
 */
import type { Transaction } from 'kysely';
import type { Tables } from '../records/tables.ts';
import { counted, seenAt } from './count-life.ts';
import type { LineAddress } from './judge-event.ts';
import type { WeighingTable } from './ledger-tables.ts';
import { beyondRuns, restOf, runOf, without } from './missed-run.ts';
import { parts } from './parts.ts';
import type { WeighingChange, WeighingSaid } from './project-event.ts';
import { instrumentText, ScaleCounts, type InstrumentKey } from './scale-counts.ts';
import {
  isOf,
  runsAcross,
  trimmed,
  weighedIn,
  type CountedInstrument,
  type RunRow,
} from './weighing-numbers.ts';

type Placed = WeighingSaid & Pick<WeighingTable, 'countLife'>;

export async function writeWeighings(
  transaction: Transaction<Tables>,
  address: LineAddress,
  changes: readonly WeighingChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const counts = await ScaleCounts.load(transaction, address);
  let waiting: Placed[] = [];
  for (const change of changes) {
    if (change.kind === 'scale-seen') {
      counts.move(change, seenAt(counts.standing(change), change.epoch, change.number));
      continue;
    }
    const { said, epoch } = change;
    const range = numbersOf(said);
    if (range === null) {
      waiting.push({ ...said, countLife: 0 });
      continue;
    }
    const next = counted(counts.standing(said), epoch, range.from, range.to);
    counts.move(said, next);
    const placed = { ...said, countLife: next.life };
    if (said.kind !== 'missed') {
      waiting.push(placed);
      continue;
    }
    // What is missed hangs on all that was recorded before.
    await writeSeen(transaction, waiting);
    waiting = [];
    await writeMissed(transaction, placed, range.from, range.to);
  }
  await writeSeen(transaction, waiting);
  await counts.save(transaction);
}

/** Refused for the number that was shown: it says nothing of how far the scale has counted. */
const NUMBER_REFUSALS: ReadonlySet<string | null> = new Set(['duplicate-alibi', 'went-back']);

/** @returns the numbers that were counted, or null: it has none, or was not counted under it. */
function numbersOf({ kind, number, toNumber, reason }: WeighingSaid): { from: number; to: number } | null {
  if (number === null || (kind === 'refused' && NUMBER_REFUSALS.has(reason))) return null;
  return { from: number, to: kind === 'missed' ? (toNumber ?? number) : number };
}

/** Weighings that were recorded or refused. */
async function writeSeen(transaction: Transaction<Tables>, rows: readonly Placed[]): Promise<void> {
  const told = await loadTold(transaction, rows);
  const fresh: WeighingTable[] = [];
  const first: Placed[] = [];
  for (const row of rows) {
    if (row.kind !== 'recorded' || row.number === null) {
      fresh.push({ ...row, missing: null, contradicts: null });
      continue;
    }
    const before = told.get(identityText(row));
    if (before?.netGrams.has(row.netGrams) === true) continue;
    fresh.push({ ...row, missing: null, contradicts: before?.id ?? null });
    if (before === undefined) {
      told.set(identityText(row), { id: row.id, netGrams: new Set([row.netGrams]) });
      first.push(row);
    } else before.netGrams.add(row.netGrams);
  }
  for (const part of parts(fresh)) await transaction.insertInto('weighings').values(part).execute();
  await fillRuns(transaction, first);
}

interface Told {
  /** Of the first. */
  readonly id: string;
  /** Every weight that was told. */
  readonly netGrams: Set<number | null>;
}

/** @returns what was recorded before under the numbers of these, by identity. */
async function loadTold(
  transaction: Transaction<Tables>,
  rows: readonly Placed[],
): Promise<Map<string, Told>> {
  const told = new Map<string, Told>();
  const numbered = rows.filter(({ kind, number }) => kind === 'recorded' && number !== null);
  for (const ofOne of byText(numbered, instrumentText)) {
    const numbers = [...new Set(ofOne.map(({ number }) => number ?? 0))];
    for (const part of parts(numbers)) {
      const found = await transaction
        .selectFrom('weighings')
        .select(['id', 'site', 'line', 'scale', 'serial', 'alibiEpoch', 'countLife', 'source', 'number'])
        .select(['netGrams', 'contradicts'])
        .where((where) => isOf(where, ofOne[0]))
        .where('kind', '=', 'recorded')
        .where('number', 'in', part)
        .execute();
      // The first of each before those that contradict it.
      const ordered = found.toSorted(
        (a, b) => Number(a.contradicts !== null) - Number(b.contradicts !== null),
      );
      for (const row of ordered) {
        const before = told.get(identityText(row));
        if (before === undefined)
          told.set(identityText(row), { id: row.id, netGrams: new Set([row.netGrams]) });
        else before.netGrams.add(row.netGrams);
      }
    }
  }
  return told;
}

async function writeMissed(
  transaction: Transaction<Tables>,
  row: Placed,
  from: number,
  to: number,
): Promise<void> {
  const across = await runsAcross(transaction, row, { from, to });
  const range = beyondRuns({ from, to }, across);
  if (range === null) return;
  const isWhole = range.from === from && range.to === to;
  const inner = across.filter((run) => run.from >= range.from && run.to <= range.to);
  const weighed = await weighedIn(transaction, row, range);
  const rest = restOf(range, weighed, inner, isWhole ? row.netGrams : null);
  if (rest.missing <= 0) return;
  const told = await trimmed(transaction, row, range, inner);
  await transaction
    .insertInto('weighings')
    .values({
      ...row,
      number: told.from,
      toNumber: told.to,
      netGrams: rest.netGrams,
      missing: rest.missing,
      contradicts: null,
    })
    .execute();
}

/** Takes numbers that were recorded for the first time, and stand in the table, out of the runs that missed them. */
async function fillRuns(transaction: Transaction<Tables>, rows: readonly Placed[]): Promise<void> {
  for (const ofOne of byText(rows, (row) => JSON.stringify([instrumentText(row), row.countLife]))) {
    const numbers = ofOne.map(({ number }) => number ?? 0);
    const range = { from: Math.min(...numbers), to: Math.max(...numbers) };
    const before = await runsAcross(transaction, ofOne[0], range);
    const runs = new Map(before.map((run) => [run.id, run]));
    for (const { number, netGrams } of ofOne) {
      const run = runOf(number ?? 0, [...runs.values()]);
      if (run !== null) runs.set(run.id, without(run, netGrams ?? 0));
    }
    const changed = [...runs.values()].filter(({ id, missing }) => missing !== missingOf(before, id));
    const gone = new Set(changed.filter(({ missing }) => missing <= 0).map(({ id }) => id));
    for (const run of changed) {
      const others = await runsAcross(transaction, ofOne[0], run);
      const staying = others.filter(({ id }) => id !== run.id && !gone.has(id));
      await saveRun(transaction, ofOne[0], run, staying);
    }
  }
}

function missingOf(runs: readonly RunRow[], id: string): number | undefined {
  return runs.find((run) => run.id === id)?.missing;
}

async function saveRun(
  transaction: Transaction<Tables>,
  instrument: CountedInstrument,
  run: RunRow,
  others: readonly RunRow[],
): Promise<void> {
  const { site, line } = instrument;
  const { id, missing, netGrams } = run;
  if (missing <= 0) {
    await transaction
      .deleteFrom('weighings')
      .where('site', '=', site)
      .where('line', '=', line)
      .where('id', '=', id)
      .execute();
    return;
  }
  const { from, to } = await trimmed(transaction, instrument, run, others);
  await transaction
    .updateTable('weighings')
    .set({ number: from, toNumber: to, missing, netGrams })
    .where('site', '=', site)
    .where('line', '=', line)
    .where('id', '=', id)
    .execute();
}

/** @returns rows that share a text, together, each group in their order. */
function byText<T>(rows: readonly T[], textOf: (row: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const row of rows) {
    const group = groups.get(textOf(row));
    if (group === undefined) groups.set(textOf(row), [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

function identityText(row: InstrumentKey & Pick<WeighingTable, 'countLife' | 'source' | 'number'>): string {
  return JSON.stringify([instrumentText(row), row.countLife, row.source, row.number]);
}
