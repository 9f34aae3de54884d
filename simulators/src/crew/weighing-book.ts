/** Finds the weighing that a scale stored under a number among those that the site has recorded. */
import { grams } from './draft.ts';
import type { Json, WeightRef } from './memory.ts';
import type { SiteClient } from './site-client.ts';

/** Numbers that are kept; older ones are asked for again. */
const maxKnown = 2_000;
const pageRows = 200;
/** So many pages are looked through for one number. */
const maxPages = 4;

/** Numbers of one row of weighings that nobody read. */
const maxMissed = 500;

interface Row {
  readonly id: string;
  readonly scale: string;
  /** Of missed ones the first. */
  readonly number: number | null;
  readonly toNumber: number | null;
  readonly kind: string;
}

/** What the site knows of one number: its event, that it was missed, or nothing (yet). */
export type Found =
  | { readonly kind: 'known'; readonly event: string }
  | { readonly kind: 'missed' }
  | { readonly kind: 'unknown' };

export class WeighingBook {
  #known = new Map<string, string | null>();
  #scales = new Set<string>();
  #site: SiteClient;
  #line: string;

  constructor(site: SiteClient, line: string) {
    this.#site = site;
    this.#line = line;
  }

  async find({ weighing }: WeightRef, stopping: AbortSignal): Promise<Found> {
    const wanted = `${weighing.scale}#${weighing.alibi}`;
    let cursor = '';
    for (let page = 0; page < maxPages && !this.#known.has(wanted); page += 1) {
      const next = await this.#page(cursor, stopping);
      if (next === null) break;
      cursor = `&cursor=${encodeURIComponent(next)}`;
    }
    const event = this.#known.get(wanted);
    if (event === undefined) return { kind: 'unknown' };
    return event === null ? { kind: 'missed' } : { kind: 'known', event };
  }

  /** Whether the site knows any weighing of a scale. */
  hasWeighed(scale: string): boolean {
    return this.#scales.has(scale);
  }

  /** The weight as it was read off the indicator, of a scale that the site knows by name when it has weighed before. */
  typed({ weighing, tareKg }: WeightRef): Json {
    return {
      how: 'typed',
      ...(this.#scales.has(weighing.scale) ? { scale: weighing.scale } : {}),
      grossGrams: grams(weighing.kg),
      tareGrams: grams(tareKg),
    };
  }

  #learn({ id, scale, number, toNumber, kind }: Row): void {
    this.#scales.add(scale);
    if (number === null) return;
    if (kind === 'recorded') this.#known.set(`${scale}#${number}`, id);
    if (kind !== 'missed') return;
    const last = Math.min(toNumber ?? number, number + maxMissed);
    for (let each = number; each <= last; each += 1) {
      if (!this.#known.has(`${scale}#${each}`)) this.#known.set(`${scale}#${each}`, null);
    }
  }

  /** Reads one page, latest first. Gives the cursor of the next. */
  async #page(cursor: string, stopping: AbortSignal): Promise<string | null> {
    const path = `/api/v1/weighings?line=${this.#line}&limit=${pageRows}${cursor}`;
    const reply = await this.#site.get('operator', path, stopping);
    if (reply.kind !== 'done') return null;
    const { rows, next } = reply.body as { readonly rows: readonly Row[]; readonly next: string | null };
    for (const row of rows) this.#learn(row);
    while (this.#known.size > maxKnown) {
      const oldest = this.#known.keys().next();
      if (oldest.done === true) break;
      this.#known.delete(oldest.value);
    }
    return next;
  }
}
