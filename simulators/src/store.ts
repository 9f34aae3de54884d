import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inTransaction, openPlantFile, saveImageSql, type PlantFile } from './plant-file.ts';
import type { Composition } from './plant/composition.ts';
import type { BinId } from './plant/outlets.ts';
import type { Plant } from './plant/plant-state.ts';
import type { Bale, Fall, NirResult } from './plant/step-events.ts';
import { keepCompositions, moveOldResults } from './store-upgrade.ts';
import { upgradePlant } from './plant/upgrade-plant.ts';

/** Results that the NIR station keeps. */
export const ringSize = 256;
/** Garments that were read and whose truth is kept. */
export const itemsKept = 16_384;
/** Bales that are given back at once. */
export const maxBalesListed = 10_000;

/** What is saved together, in one commit. */
export interface Saving {
  readonly plant: Plant;
  readonly bales: readonly Bale[];
  readonly reads: readonly NirResult[];
  readonly falls: readonly Fall[];
}

/** A garment that was read; `outlet` is null until it has fallen. */
export interface ReadItem {
  readonly result: NirResult;
  readonly outlet: BinId | null;
}

export type OpenedStore =
  | { readonly kind: 'opened'; readonly store: PlantStore; readonly plant: Plant | null }
  | { readonly kind: 'refused'; readonly reason: string };

const schema = `
  CREATE TABLE IF NOT EXISTS bale (
    number INTEGER PRIMARY KEY, outlet TEXT NOT NULL, massG INTEGER NOT NULL,
    indicatedG INTEGER NOT NULL, alibi INTEGER NOT NULL, atMs INTEGER NOT NULL, inside TEXT);
  CREATE TABLE IF NOT EXISTS nirItem (
    slot INTEGER PRIMARY KEY, seq INTEGER NOT NULL, result TEXT NOT NULL, outlet TEXT);
`;

/** The memory of the automatic plant on disk. */
export class PlantStore {
  /** Of the plant: the same as long as its file is kept. */
  readonly life: string;
  #database: DatabaseSync;
  #saveImage: StatementSync;
  #saveBale: StatementSync;
  #saveRead: StatementSync;
  #saveFall: StatementSync;

  constructor({ database, life }: PlantFile) {
    this.#database = database;
    this.life = life;
    this.#saveImage = database.prepare(saveImageSql('automatic'));
    this.#saveBale = database.prepare('INSERT INTO bale VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#saveRead = database.prepare('INSERT OR REPLACE INTO nirItem VALUES (?, ?, ?, NULL)');
    this.#saveFall = database.prepare('UPDATE nirItem SET outlet = ? WHERE slot = ? AND seq = ?');
  }

  /** Durable when it returns. Throws when the disk refuses: nothing of it may then be shown. */
  commit(saving: Saving): void {
    inTransaction(this.#database, () => {
      this.#saveImage.run(JSON.stringify(saving.plant));
      for (const bale of saving.bales) {
        const { number, outlet, massG, indicatedG, alibi, atMs, inside } = bale;
        const made = JSON.stringify(inside);
        this.#saveBale.run(number, outlet, massG, indicatedG, alibi, atMs, made);
      }
      for (const read of saving.reads) {
        this.#saveRead.run(read.seq % itemsKept, read.seq, JSON.stringify(read));
      }
      for (const { seq, outlet } of saving.falls) {
        this.#saveFall.run(outlet, seq % itemsKept, seq);
      }
    });
  }

  /** The last bales, oldest first, at most `maxBalesListed`. */
  bales(): Bale[] {
    const rows = this.#database
      .prepare('SELECT * FROM (SELECT * FROM bale ORDER BY number DESC LIMIT ?) ORDER BY number')
      .all(maxBalesListed);
    return rows.map((row) => ({
      number: Number(row['number']),
      outlet: row['outlet'] as BinId,
      massG: Number(row['massG']),
      indicatedG: Number(row['indicatedG']),
      alibi: Number(row['alibi']),
      atMs: Number(row['atMs']),
      inside: JSON.parse(String(row['inside'])) as Composition,
    }));
  }

  /** The last garments that were read, oldest first, at most `itemsKept`. */
  items(): ReadItem[] {
    const rows = this.#database.prepare('SELECT result, outlet FROM nirItem ORDER BY seq').all();
    return rows.map((row) => ({
      result: JSON.parse(String(row['result'])) as NirResult,
      outlet: row['outlet'] as BinId | null,
    }));
  }

  close(): void {
    this.#database.close();
  }
}

/** Opens the automatic plant's memory in `directory`; `plant` is null the first time. See {@link openPlantFile}. */
export function openStore(directory: string): OpenedStore {
  const opened = openPlantFile(directory, 'automatic', schema);
  if (opened.kind === 'refused') return opened;
  const { database } = opened.file;
  inTransaction(database, () => {
    keepCompositions(database);
    moveOldResults(database, itemsKept);
  });
  const plant = opened.file.image === null ? null : upgradePlant(JSON.parse(opened.file.image));
  return { kind: 'opened', store: new PlantStore(opened.file), plant };
}
