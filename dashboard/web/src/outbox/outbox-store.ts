/**
 * The browser's database of acts. What is in it survives a reload, a closed browser and a power cut: an act counts as
 * saved only when its transaction has reached the disk.
 */
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { NOT_BEFORE, type Answered, type Entry, type EntryDraft, type Refusal } from './entry.ts';

/** Answers that are kept, for acts that come after them and for «dernière balle»; the oldest go first. */
const ANSWERS_MAX = 300;
/**
 * Acts that wait. A kiosk logs some hundred a day: past this many something else is wrong, and a person has to know
 * now, not when the disk is full.
 */
export const ENTRIES_MAX = 5_000;

interface OutboxSchema extends DBSchema {
  entries: { key: number; value: Omit<Entry, 'order'> & { order?: number }; indexes: { key: string } };
  answers: { key: string; value: Answered; indexes: { order: number } };
}

/** Durable before it is told: the default of Chromium answers before the disk has it. */
const DURABLE: IDBTransactionOptions = { durability: 'strict' };

export interface OutboxContent {
  /** In the order in which they are sent. */
  readonly entries: readonly Entry[];
  /** Oldest first. */
  readonly answered: readonly Answered[];
}

export class OutboxFull extends Error {
  override readonly name = 'OutboxFull';
}

export class OutboxStore {
  readonly #db: IDBPDatabase<OutboxSchema>;

  private constructor(db: IDBPDatabase<OutboxSchema>) {
    this.#db = db;
  }

  /** @throws DOMException when the browser keeps nothing, as in a private window. */
  static async open(name: string): Promise<OutboxStore> {
    const db = await openDB<OutboxSchema>(name, 1, {
      upgrade: (fresh) => {
        const entries = fresh.createObjectStore('entries', { keyPath: 'order', autoIncrement: true });
        entries.createIndex('key', 'key', { unique: true });
        fresh.createObjectStore('answers', { keyPath: 'key' }).createIndex('order', 'order');
      },
    });
    return new OutboxStore(db);
  }

  close(): void {
    this.#db.close();
  }

  async read(): Promise<OutboxContent> {
    const tx = this.#db.transaction(['entries', 'answers']);
    const [entries, answered] = await Promise.all([
      tx.objectStore('entries').getAll(),
      tx.objectStore('answers').index('order').getAll(),
    ]);
    await tx.done;
    return { entries: entries.map(ordered), answered };
  }

  /** @throws OutboxFull · DOMException when the disk does not take it: nothing is saved then. */
  async add(key: string, draft: EntryDraft): Promise<Entry> {
    const tx = this.#db.transaction('entries', 'readwrite', DURABLE);
    if ((await tx.store.count()) >= ENTRIES_MAX) {
      await tx.done;
      throw new OutboxFull(`${ENTRIES_MAX} acts wait already`);
    }
    const order = await tx.store.add({ ...draft, key, refusal: null });
    await tx.done;
    return { ...draft, key, order, refusal: null };
  }

  /** The act is recorded: its entry gives way to the answer, in one step. */
  async answered(entry: Entry, answer: ActAnswer): Promise<void> {
    const tx = this.#db.transaction(['entries', 'answers'], 'readwrite', DURABLE);
    const { key, order, about, body } = entry;
    const answers = tx.objectStore('answers');
    await tx.objectStore('entries').delete(order);
    await answers.put({ key, order, about, occurredAt: body.occurredAt, answer });
    let surplus = (await answers.count()) - ANSWERS_MAX;
    let cursor = surplus > 0 ? await answers.index('order').openCursor() : null;
    while (cursor !== null && surplus > 0) {
      await cursor.delete();
      surplus -= 1;
      cursor = await cursor.continue();
    }
    await tx.done;
  }

  async refused(order: number, refusal: Refusal): Promise<void> {
    const tx = this.#db.transaction('entries', 'readwrite', DURABLE);
    const entry = await tx.store.get(order);
    if (entry !== undefined) await tx.store.put({ ...entry, refusal });
    await tx.done;
  }

  /**
   * A refused act is asked once more, under a new key: under the old one the server would only repeat itself. Acts
   * that come after it follow.
   */
  async renew(order: number, key: string): Promise<void> {
    const tx = this.#db.transaction('entries', 'readwrite', DURABLE);
    const entry = await tx.store.get(order);
    if (entry !== undefined) {
      await tx.store.put({ ...entry, key, refusal: null });
      for (const other of await tx.store.getAll()) {
        if (other.after !== entry.key) continue;
        const refusal = other.refusal?.code === NOT_BEFORE ? null : other.refusal;
        await tx.store.put({ ...other, after: key, refusal });
      }
    }
    await tx.done;
  }

  /** A person has decided that a refused act is not asked again. */
  async remove(order: number): Promise<void> {
    const tx = this.#db.transaction('entries', 'readwrite', DURABLE);
    await tx.store.delete(order);
    await tx.done;
  }
}

function ordered(entry: Omit<Entry, 'order'> & { order?: number }): Entry {
  const { order } = entry;
  if (order === undefined) throw new Error('an entry without its place');
  return { ...entry, order };
}
