/**
 * Composes where pieces are sorted by their spectra: the model, the programme, the store of pieces and the sums for the ledger.
 * A model or a programme that cannot be used stops nothing: the pieces go to hand sorting, and why is said.
 */
import { join } from 'node:path';
import type { AlarmSource } from '@trame/protocol/alarms/alarm-names';
import type { Heartbeat } from '@trame/protocol/heartbeat';
import type { SortingHealth } from '@trame/protocol/heartbeat-sorting';
import { AUTOMATIC_LINE_PROGRAMME } from '@trame/protocol/sort-programmes/examples/automatic-line';
import { EVERY_OUTLET_PROGRAMME } from '@trame/protocol/sort-programmes/examples/every-outlet';
import type { LineConfig, OpcuaRing } from './domain/line-config.ts';
import type { OpenedModel } from './domain/nir/open-model.ts';
import { PROGRAMME_MARK } from './domain/programme-mark.ts';
import type { NamedPart, SortingConfig } from './domain/sorting-config.ts';
import { compareItemPlaces, itemKey, type ItemPlace } from './domain/sorting/item.ts';
import type { SortingWatch } from './domain/sorting/sorting-watch.ts';
import { decodeToldItems, encodeToldItems, itemsMarkName } from './domain/sorting/batch-mark.ts';
import { SqliteItemStore } from './items/sqlite-item-store.ts';
import { sha256 } from './nir/sha256.ts';
import { readModelFile, SHIPPED_FOLDER } from './nir/shipped-models.ts';
import type { Clock } from './ports/clock.ts';
import type { ItemStore } from './ports/item-store.ts';
import { ledgerRecord } from './ports/ledger.ts';
import type { Log } from './ports/log.ts';
import type { ReadCommand } from './ports/read-command.ts';
import type { Recording } from './ports/recording.ts';
import type { SortingStatus } from './ports/sorting-status.ts';
import { slept } from './ports/slept.ts';
import type { SpectrumSink } from './ports/spectrum-source.ts';
import type { VerdictWriter } from './ports/verdict-writer.ts';
import { DriftDesk } from './sorting/drift-desk.ts';
import { itemExplain } from './sorting/item-explain.ts';
import { itemList } from './sorting/item-list.ts';
import { MinuteSums } from './sorting/minute-sums.ts';
import { OVERRIDE_MARK, OverrideKeeper } from './sorting/override-keeper.ts';
import { programmeDryRun } from './sorting/programme-dry-run.ts';
import { ProgrammeKeeper } from './sorting/programme-keeper.ts';
import { begunName, SortingDesk } from './sorting/sorting-desk.ts';

export interface EdgeSortingOptions {
  readonly config: Pick<LineConfig, 'line' | 'sorting' | 'ledger' | 'devices'>;
  readonly dataDir: string;
  /** `mark`: what it holds under a name, before anything is recorded. */
  readonly ledger: { readonly recording: Recording; mark(name: string): string | null };
  /** Of the disk, bytes; null: nobody can tell. */
  readonly freeBytes: () => number | null;
  readonly clock: Clock;
  readonly log: Log;
}

const RECORD_EVERY_MS = 1000;
const HEARTBEAT_WORDS_MAX = 500;

export class EdgeSorting {
  readonly config: SortingConfig;
  readonly programmes: ProgrammeKeeper;
  readonly overrides: OverrideKeeper;
  readonly model: OpenedModel;
  readonly spectra: SpectrumSink;
  readonly #options: EdgeSortingOptions;
  readonly #store: SqliteItemStore;
  readonly #sums: MinuteSums;
  readonly #drift: DriftDesk;
  readonly #desk: SortingDesk;
  readonly #ending = new AbortController();
  /** The last piece that was kept before this start; null: none was. Undefined: nobody can say. */
  readonly #keptBefore: ItemPlace | null | undefined;
  #verdicts: VerdictWriter | null = null;

