import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ItemsSorted } from '@trame/protocol/classification/classification-events';
import { decodeToldItems, itemsMarkName } from '../domain/sorting/batch-mark.ts';
import type { LineEvent } from '../domain/line-events.ts';
import { itemId, type Item } from '../domain/sorting/item.ts';
import {
  nextMinuteBatch,
  startMinuteBatch,
  type BatchEvent,
  type MinuteBatch,
} from '../domain/sorting/minute-batch.ts';
import { item, START_MS } from '../domain/sorting/test-item.ts';
import type { SqliteItemStore } from './sqlite-item-store.ts';
import { ItemSite } from './test-items.ts';

/** In the place of a hash: what it is made of. */
const text = (said: string): string => said;

/** An edge that dies now and then, and a ledger that has what it took. */
class Edge {
  readonly site = new ItemSite();
  readonly ledger: LineEvent[] = [];
  store: SqliteItemStore = this.site.open();
  batch: MinuteBatch = this.begun();

  /** What is kept and not told is summed again. */
  begun(): MinuteBatch {
    const told = decodeToldItems(this.ledger.at(-1)?.marks[itemsMarkName('nir')] ?? null);
    this.batch = startMinuteBatch('nir', told);
    for (const one of this.store.itemsAfter('nir', told.all)) this.give({ kind: 'item', item: one });
    return this.batch;
  }

  give(event: BatchEvent, takes = Infinity): void {
    const { state, events } = nextMinuteBatch(this.batch, event, text);
    this.batch = state;
    this.ledger.push(...events.slice(0, takes));
  }

  /** A process that is killed writes nothing more. */
  die(): void {
    this.site.freeBytes = 0;
    this.store.close();
    this.site.freeBytes = null;
    this.store = this.site.open();
    this.begun();
  }

  get told(): readonly string[] {
    return this.ledger.flatMap(({ payload }) => {
      const { device, life, hash } = payload as ItemsSorted;
      return (JSON.parse(hash) as [number][]).map(([seq]) => itemId({ device, life, seq }));
    });
  }
}

const steps = fc.array(
  fc.record({
    outlet: fc.constantFrom('cotton', 'polyester', 'manual'),
    afterMs: fc.nat(25_000),
    newLife: fc.nat(12).map((one) => one === 0),
    written: fc.boolean(),
    /** The edge dies with this piece, when so many events of it are in the ledger. */
    dies: fc.option(fc.nat(2), { freq: 8 }),
  }),
  { maxLength: 40 },
);

describe('sums by minute, made again from the pieces that are kept', () => {
  it('count every piece that was on the disk, and none twice, whenever the edge dies', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const edge = new Edge();
        const onDisk: string[] = [];
        let waiting: Item[] = [];
        let [nowMs, life, seq] = [START_MS, 0x6907_0000, 0];
        for (const { outlet, afterMs, newLife, written, dies } of all) {
          nowMs += afterMs;
          [life, seq] = newLife ? [life + 1, 1] : [life, seq + 1];
          const one = item(seq, { life: life.toString(16), readAtMs: nowMs, decided: outlet });
          edge.store.add(one, null);
          waiting.push(one);
          if (written) edge.store.flush();
          if (written) onDisk.push(...waiting.splice(0).map(itemId));
          edge.give({ kind: 'item', item: one }, dies ?? Infinity);
          if (dies === null) continue;
          waiting = [];
          edge.die();
        }
        edge.give({ kind: 'cut' });
        onDisk.push(...waiting.map(itemId));
        const told = edge.told;
        expect(new Set(told).size).toBe(told.length);
        expect(onDisk.filter((id) => !told.includes(id))).toEqual([]);
        edge.store.close();
        edge.site[Symbol.dispose]();
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
