/** What `/metrics` says, for Prometheus. Counters belong to those who count; they are read when asked for. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { SortingCounts } from '../ports/sorting-status.ts';
import type { EdgeHealth } from './health.ts';

export interface DeviceFigures {
  readonly readings: ReadonlyMap<string, number>;
  readonly incidents: ReadonlyMap<string, number>;
}

export interface UplinkFigures {
  readonly messages: number;
  readonly metrics: number;
  readonly resent: number;
  readonly dropped: number;
  readonly reconnects: number;
  readonly failedConnects: number;
  readonly rebirths: number;
  readonly rebirthRequests: number;
  readonly ignoredWrites: number;
  readonly refusedCommands: number;
  readonly invalidMessages: number;
}

export interface EdgeFigures {
  readonly health: EdgeHealth;
  readonly devices: ReadonlyMap<string, DeviceFigures>;
  readonly uplink: UplinkFigures | null;
  readonly refusedReadings: number;
  readonly totalsWentBack: number;
  /** What will never be in the ledger. */
  readonly recordsLost: number;
  /** Events committed since the start. */
  readonly recordsStored: number;
  /** When the edge's own OPC UA certificate ends, UTC ms; null when there is none. */
  readonly certificateExpiryMs: number | null;
}

const UPLINK_HELP: Readonly<Record<keyof UplinkFigures, string>> = {
  messages: 'Messages published',
  metrics: 'Metrics published, births included',
  resent: 'Samples sent again as historical after a session was lost',
  dropped: 'Samples that will never be sent',
  reconnects: 'Sessions after the first one',
  failedConnects: 'Attempts to connect that failed',
  rebirths: 'Births given again because a host asked',
  rebirthRequests: 'Requests of hosts for a birth; several soon after one another get one birth',
  ignoredWrites: 'Metrics that somebody wrote and that were not taken',
  refusedCommands: 'Commands not read: kept by the broker, or too large',
  invalidMessages: 'Messages received that were not what their topic says',
};

const SORTING_HELP: Readonly<Record<keyof SortingCounts, string>> = {
  sorted: 'Pieces judged by their spectra',
  toFallback: 'Pieces sent to hand sorting, or there for want of a programme',
  late: 'Verdicts that the sorter did not answer in time',
  unwritten: 'Verdicts that the sorter refused, or that could not be given',
  missed: 'Spectra that could not be had',
  failed: 'Spectra that could not be judged for a fault of the program',
};

/** Upper bounds of the cycle times that are told apart, s. */
const CYCLE_BUCKETS_S = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5];

const CERTIFICATE_EXPIRY = 'trame_edge_opcua_certificate_expiry_seconds';

export class EdgeMetrics {
  readonly #registry = new Registry();
  readonly #cycles: Histogram;

