/** One site with a line's ledger, for tests: events are appended, taken by a server, and looked at in its records. */
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { RecordsLedgerStore } from '../../ledger/records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from '../../ledger/test-ledger.ts';
import type { Records } from '../../records/open-records.ts';
import type { FreshRecords } from '../../testing/records-engines.ts';
import { localDayIn } from '../../tonnage/local-day.ts';
import { MaterialBook } from '../material-book.ts';

const LATER_MS = TEST_NOW_MS + 3_600_000;
const EVENTS_PER_MESSAGE = 100;

export class TestSite implements AsyncDisposable {
  readonly records: Records;
  readonly book: MaterialBook;
  readonly ledger = new TestLedger();
  readonly #opened: FreshRecords;
  readonly #store: RecordsLedgerStore;
  readonly #totals = new Map<string, number>();

  constructor(opened: FreshRecords) {
    this.#opened = opened;
    this.records = opened.records;
    this.book = new MaterialBook(opened.records, this.ledger.site);
    this.#store = new RecordsLedgerStore(opened.records, localDayIn('Europe/Paris'));
    this.ledger.open();
  }

  /** Takes what was not taken yet. @throws when something is refused. */
  async take(ledger: TestLedger = this.ledger): Promise<void> {
    for (let at = 0; at < ledger.events.length; at += EVENTS_PER_MESSAGE) {
      const bytes = messageOf(ledger.events.slice(at, at + EVENTS_PER_MESSAGE));
      const { lastRefused } = await this.#store.take(ledger, [{ kind: 'bytes', bytes }], LATER_MS);
      if (lastRefused !== null) throw new Error(`refused ${lastRefused.code}: ${lastRefused.detail}`);
    }
  }

  /** Appends what the scales of a line counted: grams by counter. */
  count(grams: Readonly<Record<string, number>>, ledger: TestLedger = this.ledger): LedgerEvent {
    const counts = Object.entries(grams).map(([counter, counted]) => {
      const total = (this.#totals.get(`${ledger.line} ${counter}`) ?? 0) + counted;
      this.#totals.set(`${ledger.line} ${counter}`, total);
      const source = { device: 'scale', tag: counter, generation: 0 };
      return { counter, grams: counted, totalGrams: total, source, sourceGrams: total };
    });
    return ledger.add('throughput.counted', { from: TEST_NOW_MS - 60_000, to: TEST_NOW_MS, counts });
  }

  /** @returns grams by account and lot. */
  async holdings(): Promise<Record<string, number>> {
    const rows = await this.records.selectFrom('holdings').selectAll().execute();
    return Object.fromEntries(rows.map(({ account, lot, grams }) => [`${account} ${lot}`, grams]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened[Symbol.asyncDispose]();
  }
}
