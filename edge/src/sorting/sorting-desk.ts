/**
 * Where pieces are sorted: a station's spectra come in, each is judged, and the sorter is told by number where its piece goes.
 * Nothing here waits for a disk, and whatever is wrong with one spectrum sends that piece alone to hand sorting.
 */
import type { VerdictWrite } from '@trame/protocol/classification/item-names';
import type { OpcuaRing } from '../domain/line-config.ts';
import type { NirModel } from '../domain/nir/open-model.ts';
import { outletAt, type SortingConfig } from '../domain/sorting-config.ts';
import { itemId, nextLife, type Item, type ItemPlace } from '../domain/sorting/item.ts';
import { hasPassed, NO_DELAY, withReads, type ReadDelay } from '../domain/sorting/read-delay.ts';
import { after, readUnasked } from '../domain/sorting/read-numbers.ts';
import type { Clock } from '../ports/clock.ts';
import type { WriteOutcome } from '../ports/device-writer.ts';
import type { ItemStore } from '../ports/item-store.ts';
import type { Log } from '../ports/log.ts';
import type { SortingCounts } from '../ports/sorting-status.ts';
import { SparingLog } from '../ports/sparing-log.ts';
import type { MissedReads, SpectrumRead, SpectrumSink } from '../ports/spectrum-source.ts';
import { VERDICTS_PER_WRITE_MAX, type VerdictWriter } from '../ports/verdict-writer.ts';
import type { UsableProgramme } from './judge-programme.ts';
import { sortPiece, spectrumOfRing, unjudgedPiece, type SortedPiece } from './sort-piece.ts';

export interface SortingDeskOptions {
  readonly config: SortingConfig;
  /** What the spectra of `config.nir` are. */
  readonly ring: Pick<OpcuaRing, 'wavelengths' | 'quantity'>;
  /** Null: none can be used. */
  readonly model: NirModel | null;
  /** The one that is followed; asked for each piece. Null: none can be used. */
  readonly programme: () => UsableProgramme | null;
  readonly items: Pick<ItemStore, 'add' | 'keep'>;
  /** Told each piece after the store. */
  readonly sums: { take(item: Item): void };
  /** Told each piece, and what was missed. */
  readonly drift: { take(item: Item): void; missed(count: number): void };
  /** How far the station was read before this start; null: it never was. */
  readonly lastPlace: ItemPlace | null;
  readonly verdicts: VerdictWriter;
  /** Gives up what is being written. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
}

/** Under what the store keeps from where on a station was read, as the id of a piece. */
export function begunName(device: string): string {
  return `begun.${device}`;
}

/** The same thing is logged at most so often, ms. */
const SAME_WORDS_EVERY_MS = 60_000;

interface Piece extends SortedPiece {
  readonly read: SpectrumRead;
  readonly number: number;
}

export class SortingDesk implements SpectrumSink {
  readonly counts: SortingCounts = { sorted: 0, toFallback: 0, late: 0, unwritten: 0, missed: 0, failed: 0 };
  readonly #options: SortingDeskOptions;
  readonly #sparing: SparingLog;
  #life: string | null;
  /** Up to which number the station was read before this start; null: it never was, or it was asked since. */
  #before: number | null;
  #hasBegun = false;
  #delay: ReadDelay = NO_DELAY;

  constructor(options: SortingDeskOptions) {
    this.#options = options;
    this.#life = options.lastPlace?.life ?? null;
    this.#before = options.lastPlace?.seq ?? null;
    this.#sparing = new SparingLog(options.clock, SAME_WORDS_EVERY_MS);
  }