  constructor(figures: () => Promise<EdgeFigures>) {
    collectDefaultMetrics({ register: this.#registry });
    this.#cycles = new Histogram({
      name: 'trame_edge_cycle_seconds',
      help: 'How long a cycle of the process image took, publishing included',
      buckets: CYCLE_BUCKETS_S,
      registers: [this.#registry],
    });
    const write = this.#writers();
    // One gauge asks for the figures once for each scrape and fills every other metric from them.
    const scrapes = new Gauge({
      name: 'trame_edge_info',
      help: 'The line that this edge serves',
      labelNames: ['site', 'line', 'version'],
      registers: [this.#registry],
      collect: async () => {
        const now = await figures();
        const { site, line, version } = now.health;
        scrapes.set({ site, line, version }, 1);
        for (const writer of write) writer(now);
      },
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  observeCycle(durationMs: number): void {
    this.#cycles.observe(durationMs / 1000);
  }

  async text(): Promise<string> {
    // The figures are collected first: a registry reads its metrics in no promised order.
    await this.#registry.getSingleMetricAsString('trame_edge_info');
    return this.#registry.metrics();
  }

  #writers(): readonly ((figures: EdgeFigures) => void)[] {
    const online = this.#gauge('device_online', 'Whether the device answers', ['device']);
    const age = this.#gauge('device_data_age_seconds', 'Time since the last value that was not bad', [
      'device',
    ]);
    const tags = this.#gauge('device_tags', 'Tags by quality', ['device', 'quality']);
    const readings = this.#counter('device_readings', 'Readings by quality', ['device', 'quality']);
    const incidents = this.#counter('device_incidents', 'What went wrong, by kind', ['device', 'kind']);
    const refused = this.#counter('readings_refused', 'Readings refused because cycles could not keep up');
    const wentBack = this.#counter('totals_went_back', 'Totals of devices that went back');
    const keeps = this.#gauge('keeps_counts', 'Whether counts can be kept on disk');
    const up = this.#gauge('uplink_up', 'Whether data is published to the broker');
    const owed = this.#gauge('uplink_owed_samples', 'Samples that wait to be sent again as historical');
    return [
      ({ health }) => {
        age.reset();
        for (const { id, state, dataAgeMs, tags: byQuality } of health.devices) {
          online.set({ device: id }, state === 'online' ? 1 : 0);
          if (dataAgeMs !== null) age.set({ device: id }, dataAgeMs / 1000);
          for (const [quality, count] of Object.entries(byQuality)) tags.set({ device: id, quality }, count);
        }
        keeps.set(health.keepsCounts ? 1 : 0);
        up.set(health.uplink?.state === 'born' ? 1 : 0);
        owed.set(health.uplink?.owed ?? 0);
      },
      ({ devices, refusedReadings, totalsWentBack, certificateExpiryMs }) => {
        readings.reset();
        incidents.reset();
        for (const [device, figures] of devices) {
          for (const [quality, count] of figures.readings) readings.inc({ device, quality }, count);
          for (const [kind, count] of figures.incidents) incidents.inc({ device, kind }, count);
        }
        setTotal(refused, refusedReadings);
        setTotal(wentBack, totalsWentBack);
        this.#tellCertificateExpiry(certificateExpiryMs);
      },
      this.#uplinkWriter(),
      this.#ledgerWriter(),
      this.#roomWriter(),
      this.#sortingWriter(),
    ];
  }

  /** A gauge without a label starts at 0, which an alert would take for a certificate that has ended. */
  #tellCertificateExpiry(expiryMs: number | null): void {
    this.#registry.removeSingleMetric(CERTIFICATE_EXPIRY);
    if (expiryMs === null) return;
    const help = 'When the OPC UA certificate ends, Unix time';
    new Gauge({ name: CERTIFICATE_EXPIRY, help, registers: [this.#registry] }).set(expiryMs / 1000);
  }

  #uplinkWriter(): (figures: EdgeFigures) => void {
    const counters = Object.entries(UPLINK_HELP).map(
      ([key, help]) => [key as keyof UplinkFigures, this.#counter(`uplink_${snake(key)}`, help)] as const,
    );
    return ({ uplink }) => {
      if (uplink === null) return;
      for (const [key, counter] of counters) setTotal(counter, uplink[key]);
    };
  }

  #ledgerWriter(): (figures: EdgeFigures) => void {
    const up = this.#gauge('ledger_up', 'Whether events are stored on disk');
    const head = this.#gauge('ledger_head', 'Number of the last event of the present epoch');
    const unstored = this.#gauge('ledger_unstored', 'Events that wait in memory for the disk');
    const waiting = this.#gauge('ledger_consumer_waiting', 'Events that a consumer has not acknowledged', [
      'consumer',
    ]);
    const following = this.#gauge('ledger_consumer_following', 'Whether a consumer follows', ['consumer']);
    const stored = this.#counter('ledger_stored', 'Events stored on disk');
    const lost = this.#counter(
      'ledger_lost',
      'Events that never will be stored: too much waited for the disk',
    );
    return ({ health: { ledger }, recordsLost, recordsStored }) => {
      up.set(ledger.state === 'ok' ? 1 : 0);
      head.set(ledger.head);
      unstored.set(ledger.unstored);
      for (const { consumer, waiting: events, state } of ledger.consumers) {
        waiting.set({ consumer }, events);
        following.set({ consumer }, state === 'following' ? 1 : 0);
      }
      setTotal(stored, recordsStored);
      setTotal(lost, recordsLost);
    };
  }

  #roomWriter(): (figures: EdgeFigures) => void {
    const up = this.#gauge('spool_up', 'Whether telemetry that cannot be sent is stored on disk');
    const samples = this.#gauge('spool_samples', 'Samples that wait to be sent');
    const bytes = this.#gauge('spool_bytes', 'Size of the spool');
    const dropped = this.#counter('spool_dropped', 'Samples given up, each told as a gap');
    const free = this.#gauge('disk_free_bytes', 'Room on the disk of the data directory');
    const offset = this.#gauge(
      'clock_offset_seconds',
      "Server's clock minus edge's; 0 until it was compared",
    );
    const checked = this.#gauge('clock_checked', "Whether the clock was compared with the server's lately");
    return ({ health: { spool, disk, clock } }) => {
      up.set(spool === null || spool.state === 'ok' ? 1 : 0);
      samples.set(spool?.samples ?? 0);
      bytes.set(spool?.bytes ?? 0);
      setTotal(dropped, spool?.dropped ?? 0);
      free.set(disk.freeBytes ?? NaN);
      offset.set((clock.offsetMs ?? 0) / 1000);
      checked.set(clock.state === 'checked' ? 1 : 0);
    };
  }

  #sortingWriter(): (figures: EdgeFigures) => void {
    const counters = Object.entries(SORTING_HELP).map(
      ([key, help]) => [key as keyof SortingCounts, this.#counter(`sorting_${snake(key)}`, help)] as const,
    );
    // With a label there is nothing to see, and no alert, on a line that does not sort so.
    const up = this.#gauge(
      'sorting_up',
      'Whether the model and the programme that pieces are sorted by can be used',
      ['part'],
    );
    const dropped = this.#counter(
      'sorting_items_dropped',
      'Pieces that were not kept: the disk was too slow',
    );
    return ({ health: { sorting = null } }) => {
      if (sorting === null) return;
      for (const [key, counter] of counters) setTotal(counter, sorting[key]);
      up.set({ part: 'model' }, sorting.model === null ? 0 : 1);
      up.set({ part: 'programme' }, sorting.programme === null ? 0 : 1);
      setTotal(dropped, sorting.items.dropped);
    };
  }

  #gauge(name: string, help: string, labelNames: readonly string[] = []): Gauge {
    return new Gauge({
      name: `trame_edge_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
    });
  }

  #counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    return new Counter({
      name: `trame_edge_${name}_total`,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
    });
  }
}

/** A counter that is kept elsewhere, e.g. since before this registry was made. */
function setTotal(counter: Counter, total: number): void {
  counter.reset();
  counter.inc(total);
}

function snake(key: string): string {
  return key.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
}
