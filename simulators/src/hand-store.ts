import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { HandOutput, HandPlant } from './hand/hand-state.ts';
import { inTransaction, openPlantFile, saveImageSql, type PlantFile } from './plant-file.ts';
import { maxBalesListed } from './store.ts';

/** An output in the moment in which it was first weighed. */
export interface WeighedOutput {
  readonly output: HandOutput;
  /** Whole ms since 1970 UTC. */
  readonly atMs: number;
}

export type OpenedHandStore =
  | { readonly kind: 'opened'; readonly store: HandStore; readonly plant: HandPlant | null }
  | { readonly kind: 'refused'; readonly reason: string };

const schema =
  'CREATE TABLE IF NOT EXISTS output (place INTEGER PRIMARY KEY AUTOINCREMENT, atMs INTEGER NOT NULL, output TEXT NOT NULL)';

/** The memory of a hand line on disk. */
export class HandStore {
  /** Of the plant: the same as long as its file is kept. */
  readonly life: string;
  #database: DatabaseSync;
  #saveImage: StatementSync;
  #saveOutput: StatementSync;

  constructor({ database, life }: PlantFile) {
    this.#database = database;
    this.life = life;
    this.#saveImage = database.prepare(saveImageSql('manual'));
    this.#saveOutput = database.prepare('INSERT INTO output (atMs, output) VALUES (?, ?)');
  }

  /** Durable when it returns. Throws when the disk refuses: nothing of it may then be shown. */
  commit(plant: HandPlant, outputs: readonly WeighedOutput[]): void {
    inTransaction(this.#database, () => {
      this.#saveImage.run(JSON.stringify(plant));
      for (const { atMs, output } of outputs) this.#saveOutput.run(atMs, JSON.stringify(output));
    });
  }

  /** The last outputs that were weighed, oldest first, at most `maxBalesListed`. */
  outputs(): WeighedOutput[] {
    const rows = this.#database
      .prepare('SELECT * FROM (SELECT * FROM output ORDER BY place DESC LIMIT ?) ORDER BY place')
      .all(maxBalesListed);
    return rows.map((row) => ({
      atMs: Number(row['atMs']),
      output: JSON.parse(String(row['output'])) as HandOutput,
    }));
  }

  close(): void {
    this.#database.close();
  }
}

/** Opens a hand line's memory in `directory`; `plant` is null the first time. See {@link openPlantFile}. */
export function openHandStore(directory: string): OpenedHandStore {
  const opened = openPlantFile(directory, 'manual', schema);
  if (opened.kind === 'refused') return opened;
  const plant = opened.file.image === null ? null : (JSON.parse(opened.file.image) as HandPlant);
  return { kind: 'opened', store: new HandStore(opened.file), plant };
}
