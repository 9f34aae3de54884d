import type { ItemsSorted } from '@trame/protocol/classification/classification-events';
import { describe, expect, it } from 'vitest';
import { itemsMarkName } from '../domain/sorting/batch-mark.ts';
import type { Item } from '../domain/sorting/item.ts';
import { item, sha256, START_MS } from '../domain/sorting/test-item.ts';
import { ItemSite } from '../items/test-items.ts';
import { TestClock } from '../pipeline/test-clock.ts';
import { ItemsUnavailable, type ItemStore } from '../ports/item-store.ts';
import type { LedgerRecord } from '../ports/ledger.ts';
import { keptLog } from '../uplink/test-uplink.ts';
import { MinuteSums, SUMS_WAIT_AT } from './minute-sums.ts';

/** A ledger that takes everything, and keeps marks with it. */
class Books {
  readonly records: LedgerRecord[] = [];
  isOpen = true;
  /** Records that wait for the disk. */
  waiting = 0;

  mark(name: string): string | null {
    return this.records.findLast(({ marks }) => name in marks)?.marks[name] ?? null;
  }

  push(records: readonly LedgerRecord[]): void {
    this.records.push(...records);
  }

  /** Numbers of the pieces told, in order. */
  get ranges(): readonly (readonly [from: number, to: number, items: number])[] {
    return this.records.map(({ payload }) => {
      const { fromSeq, toSeq, items } = payload as unknown as ItemsSorted;
      return [fromSeq, toSeq, items];
    });
  }
}

/** An edge that sorts from `from` on, and ends. */
async function oneRun(
  books: Books,
  store: Pick<ItemStore, 'itemsAfter'>,
  during: (take: (piece: Item) => void, clock: TestClock) => Promise<void> | void,
): Promise<readonly unknown[]> {
  const clock = new TestClock();
  const { log, lines } = keptLog();
  const sums = new MinuteSums({ device: 'nir', items: store, recording: books, sha256, clock, log });
  const end = new AbortController();
  const run = sums.run(end.signal);
  await during((piece) => sums.take(piece), clock);
  end.abort();
  await run;
  return lines;
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('sums of pieces by minute', () => {
  it('tell what was kept before they began, then what comes, and what is open at the end', async () => {
    using site = new ItemSite();
    const store = site.open();
    const books = new Books();
    const sorted = (seq: number): Item => {
      const piece = item(seq);
      store.add(piece, null);
      return piece;
    };
    for (let seq = 1; seq <= 5; seq += 1) sorted(seq);
    await oneRun(books, store, async (take, clock) => {
      take(sorted(6));
      await clock.advance(1000);
      await settle();
      for (let seq = 7; seq <= 10; seq += 1) take(sorted(seq));
    });
    expect(books.ranges).toEqual([[1, 10, 10]]);
    store.close();
  });

  it('tell none twice and leave none out over the end of an edge', async () => {
    using site = new ItemSite();
    const store = site.open();
    const books = new Books();
    let seq = 0;
    for (let life = 0; life < 4; life += 1) {
      await oneRun(books, store, async (take, clock) => {
        const sort = (): void => {
          seq += 1;
          const piece = item(seq);
          store.add(piece, null);
          take(piece);
        };
        for (let n = 0; n < 3; n += 1) sort();
        // In every second life nothing can be recorded: the next one tells it.
        books.isOpen = life % 2 === 1;
        await clock.advance(1000);
        await settle();
        for (let n = 0; n < 4; n += 1) sort();
      });
    }
    expect(books.ranges.map(([from, to]) => [from, to])).toEqual([
      [1, 14],
      [15, 28],
    ]);
    expect(books.ranges.reduce((sum, [, , items]) => sum + items, 0)).toBe(seq);
    expect(books.mark(itemsMarkName('nir'))).not.toBeNull();
    store.close();
  });

  it.each([
    ['too much waits for the disk', (books: Books, is: boolean) => (books.waiting = is ? SUMS_WAIT_AT : 0)],
    ['nothing can be recorded', (books: Books, is: boolean) => (books.isOpen = !is)],
  ])('wait while %s, and then tell all of it, each piece once', async (_words, stop) => {
    using site = new ItemSite();
    const store = site.open();
    const books = new Books();
    await oneRun(books, store, async (take, clock) => {
      const sort = (from: number, to: number): void => {
        for (let seq = from; seq <= to; seq += 1) {
          const piece = item(seq);
          store.add(piece, null);
          take(piece);
        }
      };
      const second = async (): Promise<void> => {
        await clock.advance(1000);
        await settle();
      };
      await second();
      sort(1, 70);
      expect(books.ranges).toEqual([[1, 59, 59]]);
      stop(books, true);
      await second();
      // Two minutes end meanwhile.
      sort(71, 200);
      await second();
      expect(books.ranges).toHaveLength(1);
      stop(books, false);
      await second();
      sort(201, 210);
    });
    expect(books.ranges).toEqual([
      [1, 59, 59],
      [60, 119, 60],
      [120, 179, 60],
      [180, 210, 31],
    ]);
    store.close();
  });

  it('go on with what comes when what was kept cannot be read', async () => {
    const books = new Books();
    const unreadable = {
      *itemsAfter(): Generator<Item> {
        yield item(1);
        throw new ItemsUnavailable('damaged');
      },
    };
    const lines = await oneRun(books, unreadable, async (take, clock) => {
      await clock.advance(1000);
      await settle();
      take(item(5));
    });
    expect(books.ranges).toEqual([[1, 5, 2]]);
    expect(JSON.stringify(lines)).toContain('they are in no sum');
  });

  it('are of the time when pieces were read', async () => {
    const books = new Books();
    const none = { itemsAfter: () => [] };
    await oneRun(books, none, async (take, clock) => {
      await clock.advance(1000);
      await settle();
      take(item(1, { readAtMs: START_MS }));
      take(item(2, { readAtMs: START_MS + 60_000 }));
    });
    expect(books.ranges).toEqual([
      [1, 1, 1],
      [2, 2, 1],
    ]);
    expect(books.records.map(({ occurredAtMs }) => occurredAtMs)).toEqual([START_MS, START_MS + 60_000]);
  });
});