  constructor(options: EdgeSortingOptions, config: SortingConfig) {
    const { dataDir, ledger, clock, log, freeBytes } = options;
    const { recording } = ledger;
    this.#options = options;
    this.config = config;
    this.model = openSortingModel(config.model, log);
    this.programmes = new ProgrammeKeeper({
      dataDir,
      outlets: Object.keys(config.outlets),
      configured: config.programme,
      shipped: [AUTOMATIC_LINE_PROGRAMME, EVERY_OUTLET_PROGRAMME],
      recordedHash: ledger.mark(PROGRAMME_MARK),
      log,
    });
    this.#store = new SqliteItemStore({
      dataDir,
      bounds: { items: config.keep.pieces, spectra: config.keep.spectra },
      clock,
      log,
      freeBytes,
      reserveBytes: options.config.ledger.reserveBytes,
    });
    this.overrides = new OverrideKeeper({
      items: this.#store,
      line: options.config.line,
      outlets: Object.keys(config.outlets),
      told: ledger.mark(OVERRIDE_MARK),
      clock,
      log,
    });
    const before = this.#store.lastPlace(config.nir);
    this.#keptBefore = before.kind === 'found' ? before.found : undefined;
    this.#sums = new MinuteSums({ device: config.nir, items: this.#store, recording, sha256, clock, log });
    this.#drift = new DriftDesk({ device: config.nir, items: this.#store, clock, log });
    this.#desk = new SortingDesk({
      config,
      ring: ringOf(options.config.devices, config.nir),
      model: this.model.kind === 'open' ? this.model.model : null,
      programme: () => this.programmes.active,
      items: this.#store,
      sums: this.#sums,
      drift: this.#drift,
      lastPlace: lastPlaceOf(config.nir, this.#store, ledger),
      verdicts: { give: async (...given) => await this.#writer().give(...given) },
      signal: this.#ending.signal,
      clock,
      log,
    });
    this.spectra = this.#desk;
  }

  /** What may be asked about pieces. */
  get questions(): readonly ReadCommand[] {
    const items = this.#store;
    const model = this.model.kind === 'open' ? this.model.model : null;
    return [
      itemList(items),
      itemExplain({ items, model, programme: () => this.programmes.active }),
      programmeDryRun({ items, sorting: this.config, clock: this.#options.clock }),
    ];
  }

  get status(): SortingStatus {
    const { model, programmes } = this;
    return {
      model: model.kind === 'open' ? model.model.ref : null,
      modelFault: model.kind === 'open' ? null : model.reason,
      programme: programmes.ref,
      programmeFault: programmes.fault,
      ...this.#desk.counts,
      items: this.#store.health,
      watch: this.watch,
    };
  }

  /** As the heartbeat says it. */
  get said(): SortingHealth {
    const { model, modelFault, programme, programmeFault, items, ...counts } = this.status;
    const { sorted, toFallback, late, unwritten, missed } = counts;
    return {
      model,
      modelFault: inHeartbeat(modelFault),
      programme,
      programmeFault: inHeartbeat(programmeFault),
      fallback: this.config.fallback,
      sorted,
      toFallback,
      late,
      unwritten,
      missed,
      items: { state: items.state, reason: inHeartbeat(items.reason), dropped: items.dropped },
    };
  }

  /** As alarms ask it. */
  get watch(): SortingWatch {
    return this.#drift.watch;
  }

  /**
   * A ledger that begins anew does not tell again what was sorted before this start of the edge: the one before it did. What was
   * sorted since, while there was no ledger to tell it, is told.
   */
  baselineMarks(mark: (name: string) => string | null): Readonly<Record<string, string>> {
    const name = itemsMarkName(this.config.nir);
    if (mark(name) !== null || this.#keptBefore === undefined) return {};
    return { [name]: encodeToldItems({ all: this.#keptBefore, outlets: new Map() }) };
  }

  acceptUsual(source: AlarmSource): void {
    this.#drift.acceptUsual(source);
  }

  /** To be called once, before the devices are read. */
  attach(verdicts: VerdictWriter): void {
    this.#verdicts = verdicts;
  }

  /** Until the signal aborts; then no piece is sorted any more, and what was sorted is handed to the ledger and the disk. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#ending.abort();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await Promise.all([
        this.#store.run(signal),
        this.#sums.run(signal),
        this.overrides.run(signal),
        this.#drift.run(signal),
        this.#recordProgramme(signal),
      ]);
    } finally {
      signal.removeEventListener('abort', stop);
      this.#store.close();
    }
  }

  /** Of an edge that does not come to run. */
  close(): void {
    this.#store.close();
  }

  #writer(): VerdictWriter {
    if (this.#verdicts === null) throw new Error('pieces are sorted before the sorter can be told');
    return this.#verdicts;
  }

  /** The ledger says which programme the line follows: at the first start, and when another was configured. */
  async #recordProgramme(signal: AbortSignal): Promise<void> {
    const { ledger, clock } = this.#options;
    const { recording } = ledger;
    while (await slept(clock, RECORD_EVERY_MS, signal)) {
      const { ref } = this.programmes;
      if (!recording.isOpen) continue;
      if (ref !== null && recording.mark(PROGRAMME_MARK) !== ref.hash) {
        const payload = { programme: ref.id, version: ref.version, hash: ref.hash };
        const marks = { [PROGRAMME_MARK]: ref.hash };
        recording.push([ledgerRecord('programme.active', clock.nowMs(), payload, { marks })]);
      }
      return;
    }
  }
}

/** @returns null: pieces are not sorted by their spectra here. */
export function createSorting(options: EdgeSortingOptions): EdgeSorting | null {
  const { sorting } = options.config;
  return sorting === null ? null : new EdgeSorting(options, sorting);
}

/** What the heartbeat says of sorting; nothing where pieces are not sorted by their spectra. */
export function heartbeatOf(sorting: EdgeSorting | null): Pick<Heartbeat, 'sorting'> {
  return sorting === null ? {} : { sorting: sorting.said };
}

/** What the heartbeat has room for. */
function inHeartbeat(words: string | null): string | null {
  return words?.slice(0, HEARTBEAT_WORDS_MAX).toWellFormed() ?? null;
}

function ringOf(devices: LineConfig['devices'], id: string): OpcuaRing {
  const station = devices.find((device) => device.id === id);
  const ring = station?.driver === 'opcua' ? station.ring : undefined;
  if (ring === undefined) throw new Error(`the device ${id} was checked and has no ring`);
  return ring;
}

function openSortingModel(part: NamedPart, log: Log): OpenedModel {
  const path = part.kind === 'file' ? part.path : join(SHIPPED_FOLDER, `${part.id}.json`);
  const opened = readModelFile(path);
  if (opened.kind === 'refused') {
    log.error(
      { path, reason: opened.reason },
      'the model of fibres cannot be used: nothing is read of any piece',
    );
  }
  return opened;
}

/** What the ledger told goes on after what is kept, and the other way round: either may have been lost. */
function lastPlaceOf(
  device: string,
  items: ItemStore,
  ledger: EdgeSortingOptions['ledger'],
): ItemPlace | null {
  const kept = items.lastPlace(device);
  const told = decodeToldItems(ledger.mark(itemsMarkName(device))).all;
  const begun = itemKey(items.kept(begunName(device)) ?? '');
  const places = [kept.kind === 'found' ? kept.found : null, told, begun].filter((place) => place !== null);
  return places.toSorted(compareItemPlaces).at(-1) ?? null;
}
