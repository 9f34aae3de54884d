import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inTransaction, openPlantFile, saveImageSql, type PlantFile } from './plant-file.ts';
import type { BinId } from './plant/outlets.ts';
import type { Fabric } from './plant/materials.ts';
import type { Bale, NirResult, Plant } from './plant/plant-state.ts';
import { upgradePlant } from './plant/upgrade-plant.ts';

/** Results that the NIR station keeps. */
export const ringSize = 256;
/** Bales that are given back at once. */
export const maxBalesListed = 10_000;

/** What is saved together, in one commit. */
export interface Saving {
  readonly plant: Plant;
  readonly bales: readonly Bale[];
  readonly reads: readonly NirResult[];
}

export type OpenedStore =
  | { readonly kind: 'opened'; readonly store: PlantStore; readonly plant: Plant | null }
  | { readonly kind: 'refused'; readonly reason: string };

const schema = `
  CREATE TABLE IF NOT EXISTS bale (
    number INTEGER PRIMARY KEY, outlet TEXT NOT NULL, massG INTEGER NOT NULL,
    indicatedG INTEGER NOT NULL, alibi INTEGER NOT NULL, atMs INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS nirResult (
    slot INTEGER PRIMARY KEY, seq INTEGER NOT NULL, atMs INTEGER NOT NULL, item INTEGER NOT NULL,
    fabric TEXT NOT NULL, dirty INTEGER NOT NULL, called TEXT NOT NULL);
`;

/** The memory of the automatic plant on disk. */
export class PlantStore {
  /** Of the plant: the same as long as its file is kept. */
  readonly life: string;
  #database: DatabaseSync;
  #saveImage: StatementSync;
  #saveBale: StatementSync;
  #saveRead: StatementSync;

  constructor({ database, life }: PlantFile) {
    this.#database = database;
    this.life = life;
    this.#saveImage = database.prepare(saveImageSql('automatic'));
    this.#saveBale = database.prepare('INSERT INTO bale VALUES (?, ?, ?, ?, ?, ?)');
    this.#saveRead = database.prepare('INSERT OR REPLACE INTO nirResult VALUES (?, ?, ?, ?, ?, ?, ?)');
  }

  /** Durable when it returns. Throws when the disk refuses: nothing of it may then be shown. */
  commit(saving: Saving): void {
    inTransaction(this.#database, () => {
      this.#saveImage.run(JSON.stringify(saving.plant));
      for (const bale of saving.bales) {
        const { number, outlet, massG, indicatedG, alibi, atMs } = bale;
        this.#saveBale.run(number, outlet, massG, indicatedG, alibi, Math.round(atMs));
      }
      for (const read of saving.reads) {
        const { seq, atMs, index, fabric, dirty, called } = read;
        this.#saveRead.run(seq % ringSize, seq, Math.round(atMs), index, fabric, Number(dirty), called);
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
    }));
  }

  /** The results still in the NIR station's ring, oldest first. */
  reads(): NirResult[] {
    const rows = this.#database.prepare('SELECT * FROM nirResult ORDER BY seq').all();
    return rows.map((row) => ({
      seq: Number(row['seq']),
      atMs: Number(row['atMs']),
      index: Number(row['item']),
      fabric: row['fabric'] as Fabric,
      dirty: row['dirty'] === 1,
      called: row['called'] as Fabric | 'unreadable',
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
  const plant = opened.file.image === null ? null : upgradePlant(JSON.parse(opened.file.image));
  return { kind: 'opened', store: new PlantStore(opened.file), plant };
}
