/** What is watched of sorting by spectra, kept over the end of the edge: the shell of what watches drift. */
import type { AlarmSource } from '@trame/protocol/alarms/alarm-names';
import { decodeDrift, encodeDrift, NO_DRIFT, type KeptDrift } from '../domain/sorting/drift-kept.ts';
import { driftConditions, learntAnew, nextDrift } from '../domain/sorting/drift-watch.ts';
import type { Item } from '../domain/sorting/item.ts';
import { missedLately, NONE_MISSED, withMissed, type MissedLately } from '../domain/sorting/missed-reads.ts';
import { acceptShares, nextShares, shareCondition } from '../domain/sorting/share-drift.ts';
import type { SortingWatch } from '../domain/sorting/sorting-watch.ts';
import type { Clock } from '../ports/clock.ts';
import type { ItemStore } from '../ports/item-store.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/slept.ts';
import { SparingLog } from '../ports/sparing-log.ts';

export interface DriftDeskOptions {
  /** Station whose pieces these are. */
  readonly device: string;
  readonly items: Pick<ItemStore, 'health' | 'keep' | 'kept'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** How much of what was learnt may be lost with a power cut, ms. */
export const KEEP_EVERY_MS = 60_000;
/** The same thing is logged at most so often, ms. */
const SAME_WORDS_EVERY_MS = 3_600_000;

export class DriftDesk {
  readonly #options: DriftDeskOptions;
  readonly #name: string;
  readonly #sparing: SparingLog;
  #drift: KeptDrift = NO_DRIFT;
  #missed: MissedLately = NONE_MISSED;
  /** What was kept has been looked at: before that nothing is written over it. */
  #isRestored = false;
  #hasNews = false;

  constructor(options: DriftDeskOptions) {
    this.#options = options;
    this.#name = `drift.${options.device}`;
    this.#sparing = new SparingLog(options.clock, SAME_WORDS_EVERY_MS);
    this.#restore();
  }

  get watch(): SortingWatch {
    const { spectra, shares } = this.#drift;
    const missed = missedLately(this.#missed, this.#options.clock.monotonicMs());
    return { ...driftConditions(spectra), shares: shareCondition(shares), missed };
  }

  take(item: Item): void {
    const { spectra, shares } = this.#drift;
    this.#drift = { spectra: nextDrift(spectra, item), shares: nextShares(shares, item) };
    this.#hasNews = true;
  }

  missed(count: number): void {
    this.#missed = withMissed(this.#missed, count, this.#options.clock.monotonicMs());
  }

  /**
   * A person put the alarm of this source back into service: what is so now is usual from now on. Of spectra it is learnt
   * anew, as of a model that is new on its instrument; of shares the last pieces are the first of what is usual.
   */
  acceptUsual(source: AlarmSource): void {
    const { spectra, shares } = this.#drift;
    if (source === 'nir-drift') this.#drift = { spectra: learntAnew(spectra), shares };
    else if (source === 'class-shares') this.#drift = { spectra, shares: acceptShares(shares) };
    else return;
    this.#options.log.info({ source }, 'what is usual of the spectra is learnt anew');
    this.#hasNews = true;
    this.#keep();
  }

  /** Keeps what was learnt until the signal aborts, and then once more. */
  async run(signal: AbortSignal): Promise<void> {
    while (await slept(this.#options.clock, KEEP_EVERY_MS, signal)) this.#keep();
    this.#keep();
  }

  #keep(): void {
    if (!this.#isRestored) this.#restore();
    if (!this.#isRestored || !this.#hasNews) return;
    const { items, log } = this.#options;
    if (items.keep(this.#name, encodeDrift(this.#drift))) this.#hasNews = false;
    else if (this.#sparing.isDue('not kept')) {
      log.warn({}, 'what was learnt of the spectra is not kept: after a power cut it is learnt anew');
    }
  }

  /** What was learnt of before goes before what came meanwhile, which is little: the file was away. */
  #restore(): void {
    const { items, log } = this.#options;
    const text = items.kept(this.#name);
    if (text === null && items.health.state !== 'ok') return;
    this.#isRestored = true;
    if (text === null) return;
    const kept = decodeDrift(text);
    if (kept === null) log.warn({}, 'what was learnt of the spectra cannot be read: it is learnt anew');
    else this.#drift = kept;
  }
}
