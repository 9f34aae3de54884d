/**
 * Where each counter stands when the edge starts: by its own row, unless the configuration changed. A total that is
 * counted under another name now goes on from where it stood; one that was never counted starts at its first value.
 */
import { countedUpTo, NOTHING_COUNTED, type Baseline } from './count-total.ts';
import { ENDED_MAX, type CounterDefinition, type EndedCount, type KeptCount } from './line-counts.ts';
import { isSameTotal, type TotalSource } from './source-identity.ts';

export interface StartedCount {
  readonly row: KeptCount;
  readonly baseline: Baseline;
  /** Whether the row is not what lies on disk. */
  readonly isNew: boolean;
  /** Name of the total that is counted no longer; null: the counter goes on, or is the first of its name. */
  readonly replaced: TotalSource | null;
  /** Name of the counter that this one goes on from. */
  readonly goesOnFrom: string | null;
}

export interface StartedCounts {
  /** In the order of the definitions. */
  readonly counters: readonly StartedCount[];
  /** Counters that are configured no longer. */
  readonly retired: readonly KeptCount[];
  /** Names of those whose total another counter took over: their rows are not what lies on disk. */
  readonly handedOver: readonly string[];
}

/** @param rows every counter as it is known, those that are configured no longer included. */
export function startCounts(
  definitions: readonly CounterDefinition[],
  rows: readonly KeptCount[],
): StartedCounts {
  const defined = new Map(definitions.map((definition) => [definition.name, definition]));
  const own = new Map(rows.map((row) => [row.name, row]));
  const free = rows.filter((row) => {
    const now = defined.get(row.name);
    return row.state.lastGrams !== null && (now === undefined || !isSameTotal(row, now));
  });
  const handedOver = new Set<string>();
  const counters = definitions.map((definition) => {
    const row = own.get(definition.name) ?? null;
    if (row !== null && row.state.lastGrams !== null && isSameTotal(row, definition)) {
      return goOn(definition, row);
    }
    const before =
      free
        .filter((one) => isSameTotal(one, definition))
        .toSorted(byLength)
        .at(-1) ?? null;
    if (before !== null) handedOver.add(before.name);
    return begin(definition, row, before);
  });
  const retired = rows
    .filter(({ name }) => !defined.has(name))
    .map((row) => (handedOver.has(row.name) ? { ...row, ...ending(row) } : row));
  return { counters, retired, handedOver: [...handedOver].filter((name) => !defined.has(name)) };
}

/** Of several that counted the same total, the one that came furthest is the last. */
function byLength(one: KeptCount, other: KeptCount): number {
  return (countedUpTo(one.state) ?? 0n) < (countedUpTo(other.state) ?? 0n) ? -1 : 1;
}

function goOn({ name, source, reads, baseline }: CounterDefinition, row: KeptCount): StartedCount {
  const isRenamed =
    row.reads !== reads || row.source.device !== source.device || row.source.tag !== source.tag;
  const { state, ended } = row;
  return {
    row: { name, source, reads, state, ended },
    baseline,
    isNew: isRenamed,
    replaced: null,
    goesOnFrom: null,
  };
}

function begin(
  { name, source, reads, baseline }: CounterDefinition,
  row: KeptCount | null,
  before: KeptCount | null,
): StartedCount {
  const { state, ended } = row === null ? { state: NOTHING_COUNTED, ended: [] } : ending(row);
  const { lastGrams, wentBackFromGrams } = before?.state ?? NOTHING_COUNTED;
  const isReplaced = row !== null && row.state.lastGrams !== null;
  return {
    row: { name, source, reads, state: { ...state, lastGrams, wentBackFromGrams }, ended },
    // The difference between two totals is not material that fell, nor is the life of a total that came later.
    baseline: row === null ? baseline : 'first',
    isNew: isReplaced || before !== null,
    replaced: isReplaced ? { source: row.source, reads: row.reads } : null,
    goesOnFrom: before?.name ?? null,
  };
}

/** @returns a counter whose total is its own no longer: the life ends, what it counted stays. */
function ending({ source, reads, state, ended }: KeptCount): Pick<KeptCount, 'state' | 'ended'> {
  const { countedGrams, generation } = state;
  const sourceGrams = countedUpTo(state);
  if (sourceGrams === null) return { state, ended };
  const life: EndedCount = { source, reads, generation, countedGrams, sourceGrams, fellToGrams: null };
  return {
    state: { ...NOTHING_COUNTED, countedGrams, generation: generation + 1 },
    ended: [...ended, life].slice(-ENDED_MAX),
  };
}
