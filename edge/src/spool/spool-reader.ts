/** Reads batches in the order in which they are to be sent, from the file and from memory. */
import type { Sample } from '../domain/tag-state.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { SpoolBatch } from '../ports/spool.ts';
import { unreadableLoss, type Loss } from './gap-book.ts';
import type { GuardedFile } from './guarded-file.ts';
import { least } from './risk-mark.ts';
import { decodeSamples } from './sample-codec.ts';
import type { StoredBatch } from './spool-file.ts';
import type { UnstoredBatches } from './unstored-batches.ts';

export class SpoolReader {
  readonly #file: GuardedFile;
  readonly #unstored: UnstoredBatches;
  readonly #removed: Set<number>;
  readonly #onLost: (loss: Loss) => void;
  readonly #tools: { readonly clock: Clock; readonly log: Log };

  /** @param removed ids that the file still has; a batch that cannot be read joins them. */
  constructor(
    file: GuardedFile,
    unstored: UnstoredBatches,
    removed: Set<number>,
    onLost: (loss: Loss) => void,
    tools: { readonly clock: Clock; readonly log: Log },
  ) {
    this.#file = file;
    this.#unstored = unstored;
    this.#removed = removed;
    this.#onLost = onLost;
    this.#tools = tools;
  }

  /** As `Spool.peek`. */
  peek(after: ReadonlyMap<string, number>, maxSamples: number): readonly SpoolBatch[] {
    const heads = new Map<string, number>();
    const lookUp = (device: string, cursor: number): void => {
      const id = this.#head(device, cursor);
      if (id === null) heads.delete(device);
      else heads.set(device, id);
    };
    for (const [device, cursor] of after) lookUp(device, cursor);
    const batches: SpoolBatch[] = [];
    for (let count = 0; count < maxSamples && heads.size > 0;) {
      const [device, id] = oldestOf(heads);
      const samples = this.#samplesOf(device, id);
      if (samples.length > 0) batches.push({ id, device, samples });
      count += samples.length;
      lookUp(device, id);
    }
    return batches;
  }

  #head(device: string, after: number): number | null {
    const inMemory = this.#unstored.head(device, after)?.id ?? null;
    let onDisk: number | null = after;
    do {
      const cursor: number = onDisk;
      onDisk = this.#file.attempt((file) => file.head(device, cursor));
    } while (onDisk !== null && this.#removed.has(onDisk));
    return least([inMemory, onDisk]);
  }

  /** @returns nothing when the batch cannot be read: it is given up then. */
  #samplesOf(device: string, id: number): readonly Sample[] {
    const inMemory = this.#unstored.head(device, id - 1);
    if (inMemory?.id === id) return decodeSamples(inMemory.body);
    const stored = this.#file.attempt((file) => file.read(id));
    if (stored === null) return [];
    const samples = readBatch(stored);
    if (samples === null) this.#unreadable(stored);
    return samples ?? [];
  }

  #unreadable({ id, device, fromMs, toMs }: StoredBatch): void {
    const { clock, log } = this.#tools;
    log.error({ id, device }, 'a spooled batch is not what was written; it is given up');
    this.#onLost(unreadableLoss({ fromMs, toMs }, this.#file.oldestMs, clock.nowMs()));
    this.#removed.add(id);
  }
}

function oldestOf(heads: ReadonlyMap<string, number>): readonly [device: string, id: number] {
  return [...heads].reduce((best, head) => (head[1] < best[1] ? head : best));
}

/** @returns null when it is not what was written. */
function readBatch({ body, count, isWhole }: StoredBatch): readonly Sample[] | null {
  if (!isWhole) return null;
  const samples = decodeSamples(body);
  return samples.length === count ? samples : null;
}
