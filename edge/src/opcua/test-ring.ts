/** A ring of spectra on a test server, and somebody who takes what is read of it. */
import { setTimeout as delay } from 'node:timers/promises';
import { DataType, StatusCodes, VariantArrayType, type StatusCode, type VariantOptions } from 'node-opcua';
import type { OpcuaRing } from '../domain/line-config.ts';
import type { MissedReads, SpectrumLife, SpectrumRead, SpectrumSink } from '../ports/spectrum-source.ts';

/** Where its nodes are. */
export interface VariableServer {
  add(name: string, dataType: DataType | string, initial: VariantOptions): unknown;
  set(name: string, value: VariantOptions, status?: StatusCode): void;
}

export interface TestRing {
  /** Lays a result in its place. */
  lay(seq: number, changes?: Partial<LaidResult>): void;
  /** Tells the number of the last result. */
  tell(seq: number | null, status?: StatusCode): void;
  /** The next result, laid and told. */
  produce(count?: number): void;
}

export interface LaidResult {
  /** The number that the place tells. */
  readonly own: number;
  readonly ownStatus: StatusCode;
  readonly spectrum: VariantOptions;
  readonly status: StatusCode;
}

const UINT32 = 2 ** 32;
const VALUES = 6;
const FIRST_AT_MS = 1_700_000_000_000;

/** What result `seq` is made of, so that a mixed-up one is seen. */
export function spectrumOf(seq: number): Float32Array {
  return Float32Array.from({ length: VALUES }, (_, index) => (seq % 100_000) + index / 8);
}

export function atMsOf(seq: number): number {
  return FIRST_AT_MS + (seq % 1_000_000);
}

/** @param seq results up to this one are there already. */
export function addRing(server: VariableServer, size: number, seq = 0): TestRing {
  for (let place = 0; place < size; place += 1) {
    server.add(`Result.${place}.Seq`, DataType.UInt32, uint32(0));
    server.add(`Result.${place}.At`, DataType.DateTime, { dataType: DataType.DateTime, value: new Date(0) });
    server.add(`Result.${place}.Spectrum`, 'BaseDataType', floats(new Float32Array()));
  }
  server.add('Station.Seq', DataType.UInt32, uint32(0));
  let last = seq;
  const ring: TestRing = {
    lay(number, changes = {}) {
      const { own = number, ownStatus = StatusCodes.Good, status = StatusCodes.Good } = changes;
      const { spectrum = floats(spectrumOf(number)) } = changes;
      const place = `Result.${number % size}`;
      const at = { dataType: DataType.DateTime, value: new Date(atMsOf(number)) };
      server.set(`${place}.Spectrum`, spectrum, status);
      server.set(`${place}.At`, at);
      server.set(`${place}.Seq`, uint32(own), ownStatus);
    },
    tell(number, status = StatusCodes.Good) {
      last = number ?? last;
      server.set('Station.Seq', number === null ? { dataType: DataType.Null } : uint32(number), status);
    },
    produce(count = 1) {
      for (let made = 0; made < count; made += 1) {
        const number = (last + 1) % UINT32;
        ring.lay(number);
        ring.tell(number);
      }
    },
  };
  for (let number = Math.max(1, seq - size + 1); number <= seq; number += 1) ring.lay(number);
  ring.tell(seq);
  return ring;
}

function uint32(value: number): VariantOptions {
  return { dataType: DataType.UInt32, value };
}

export function floats(value: Float32Array): VariantOptions {
  return { dataType: DataType.Float, arrayType: VariantArrayType.Array, value };
}

export function testRing(namespace: string, size: number, changes: Partial<OpcuaRing> = {}): OpcuaRing {
  const node = `nsu=${namespace};s=`;
  return {
    seq: `${node}Station.Seq`,
    size,
    result: {
      seq: `${node}Result.{place}.Seq`,
      at: `${node}Result.{place}.At`,
      spectrum: `${node}Result.{place}.Spectrum`,
    },
    everyMs: 50,
    wavelengths: { fromNm: 940, stepNm: 4, count: VALUES },
    quantity: 'absorbance',
    ...changes,
  };
}

export type SpectrumNews =
  | { readonly kind: 'begun'; readonly seq: number; readonly why: SpectrumLife }
  | { readonly kind: 'read'; readonly read: SpectrumRead }
  | ({ readonly kind: 'missed' } & MissedReads);

/** Writes down what it is told; busy with each batch as long as a test says. */
export class TestSpectra implements SpectrumSink {
  readonly news: SpectrumNews[] = [];
  /** Most batches that were given before the ones before them were done: 1 is as promised. */
  mostAtOnce = 0;
  largestBatch = 0;
  busy: () => Promise<void> = () => Promise.resolve();
  #open = 0;

  begun(_device: string, life: { readonly seq: number; readonly why: SpectrumLife }): void {
    this.news.push({ kind: 'begun', ...life });
  }

  async spectra(_device: string, reads: readonly SpectrumRead[]): Promise<void> {
    this.#open += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#open);
    this.largestBatch = Math.max(this.largestBatch, reads.length);
    for (const read of reads) this.news.push({ kind: 'read', read });
    try {
      await this.busy();
    } finally {
      this.#open -= 1;
    }
  }

  missed(_device: string, reads: MissedReads): void {
    this.news.push({ kind: 'missed', ...reads });
  }

  get reads(): SpectrumRead[] {
    return this.news.flatMap((one) => (one.kind === 'read' ? [one.read] : []));
  }

  get seqs(): number[] {
    return this.reads.map(({ seq }) => seq);
  }

  get misses(): MissedReads[] {
    return this.news.flatMap((one) =>
      one.kind === 'missed' ? [{ fromSeq: one.fromSeq, count: one.count, why: one.why }] : [],
    );
  }

  get lives(): { seq: number; why: SpectrumLife }[] {
    return this.news.flatMap((one) => (one.kind === 'begun' ? [{ seq: one.seq, why: one.why }] : []));
  }

  async until(what: string, isSo: () => boolean, limitMs = 10_000): Promise<void> {
    const end = performance.now() + limitMs;
    while (!isSo()) {
      if (performance.now() > end) {
        throw new Error(`${what}: not within ${limitMs} ms; last: ${JSON.stringify(this.news.slice(-5))}`);
      }
      await delay(10);
    }
  }
}