  begun(device: string, { seq, why }: Parameters<SpectrumSink['begun']>[1]): void {
    const { config, items, clock, log } = this.#options;
    if (device !== config.nir) return;
    this.#life = this.#lifeAfter(clock.nowMs());
    this.#hasBegun = true;
    // A station that was started anew may tell another time.
    this.#delay = NO_DELAY;
    log.info({ device, life: this.#life, seq, why }, 'reading spectra');
    this.#missBefore(seq);
    // Even if no piece comes before the next start, what was missed is told once.
    if (this.#life !== null) items.keep(begunName(device), itemId({ device, life: this.#life, seq }));
  }

  /** Pieces that the station read between the end of the edge before and this start of it. */
  #missBefore(seq: number): void {
    const { config, drift, log } = this.#options;
    const before = this.#before;
    this.#before = null;
    const count = readUnasked(before, seq);
    if (before === null || count === 0) return;
    this.counts.missed += count;
    drift.missed(count);
    log.warn(
      { device: config.nir, fromSeq: after(before, 1), count },
      'the station read pieces while this edge did not run: nothing was judged of them',
    );
  }

  /** A clock that reads the year 2106 gives no new life: pieces of before and of now then share numbers. */
  #lifeAfter(nowMs: number): string | null {
    try {
      return nextLife(this.#life, nowMs);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#options.log.error({ error }, 'the numbers of the station begin anew and cannot be told apart');
      return this.#life;
    }
  }

  missed(device: string, { fromSeq, count, why }: MissedReads): void {
    const { config, log } = this.#options;
    if (device !== config.nir) return;
    this.counts.missed += count;
    this.#options.drift.missed(count);
    if (this.#sparing.isDue(`missed ${why}`))
      log.warn({ device, fromSeq, count, why }, 'spectra were missed');
  }

  /** Verdicts go out in the order of the numbers, as soon as one write's worth is judged. */
  async spectra(device: string, reads: readonly SpectrumRead[]): Promise<void> {
    const { config, clock, signal } = this.#options;
    if (device !== config.nir || signal.aborted) return;
    const delay = withReads(
      this.#delay,
      reads.map(({ readAtMs }) => readAtMs),
      clock.monotonicMs(),
    );
    this.#delay = delay;
    const given: { readonly pieces: readonly Piece[]; readonly outcome: Promise<WriteOutcome> }[] = [];
    for (let from = 0; from < reads.length; from += VERDICTS_PER_WRITE_MAX) {
      const pieces = reads.slice(from, from + VERDICTS_PER_WRITE_MAX).map((read) => this.#sort(read));
      given.push({ pieces, outcome: this.#give(pieces) });
    }
    // In the order of the numbers, though a later write may be answered first.
    for (const { pieces, outcome } of given) {
      const wrote = verdictWrite(await outcome);
      for (const piece of pieces)
        this.#keep(piece, wrote === 'in-time' && hasPassed(delay, piece.read.readAtMs) ? 'late' : wrote);
    }
  }

  async #give(pieces: readonly Piece[]): Promise<WriteOutcome> {
    const { config, verdicts, signal } = this.#options;
    const told = pieces.map(({ read, number }) => ({ seq: read.seq, outlet: number }));
    const outcome = await verdicts.give(config.sorter, told, signal);
    if (outcome.kind !== 'confirmed') this.#tellUnwritten(outcome, pieces.length);
    return outcome;
  }

  #sort(read: SpectrumRead): Piece {
    const { config, ring, model, programme } = this.#options;
    const { fallback, outlets } = config;
    let sorted: SortedPiece;
    try {
      sorted = sortPiece(spectrumOfRing(ring, read.values), {
        model,
        programme: programme(),
        fallback,
      });
    } catch (error) {
      sorted = this.#unjudged(read, error);
    }
    const number = outlets[sorted.decided] ?? outlets[fallback];
    if (number === undefined) throw new Error(`the outlet ${fallback} was checked and has no number`);
    return { ...sorted, read, number };
  }

  #unjudged({ seq }: SpectrumRead, error: unknown): SortedPiece {
    this.counts.failed += 1;
    const { config, log } = this.#options;
    if (this.#sparing.isDue('failed')) {
      log.error({ error, seq }, 'a spectrum could not be judged: its piece goes to hand sorting');
    }
    return unjudgedPiece(config.fallback);
  }

  #keep({ read, number, ...sorted }: Piece, wrote: VerdictWrite): void {
    const { config, ring, clock, items, sums, drift, log } = this.#options;
    const { counts } = this;
    counts.sorted += 1;
    if (sorted.decided === config.fallback) counts.toFallback += 1;
    if (wrote === 'late') counts.late += 1;
    else if (wrote !== 'in-time') counts.unwritten += 1;
    if (this.#life === null || !this.#hasBegun) throw new Error('a spectrum came before its numbers began');
    const outlet = wrote === 'in-time' ? outletAt(config, number) : config.fallback;
    const { nir: device } = config;
    const item = {
      device,
      life: this.#life,
      seq: read.seq,
      readAtMs: clock.nowMs(),
      ...sorted,
      wrote,
      outlet,
    };
    try {
      items.add(item, spectrumOfRing(ring, read.values));
      sums.take(item);
      drift.take(item);
    } catch (error) {
      counts.failed += 1;
      if (this.#sparing.isDue('not kept')) log.error({ error, seq: read.seq }, 'a sorted piece was not kept');
    }
  }

  #tellUnwritten(
    { kind, reason }: Exclude<WriteOutcome, { readonly kind: 'confirmed' }>,
    pieces: number,
  ): void {
    if (!this.#sparing.isDue(kind)) return;
    const { config, log } = this.#options;
    log.warn(
      { device: config.sorter, pieces, outcome: kind, reason },
      'the sorter did not get verdicts: these pieces go where it sends those without one',
    );
  }
}

function verdictWrite(outcome: WriteOutcome): VerdictWrite {
  switch (outcome.kind) {
    case 'confirmed':
      return 'in-time';
    case 'unconfirmed':
      return 'late';
    case 'refused':
      return 'refused';
  }
}
