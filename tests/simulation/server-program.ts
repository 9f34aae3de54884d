/** One run of a server: the real consumer on real records, and a history that writes once a second. */
import { LedgerConsumer } from '@trame/dashboard-server/ledger/ledger-consumer';
import type { LedgerStore } from '@trame/dashboard-server/ledger/ledger-store';
import { RecordsLedgerStore } from '@trame/dashboard-server/ledger/records-ledger-store';
import { openRecords, type Records } from '@trame/dashboard-server/records/open-records';
import { localDayIn } from '@trame/dashboard-server/tonnage/local-day';
import { CONSUMER, TELEMETRY_TOPIC } from './edge-program.ts';
import { refuseAfter, refuseBefore, type DiskVerdict } from './failing-disk.ts';
import type { Port } from './network.ts';
import type { ProcessClock } from './virtual-time.ts';
import { SILENT_LOG } from './world-log.ts';

const HISTORY_EVERY_MS = 1_000;

export interface ServerSurroundings {
  readonly folder: string;
  readonly clock: ProcessClock;
  readonly port: (peer: {
    up(): void;
    down(): void;
    message(topic: string, payload: Uint8Array): void;
  }) => Port;
  /** Values of the telemetry that are on the disk of the history. */
  readonly historyDisk: Set<number>;
  readonly disguise?: (store: LedgerStore) => LedgerStore;
  /** Asked at each message that is stored. */
  readonly disk: () => DiskVerdict;
  /** Told of every acknowledgement when it leaves. */
  readonly acked: (payload: string) => void;
}

export class ServerProgram {
  readonly #around: ServerSurroundings;
  readonly #end = new AbortController();
  readonly #records: Records;
  readonly #consumer: LedgerConsumer;
  #unwritten: number[] = [];

  private constructor(around: ServerSurroundings, records: Records) {
    this.#around = around;
    this.#records = records;
    const store = onDisk(new RecordsLedgerStore(records, localDayIn('Europe/Paris')), around.disk);
    const port = around.port({
      up: () => this.#consumer.linkUp(),
      down: () => undefined,
      message: (topic, payload) => this.#take(topic, payload),
    });
    this.#consumer = new LedgerConsumer({
      consumer: CONSUMER,
      store: around.disguise?.(store) ?? store,
      clock: around.clock,
      log: SILENT_LOG,
      publish: (topic, payload) => {
        if (!around.clock.isAlive) return;
        around.acked(payload);
        port.publish(topic, payload);
      },
    });
  }

  static async start(around: ServerSurroundings): Promise<ServerProgram> {
    const records = await openRecords({ dataDir: around.folder, records: { kind: 'embedded' } });
    const program = new ServerProgram(around, records);
    program.#owned(program.#consumer.run(program.#end.signal));
    program.#owned(program.#writeHistory());
    return program;
  }

  get records(): Records {
    return this.#records;
  }

  get consumer(): LedgerConsumer {
    return this.#consumer;
  }

  #take(topic: string, payload: Uint8Array): void {
    if (topic === TELEMETRY_TOPIC)
      this.#unwritten.push(...(JSON.parse(Buffer.from(payload).toString()) as number[]));
    else this.#consumer.message(topic, payload);
  }

  async #writeHistory(): Promise<void> {
    const { clock, historyDisk } = this.#around;
    while (!this.#end.signal.aborted) {
      await clock.sleep(HISTORY_EVERY_MS, this.#end.signal);
      for (const value of this.#unwritten) historyDisk.add(value);
      this.#unwritten = [];
    }
  }

  #owned(run: Promise<void>): void {
    run.catch((error: unknown) => {
      if (this.#around.clock.isAlive) throw error;
    });
  }
}

function onDisk(store: LedgerStore, disk: () => DiskVerdict): LedgerStore {
  return {
    cursors: () => store.cursors(),
    take: async (...message) => {
      const verdict = disk();
      refuseBefore(verdict);
      const result = await store.take(...message);
      refuseAfter(verdict);
      return result;
    },
  };
}
