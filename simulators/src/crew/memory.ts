/** What the crew remembers: what it has seen, what it has written down, and what it has still to write down. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DeliveryView, StoredView } from '../hand-view.ts';

/** Acts that may wait; with more the crew weighs nothing new. */
export const maxOutbox = 400;
/** Of things that were written down, so many names are kept; older ones have left every view. */
const maxNames = 400;

export type Role = 'operator' | 'supervisor';
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A weight that the scale stored: claimed by its number, else typed as it was read. */
export interface WeightRef {
  readonly weighing: StoredView;
  /** Of the container, or the packaging. */
  readonly tareKg: number;
}

/** What follows from the answer to an act. */
export type Next =
  | { readonly does: 'stock'; readonly item: Omit<StockItem, 'bale'> }
  | {
      readonly does: 'received';
      readonly delivery: string;
      readonly refused: readonly string[];
      readonly at: number;
    }
  /** The opening stock is a lot now; it goes where it stands. Grams by account; null: all of it on the line. */
  | {
      readonly does: 'opened';
      readonly places: readonly { readonly account: string; readonly grams: number }[] | null;
      readonly at: number;
    }
  | { readonly does: 'shift'; readonly day: string }
  | { readonly does: 'infeed'; readonly delivery: string; readonly at: number }
  | {
      readonly does: 'ship';
      readonly client: string;
      readonly items: readonly StockItem[];
      readonly at: number;
    };

/** One act that is to be done through the API, once, however often it is tried. */
export interface Act {
  readonly key: string;
  readonly role: Role;
  readonly path: string;
  /** As it is sent. `{"$weight": n}` stands for the weight `weights[n]`, until it is resolved. */
  body: Json;
  weights: readonly WeightRef[];
  /** As it is sent when a weighing that it claims is that of something else already: with the figures as read. */
  otherwise?: Json;
  /**
   * What truly lies on the line and in its bins. `{"$remaining": 0}` stands for what of it the book does not have in
   * its bins when the act is done.
   */
  remains?: { readonly grams: number } | null;
  readonly next: Next | null;
}

/** A container that came wet, was taken in and dries in the hall. */
export interface WetContainer {
  readonly container: string;
  readonly delivery: string;
  readonly tareKg: number;
  /** As it was taken in. */
  readonly weighed: StoredView;
  /** Null: the delivery is not yet on the server. */
  lot: string | null;
}

export interface SeenContainer {
  readonly id: string;
  readonly kind: string;
  readonly tareKg: number;
  readonly wet: boolean;
  readonly weighed: StoredView;
  readonly refused: boolean;
}

/** A delivery that is being taken in. */
export interface SeenDelivery {
  /** Null: it was gone before it was seen. */
  note: Omit<DeliveryView, 'containers'> | null;
  containers: SeenContainer[];
  /** Put on a table before the delivery was written down. */
  onLine: string[];
}

/** An output that was logged. */
export interface StockItem {
  /** On the floor; null: it stands in no stock of the hall. */
  readonly name: string | null;
  readonly outlet: string;
  readonly unit: string;
  readonly kg: number;
  /** Id on the server. */
  readonly bale: string;
}

export interface Memory {
  readonly version: 1;
  /** Of the plant that it is about; part of every key. Empty before the first look. */
  life: string;
  outbox: Act[];
  deliveries: Record<string, SeenDelivery>;
  /** Deliveries that were written down. */
  closed: string[];
  /** Numbers of outputs that were written down. */
  logged: number[];
  /** Container by table. */
  tables: Record<string, string>;
  declared: string[];
  stock: StockItem[];
  /** Of an automatic line: the lot whose cages are tipped. */
  infeed: { delivery: string; lot: string | null; event: string | null } | null;
  /** `day`: day and part of the day. `overAt`: since when its tables wait to be counted, wall-clock ms. */
  shift: { id: string | null; day: string; overAt?: number | null } | null;
  /** The opening stock was told. */
  opened: boolean;
  wet: WetContainer[];
  /** Containers that were sorted since a trolley went last, how often one went, and what lies in bins by them. */
  trolley: { sorted: number; runs: number; grams: Record<string, number> };
  /** Outputs that were logged since the shift began, and whether an outlet was audited in it. */
  audit: { outputs: number; done: boolean };
  /** Carted off in skips, grams; null: not yet looked at. */
  skippedGrams: number | null;
  /** Things to be carried away from the stock. */
  carry: string[];
  /** The shipment of each client that is on its way. */
  underway: Record<string, { shipment: string; netGrams: number }>;
}

export function newMemory(life: string): Memory {
  return {
    version: 1,
    life,
    outbox: [],
    deliveries: {},
    closed: [],
    logged: [],
    tables: {},
    declared: [],
    stock: [],
    infeed: null,
    shift: null,
    opened: false,
    wet: [],
    trolley: { sorted: 0, runs: 0, grams: {} },
    audit: { outputs: 0, done: false },
    skippedGrams: null,
    carry: [],
    underway: {},
  };
}

/** Adds a name and forgets the oldest beyond `maxNames`. */
export function note<Name>(names: Name[], name: Name): void {
  names.push(name);
  if (names.length > maxNames) names.splice(0, names.length - maxNames);
}

/** As an earlier crew may have left it. */
type Saved = Pick<Memory, 'version' | 'life'> & Partial<Memory>;

/** The memory in a file, replaced as a whole: a reader, or the next life, sees the old or the new. */
export class MemoryFile {
  #path: string;
  #written = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** A new memory when there is none. Throws when the file is another program's. */
  read(): Memory {
    if (!existsSync(this.#path)) return newMemory('');
    const memory = JSON.parse(readFileSync(this.#path, 'utf8')) as Saved;
    if (memory.version !== 1) throw new Error(`${this.#path} is not a crew's memory`);
    // Of a crew that was at work before it told opening stocks: what stood there then is not what stands here now.
    return { ...newMemory(memory.life), ...memory, opened: memory.opened ?? memory.life !== '' };
  }

  /** Saves it when it has changed. */
  write(memory: Memory): void {
    const text = JSON.stringify(memory);
    if (text === this.#written) return;
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(`${this.#path}.new`, text);
    renameSync(`${this.#path}.new`, this.#path);
    this.#written = text;
  }
}
