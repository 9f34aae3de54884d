/** How counters lie in the state file: one row each. Grams are 64-bit integers, in JSON as decimal text. */
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { DatabaseSync } from 'node:sqlite';
import { ENDED_MAX, type EndedCount, type KeptCount } from '../domain/line-counts.ts';

export const COUNTS_TABLE = `
  CREATE TABLE IF NOT EXISTS counts (
    name TEXT PRIMARY KEY,
    device TEXT NOT NULL,
    tag TEXT NOT NULL,
    reads TEXT NOT NULL,
    last_grams INTEGER,
    counted_grams INTEGER NOT NULL,
    went_back_from_grams INTEGER,
    generation INTEGER NOT NULL DEFAULT 0,
    ended TEXT NOT NULL DEFAULT '[]'
  ) STRICT;
`;

/** From the first version of the table: it knew no generations. */
export const COUNTS_FROM_VERSION_1 = `
  ALTER TABLE counts ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE counts ADD COLUMN ended TEXT NOT NULL DEFAULT '[]';
`;

const Grams = Type.String({ pattern: '^\\d{1,19}$' });
const Ended = Type.Array(
  Type.Object({
    device: Type.String(),
    tag: Type.String(),
    reads: Type.String(),
    generation: Type.Integer({ minimum: 0 }),
    countedGrams: Grams,
    sourceGrams: Grams,
    fellToGrams: Type.Union([Grams, Type.Null()]),
  }),
  { maxItems: ENDED_MAX },
);
const ended = Compile(Ended);

/** @throws when a row is not what was written. */
export function readCounts(db: DatabaseSync): readonly KeptCount[] {
  const select = db.prepare('SELECT * FROM counts');
  select.setReadBigInts(true);
  return select.all().map((row) => ({
    name: String(row['name']),
    source: { device: String(row['device']), tag: String(row['tag']) },
    reads: String(row['reads']),
    state: {
      lastGrams: bigintOrNull(row['last_grams']),
      countedGrams: bigintOrNull(row['counted_grams']) ?? 0n,
      wentBackFromGrams: bigintOrNull(row['went_back_from_grams']),
      generation: Number(row['generation']),
    },
    ended: readEnded(String(row['ended'])),
  }));
}

/** To be called within a transaction. */
export function writeCounts(db: DatabaseSync, counts: readonly KeptCount[]): void {
  const upsert = db.prepare(
    `INSERT INTO counts
       (name, device, tag, reads, last_grams, counted_grams, went_back_from_grams, generation, ended)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET device = excluded.device, tag = excluded.tag, reads = excluded.reads,
       last_grams = excluded.last_grams, counted_grams = excluded.counted_grams,
       went_back_from_grams = excluded.went_back_from_grams, generation = excluded.generation,
       ended = excluded.ended`,
  );
  for (const { name, source, reads, state, ended: lives } of counts) {
    const { lastGrams, countedGrams, wentBackFromGrams, generation } = state;
    const { device, tag } = source;
    const past = JSON.stringify(lives.map(asRow));
    upsert.run(name, device, tag, reads, lastGrams, countedGrams, wentBackFromGrams, generation, past);
  }
}

function asRow({ source, reads, generation, ...life }: EndedCount): Static<typeof Ended>[number] {
  return {
    ...source,
    reads,
    generation,
    countedGrams: String(life.countedGrams),
    sourceGrams: String(life.sourceGrams),
    fellToGrams: life.fellToGrams === null ? null : String(life.fellToGrams),
  };
}

function readEnded(text: string): readonly EndedCount[] {
  const value: unknown = JSON.parse(text);
  if (!ended.Check(value)) throw new Error('the ended lives of a counter are not what was written');
  return value.map(({ device, tag, reads, generation, countedGrams, sourceGrams, fellToGrams }) => ({
    source: { device, tag },
    reads,
    generation,
    countedGrams: BigInt(countedGrams),
    sourceGrams: BigInt(sourceGrams),
    fellToGrams: fellToGrams === null ? null : BigInt(fellToGrams),
  }));
}

function bigintOrNull(value: unknown): bigint | null {
  return typeof value === 'bigint' ? value : null;
}
