/**
 * The spool: what could not be sent waits on disk, what was sent lately waits in memory until it is past doubt.
 *
 * What a `kill -9` or a power cut can take is what is in memory: samples not written for less than a second, and
 * those sent within the last two keep-alives, of which the broker may not have got the last ones. The file knows
 * since when something is at risk (to ten seconds, on the safe side), and the next start declares all since then
 * as one gap, `edge-cut-off`. A clean stop writes what is in doubt, so that it is sent again: nothing is lost.
 *
 * Bounds: `maxBytes` of the file, the oldest batches go first (`spool-full`); `maxAgeMs` (`too-old`);
 * `UNSTORED_BYTES_MAX` in memory while the disk does not take more, the oldest of these first (`not-stored`).
 * A file that got larger than it need be shrinks again, a little each second. Every loss is told to the listener,
 * and told again until it is known to be recorded.
 */
import { join } from 'node:path';
import type { SpoolConfig } from '../domain/line-config.ts';
import type { Sample } from '../domain/tag-state.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/slept.ts';
import type { Spool, SpoolBatch, SpoolHealth } from '../ports/spool.ts';
import type { DroppedBatch } from './choose-dropped.ts';
import { unreadableLoss } from './gap-book.ts';
import { GapTeller, type GapTellerOptions } from './gap-teller.ts';
import { GuardedFile } from './guarded-file.ts';
import { InDoubt } from './in-doubt.ts';
import { OpenBatches } from './open-batches.ts';
import { least, RiskMark } from './risk-mark.ts';
import { SpoolReader } from './spool-reader.ts';
import { SPOOL_FILE } from './spool-tables.ts';
import { UNSTORED_BYTES_MAX, UnstoredBatches } from './unstored-batches.ts';

export interface SpoolOptions extends GapTellerOptions {
  /** Absolute. Whoever opens the spool holds the lock of this directory. */
  readonly dataDir: string;
  readonly config: SpoolConfig;
  readonly log: Log;
  /** Free space of the disk, bytes; null when nobody can tell. */
  readonly freeBytes: () => number | null;
  /** With less free space than this nothing is written: it is kept for the ledger. */
  readonly reserveBytes: number;
}

/** How often what waits is written, ms. */
export const FLUSH_MS = 1000;
/** Batches that are written without waiting for the next second. */
const FLUSH_BATCHES = 20;
/** Smaller bounds than this would hold nothing beside the tables, bytes. */
const FILE_BYTES_MIN = 64 * 1024;

export class TelemetrySpool implements Spool {
  readonly #options: SpoolOptions;
  readonly #gaps: GapTeller;
  readonly #file: GuardedFile;
  readonly #mark: RiskMark;
  readonly #reader: SpoolReader;
  /** What waits to be sent, and what was sent this second: batches that are not whole yet. */
  readonly #waiting: OpenBatches;
  readonly #fresh: OpenBatches;
  readonly #unstored = new UnstoredBatches();
  readonly #inDoubt = new InDoubt();
  /** Removed, but the file does not know yet. */
  readonly #removed = new Set<number>();
  #nextId = 1;
  /** Nothing is written but marks and gaps: the rest of the disk is kept for the ledger. */
  #isReserved = false;

