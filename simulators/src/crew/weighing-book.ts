/** Finds the weighing that a scale stored under a number among those that the site has recorded. */
import type { Json, WeightRef } from './memory.ts';
import type { SiteClient } from './site-client.ts';

/** Numbers that are kept; older ones are asked for again. */
const maxKnown = 2_000;
const pageRows = 200;
/** So many pages are looked through for one number. */
const maxPages = 4;

interface Row {
  readonly id: string;
  readonly scale: string;
  readonly number: number | null;
  readonly kind: string;
}

/** The weight as an act says it: the weighing is claimed, or what the indicator showed is typed. */
function grams(kg: number): number {
  return Math.round(kg * 1_000);
}

export class WeighingBook {
  #known = new Map<string, string>();
  #scales = new Set<string>();
  #site: SiteClient;
  #line: string;

  constructor(site: SiteClient, line: string) {
    this.#site = site;
    this.#line = line;
  }

  /** The weighing's event, or null when the site does not know it (yet). */
  async find({ weighing }: WeightRef, stopping: AbortSignal): Promise<string | null> {
    const wanted = `${weighing.scale}#${weighing.alibi}`;
    let cursor = '';
    for (let page = 0; page < maxPages && !this.#known.has(wanted); page += 1) {
      const next = await this.#page(cursor, stopping);
      if (next === null) break;
      cursor = `&cursor=${encodeURIComponent(next)}`;
    }
    return this.#known.get(wanted) ?? null;
  }

  /** What was read off the indicator, of a scale that the site knows by name when it has weighed before. */
  typed({ weighing, tareKg }: WeightRef): Json {
    return {
      how: 'typed',
      ...(this.#scales.has(weighing.scale) ? { scale: weighing.scale } : {}),
      grossGrams: grams(weighing.kg),
      tareGrams: grams(tareKg),
    };
  }

  /** Reads one page, latest first. Gives the cursor of the next. */
  async #page(cursor: string, stopping: AbortSignal): Promise<string | null> {
    const path = `/api/v1/weighings?line=${this.#line}&limit=${pageRows}${cursor}`;
    const reply = await this.#site.get('operator', path, stopping);
    if (reply.kind !== 'done') return null;
    const { rows, next } = reply.body as { readonly rows: readonly Row[]; readonly next: string | null };
    for (const { id, scale, number, kind } of rows) {
      this.#scales.add(scale);
      if (kind === 'recorded' && number !== null) this.#known.set(`${scale}#${number}`, id);
    }
    while (this.#known.size > maxKnown) {
      const oldest = this.#known.keys().next();
      if (oldest.done === true) break;
      this.#known.delete(oldest.value);
    }
    return next;
  }
}
