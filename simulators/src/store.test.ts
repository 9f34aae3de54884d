import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newPlant } from './plant/plant-state.ts';
import { conditioned, readOf } from './plant/test-reads.ts';
import { itemsKept, openStore, type PlantStore } from './store.ts';

let directory = '';
const open: PlantStore[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'trame-sim-store-'));
});

afterEach(() => {
  for (const store of open.splice(0)) store.close();
  rmSync(directory, { recursive: true });
});

function opened(): PlantStore {
  const result = openStore(directory);
  if (result.kind === 'refused') throw new Error(result.reason);
  open.push(result.store);
  return result.store;
}

function reopened(): PlantStore {
  for (const store of open.splice(0)) store.close();
  return opened();
}

const inside = { fibresG: { cotton: 70, polyester: 20 }, waterG: 10, unknownG: 0 };

describe('the memory of the plant', () => {
  it('keeps what was read, where it fell, and what bales are made of', () => {
    const odd = readOf('wool', 2, conditioned({ driftNm: 1.5, upsets: ['zeros'] }));
    const bale = {
      number: 1,
      outlet: 'csr',
      massG: 100,
      indicatedG: 100,
      alibi: 1,
      atMs: 5,
      inside,
    } as const;
    const plant = newPlant(1);
    const store = opened();
    store.commit({ plant, bales: [bale], reads: [readOf('cotton', 1), odd], falls: [] });
    store.commit({ plant, bales: [], reads: [], falls: [{ seq: 1, outlet: 'manuel' }] });
    const again = reopened();
    expect(again.bales()).toEqual([bale]);
    expect(again.items()).toEqual([
      { result: readOf('cotton', 1), outlet: 'manuel' },
      { result: odd, outlet: null },
    ]);
  });

  it('keeps a bounded number of them, and no fall of one that it forgot', () => {
    const plant = newPlant(1);
    const store = opened();
    const reads = Array.from({ length: itemsKept + 3 }, (_, index) => readOf('cotton', index + 1));
    store.commit({ plant, bales: [], reads, falls: [{ seq: 2, outlet: 'csr' }] });
    const items = reopened().items();
    expect(items).toHaveLength(itemsKept);
    expect(items[0]?.result.seq).toBe(4);
    expect(items.every(({ outlet }) => outlet === null)).toBe(true);
  });
});

/** The tables as they were before a garment's truth and the fibres of bales were kept. */
function makeOldFile(): void {
  opened().commit({ plant: newPlant(1), bales: [], reads: [], falls: [] });
  for (const store of open.splice(0)) store.close();
  const database = new DatabaseSync(join(directory, 'plant.sqlite'));
  database.exec(`
    DROP TABLE nirItem; DROP TABLE bale;
    CREATE TABLE bale (
      number INTEGER PRIMARY KEY, outlet TEXT NOT NULL, massG INTEGER NOT NULL,
      indicatedG INTEGER NOT NULL, alibi INTEGER NOT NULL, atMs INTEGER NOT NULL);
    CREATE TABLE nirResult (
      slot INTEGER PRIMARY KEY, seq INTEGER NOT NULL, atMs INTEGER NOT NULL, item INTEGER NOT NULL,
      fabric TEXT NOT NULL, dirty INTEGER NOT NULL, called TEXT NOT NULL);
    INSERT INTO bale VALUES (1, 'csr', 90000, 90100, 1, 7);
    INSERT INTO nirResult VALUES (44, 300, 8, 512, 'flax', 1, 'unreadable'), (43, 299, 7, 511, 'wool', 0, 'wool');
  `);
  database.close();
}

describe('a file of an older program', () => {
  it('gives its results and bales, of which less is known, once and for all', () => {
    makeOldFile();
    for (const start of [opened, reopened]) {
      const store = start();
      expect(store.bales()).toEqual([
        {
          number: 1,
          outlet: 'csr',
          massG: 90_000,
          indicatedG: 90_100,
          alibi: 1,
          atMs: 7,
          inside: { fibresG: {}, waterG: 0, unknownG: 90_000 },
        },
      ]);
      const old = { lot: 0, massG: 0, dampG: 0, called: 'wool' as const };
      expect(store.items()).toEqual([
        { result: readOf('wool', 299, { ...old, atMs: 7, index: 511 }), outlet: null },
        {
          result: readOf('flax', 300, {
            ...old,
            atMs: 8,
            index: 512,
            called: 'unreadable',
            ...conditioned({ lensDirty: true }),
          }),
          outlet: null,
        },
      ]);
    }
  });

  it('goes on: new results lie beside the old ones', () => {
    makeOldFile();
    const store = opened();
    store.commit({ plant: newPlant(1), bales: [], reads: [readOf('cotton', 301)], falls: [] });
    expect(store.items().map(({ result }) => result.seq)).toEqual([299, 300, 301]);
  });
});