  constructor(options: SpoolOptions) {
    const { clock, log, dataDir } = options;
    this.#options = options;
    this.#gaps = new GapTeller(options);
    this.#mark = new RiskMark(clock);
    const nextId = (): number => this.#nextId++;
    this.#waiting = new OpenBatches(nextId, (batch) => this.#unstored.add(batch));
    this.#fresh = new OpenBatches(nextId, (batch) => this.#inDoubt.add(batch, clock.monotonicMs()));
    this.#file = new GuardedFile({
      path: join(dataDir, SPOOL_FILE),
      clock,
      log,
      onOpened: (content) => {
        this.#nextId = Math.max(this.#nextId, content.nextId);
        this.#gaps.loaded(content.gaps);
        for (const range of content.unreadable) {
          log.error(range, 'a loss that the spool kept cannot be read; it is told as one of unknown size');
          this.#gaps.noteWhole(unreadableLoss(range, this.#file.oldestMs, clock.nowMs()));
        }
        const cutOff = this.#mark.loaded(content.risk);
        if (cutOff !== null) this.#gaps.noteWhole(cutOff);
      },
      onLost: (loss) => {
        this.#removed.clear();
        this.#gaps.noteWhole(loss);
      },
    });
    this.#reader = new SpoolReader(
      this.#file,
      this.#unstored,
      this.#removed,
      (loss) => this.#gaps.note(loss),
      options,
    );
    this.#file.open();
    this.#commit(false);
  }

  get health(): SpoolHealth {
    const { fault, samples, usedBytes, oldestMs } = this.#file;
    return {
      state: fault?.state ?? 'ok',
      reason: fault?.reason ?? null,
      samples: samples + this.#unstored.samples + this.#waiting.count,
      bytes: usedBytes + this.#unstored.bytes,
      maxBytes: this.#options.config.maxBytes,
      oldestMs: least([oldestMs, this.#unstored.oldestMs, this.#waiting.oldestMs]),
      dropped: this.#gaps.lost,
    };
  }

  add(device: string, samples: readonly Sample[]): void {
    // Ids follow the order of taking: what was sent of this device before stands before.
    this.#fresh.seal(device);
    this.#began(this.#waiting.add(device, samples, this.#options.clock.nowMs()));
    this.#shed();
    if (this.#unstored.length >= FLUSH_BATCHES && this.#file.fault === null) this.#commit(false);
  }

  sent(device: string, samples: readonly Sample[]): void {
    this.#waiting.seal(device);
    this.#began(this.#fresh.add(device, samples, this.#options.clock.nowMs()));
  }

  confirm(beforeMs: number): void {
    this.#inDoubt.confirm(beforeMs);
  }

  lose(): void {
    this.#fresh.sealAll();
    const { batches, lost } = this.#inDoubt.takeAll();
    if (lost !== null) this.#gaps.note(lost);
    this.#unstored.putBack(batches);
    this.flush();
  }

  peek(after: ReadonlyMap<string, number>, maxSamples: number): readonly SpoolBatch[] {
    // What is in memory is written before it is sent again: it is only given up once it is past doubt.
    if (this.#unstored.length > 0 && this.#file.fault === null) this.#commit(false);
    const found = this.#reader.peek(after, maxSamples);
    if (found.length > 0 || this.#waiting.count === 0) return found;
    this.#waiting.sealAll();
    return this.#reader.peek(after, maxSamples);
  }

  remove(ids: readonly number[], leftOut: readonly Sample[] = []): void {
    for (const { timeMs } of leftOut) {
      this.#gaps.note({ fromMs: timeMs, toMs: timeMs, samples: 1, reason: 'tag-changed' });
    }
    for (const id of ids) this.#removed.add(id);
    this.#unstored.remove(this.#removed);
    this.#commit(false);
  }

  /** Writes until the signal aborts; {@link close} then writes the rest. */
  async run(signal: AbortSignal): Promise<void> {
    while (await slept(this.#options.clock, FLUSH_MS, signal)) {
      this.flush();
      this.tidy();
    }
  }

  /** Gives room that is not needed back to the disk, a little at each call. */
  tidy(): void {
    this.#file.attempt((file) => file.tidy());
  }

  /** Writes what waits, gives up what there is no room for, and tells what was given up. */
  flush(): void {
    this.#fresh.sealAll();
    this.#waiting.sealAll();
    this.#file.open();
    this.#commit(false);
    this.#shed();
    this.#tellGaps();
  }

  /** What is in doubt is kept to be sent again; what the disk does not take is given up, and declared. */
  close(): void {
    this.lose();
    this.#shed(0);
    this.#gaps.tellAll(() => this.#commit(true));
    this.#commit(true);
    this.#file.close();
  }

  /** Lets go of the file as it is, as a killed process does. */
  abandon(): void {
    this.#file.close();
  }

  #commit(isLast: boolean): void {
    const { clock, config, freeBytes, reserveBytes } = this.#options;
    const hasRoom = (freeBytes() ?? Infinity) >= reserveBytes;
    this.#isReserved = !hasRoom;
    const insert = hasRoom ? this.#unstored.all : [];
    const remove = [...this.#removed];
    const left = hasRoom ? null : this.#unstored.oldestMs;
    const atRiskMs = least([this.#inDoubt.oldestMs, this.#fresh.oldestMs, this.#waiting.oldestMs, left]);
    const mark = this.#mark.next(atRiskMs, isLast);
    const tooOldBeforeMs = clock.nowMs() - config.maxAgeMs;
    const isForced = isLast || mark.isUrgent || this.#file.fault !== null || this.#gaps.isUnkept;
    this.#file.attempt((file) => {
      const isDue = isForced || mark.isDue || insert.length > 0 || remove.length > 0;
      if (!isDue && !file.isTooOld(tooOldBeforeMs)) return;
      const { dropped, gaps } = file.commit({
        insert,
        remove,
        maxBytes: Math.max(config.maxBytes, FILE_BYTES_MIN),
        tooOldBeforeMs,
        risk: mark.risk,
        gaps: (losses) => this.#gaps.with(losses.map(lossOf)),
        durable: isLast || mark.isUrgent,
      });
      if (hasRoom) this.#unstored.clear();
      this.#removed.clear();
      this.#gaps.kept(gaps, dropped.map(lossOf));
      this.#mark.kept(mark.risk);
      this.#file.recovered();
    });
    if (!hasRoom && this.#unstored.length > 0) {
      const reason = `less than ${reserveBytes} bytes of the disk are free; they are kept for the ledger`;
      this.#file.failed({ state: 'not-stored', isDamaged: false, reason });
    }
  }

  /** Something is at risk that the mark on disk does not cover: the disk must know. */
  #began(firstMs: number): void {
    if (this.#mark.covers(firstMs)) return;
    // A disk that refuses is tried again each second; one whose rest is kept for the ledger takes marks.
    if (this.#file.fault === null || this.#isReserved) this.#commit(false);
  }

  #shed(maxBytes = UNSTORED_BYTES_MAX): void {
    for (const { fromMs, toMs, count } of this.#unstored.shed(maxBytes)) {
      this.#gaps.note({ fromMs, toMs, samples: count, reason: 'not-stored' });
    }
  }

  #tellGaps(): void {
    this.#gaps.tell(() => this.#commit(false));
  }
}

function lossOf({ fromMs, toMs, samples, reason }: DroppedBatch) {
  return { fromMs, toMs, samples, reason };
}
